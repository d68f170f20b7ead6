-- Appearances of releases in digests.
-- Grain: one row per item of a source file.
create table if not exists fact_listing (
    listing_key bigint not null, -- Key: the first 63 bits of the MD5 of "listing", source_file_key and byte_start.
    source_file_key bigint not null, -- The digest: source_file.
    release_key bigint not null, -- The release: fact_release.
    content_key bigint not null, -- The title and body it appeared with: text_content.
    publisher_key bigint not null, -- The publisher whose slug the URL has: dim_publisher.
    section_key bigint not null, -- The section it was listed in: dim_section.
    listed_date_key integer not null, -- The day the digest lists it under: dim_date. Not the day gov.kz published it.
    is_day_plausible boolean not null, -- False where that day cannot be: over 31 days after the digest was loaded, or of a release on gov.kz before 2019, when it began. Then it dates nothing.
    position bigint not null, -- Its place among the digest's listings, counted from 1.
    title varchar not null using compression zstd, -- Title as received.
    url varchar not null using compression zstd, -- URL as received.
    url_language varchar, -- The language the URL claims (lang=…), which says nothing about the text's; NULL when it claims none.
    byte_start bigint not null, -- Where the item begins in the digest, in bytes from 0.
    byte_end bigint not null, -- Where its source line ends, exclusive.
    dated_lines_in_body integer not null -- Lines of the body that end in a date as titles do, and were taken for body.
);
