-- Appearances of releases in digests.
-- Grain: one row per item of a source file.
create table if not exists fact_listing (
    listing_key bigint not null,
    source_file_key bigint not null,
    release_key bigint not null,
    content_key bigint not null,
    publisher_key bigint not null,
    section_key bigint not null,
    listed_date_key integer not null,
    position bigint not null,
    title varchar not null using compression zstd,
    url varchar not null using compression zstd,
    url_language varchar,
    byte_start bigint not null,
    byte_end bigint not null,
    dated_lines_in_body integer not null
);
comment on table fact_listing is 'Appearances of releases in digests. Grain: one row per item of a source file.';
comment on column fact_listing.listing_key is 'Key: source_file_key xor byte_start.';
comment on column fact_listing.source_file_key is 'The digest: source_file.';
comment on column fact_listing.release_key is 'The release: fact_release.';
comment on column fact_listing.content_key is 'The title and body it appeared with: text_content.';
comment on column fact_listing.publisher_key is 'The publisher whose slug the URL has: dim_publisher.';
comment on column fact_listing.section_key is 'The section it was listed in: dim_section.';
comment on column fact_listing.listed_date_key is 'The day the digest lists it under: dim_date. Not the day gov.kz published it.';
comment on column fact_listing.position is 'Its place among the digest''s listings, counted from 1.';
comment on column fact_listing.title is 'Title as received.';
comment on column fact_listing.url is 'URL as received.';
comment on column fact_listing.url_language is 'The language the URL claims (lang=…), which says nothing about the text''s; NULL when it claims none.';
comment on column fact_listing.byte_start is 'Where the item begins in the digest, in bytes from 0.';
comment on column fact_listing.byte_end is 'Where its source line ends, exclusive.';
comment on column fact_listing.dated_lines_in_body is 'Lines of the body that end in a date as titles do, and were taken for body.';
