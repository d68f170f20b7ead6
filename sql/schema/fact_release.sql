-- Releases, accumulated over all their listings.
-- Grain: one row per release of gov.kz, identified by its id (or the text slug of old links) whatever publisher serves it.
create table if not exists fact_release (
    release_key bigint not null,
    release_code varchar not null,
    portal_id bigint,
    url varchar not null using compression zstd,
    publisher_key bigint not null,
    content_key bigint not null,
    first_listed_date_key integer,
    last_listed_date_key integer,
    event_date_key integer,
    published_at timestamp,
    first_seen_at timestamp not null,
    has_body boolean not null,
    word_count integer,
    listing_count bigint not null,
    version_count bigint not null
);
comment on table fact_release is 'Releases, accumulated over all their listings. Grain: one row per release of gov.kz, whatever publisher serves it.';
comment on column fact_release.release_key is 'Key: the gov.kz id, or the first 63 bits of the MD5 of "release" and the text slug of old links.';
comment on column fact_release.release_code is 'The gov.kz id as text, or the text slug of old links.';
comment on column fact_release.portal_id is 'The gov.kz id; NULL for text slugs.';
comment on column fact_release.url is 'URL of its latest listing, as received; made from slug and code where no digest lists it.';
comment on column fact_release.publisher_key is 'The publisher that its latest listing names, or the one asked for it where no digest lists it: dim_publisher.';
comment on column fact_release.content_key is 'What it says now: of its current texts one with a body before one without, the digest''s before the portal''s, then the longest: text_content.';
comment on column fact_release.first_listed_date_key is 'The first day a digest lists it under: dim_date; NULL where none does.';
comment on column fact_release.last_listed_date_key is 'The last day a digest lists it under: dim_date; NULL where none does.';
comment on column fact_release.event_date_key is 'The day of the event by the current text''s dateline: dim_date; NULL where none is stated.';
comment on column fact_release.published_at is 'When gov.kz published it (UTC); NULL until its page has been read.';
comment on column fact_release.first_seen_at is 'When the warehouse learnt of it (UTC): the earliest as_of of a load that brought a digest listing it, or moment a page of it was asked for.';
comment on column fact_release.has_body is 'True when a current text of it has a body.';
comment on column fact_release.word_count is 'Words of the body of the text that content_key names; NULL without a body.';
comment on column fact_release.listing_count is 'How many listings it has.';
comment on column fact_release.version_count is 'How many versions its texts have in all.';
