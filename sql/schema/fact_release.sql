-- Releases, accumulated over all their listings.
-- Grain: one row per release of gov.kz, identified by its id (or the text slug of old links) whatever publisher serves it.
create table if not exists fact_release (
    release_key bigint not null, -- Key: the gov.kz id, or the first 63 bits of the MD5 of "release" and the code where that is no id, the highest of them set.
    release_code varchar not null, -- The gov.kz id as text, or the text slug of old links; of the government's other sites host and path of the URL in one spelling (beyond 300 bytes the host, # and the SHA-256).
    portal_id bigint, -- The gov.kz id; NULL for text slugs and on other sites.
    url varchar not null using compression zstd, -- URL of its latest listing, as received; of several under one day the digests' keys decide; made from slug and code where no digest lists it.
    publisher_key bigint not null, -- The publisher that its latest listing names, or the one asked for it where no digest lists it: dim_publisher.
    content_key bigint not null, -- What it says now: of its current texts one with a body before one without, the digest's before the portal's, then the longest: text_content.
    first_listed_date_key integer, -- The first plausible day a digest lists it under: dim_date; NULL where there is none.
    last_listed_date_key integer, -- The last plausible day a digest lists it under: dim_date; NULL where there is none.
    event_date_key integer, -- The day of the event by the current text's dateline: dim_date; NULL where none is stated.
    published_at timestamp, -- When gov.kz published it (UTC; 00:00 of the day where it tells no time); NULL until its page has been read, or where no page gave a plausible day.
    first_seen_at timestamp not null, -- When the warehouse learnt of it (UTC): the earliest as_of of a load that brought a digest listing it, or moment a page of it was asked for.
    has_body boolean not null, -- True when a current text of it has a body.
    word_count integer, -- Words of the body of the text that content_key names; NULL without a body.
    listing_count bigint not null, -- How many listings it has.
    version_count bigint not null -- How many versions its texts have in all.
);
