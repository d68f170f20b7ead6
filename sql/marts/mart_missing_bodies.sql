-- Releases of which no current text has a body.
-- Grain: one row per such release.
create or replace view mart_missing_bodies as
select
    release_key,
    release_code,
    title,
    url,
    publisher_slug,
    publisher,
    first_listed_date,
    first_seen_at,
    listing_count
from mart_release
where not has_body;
comment on view mart_missing_bodies is 'Releases of which no current text has a body. Grain: one row per such release.';
comment on column mart_missing_bodies.release_key is 'The release: fact_release.';
comment on column mart_missing_bodies.release_code is 'The gov.kz id as text, or the text slug of old links.';
comment on column mart_missing_bodies.title is 'Its title, clean.';
comment on column mart_missing_bodies.url is 'URL of its latest listing: where the body may be read.';
comment on column mart_missing_bodies.publisher_slug is 'Slug of the publisher.';
comment on column mart_missing_bodies.publisher is 'Name of the publisher in English, or its slug.';
comment on column mart_missing_bodies.first_listed_date is 'The first day a digest lists it under.';
comment on column mart_missing_bodies.first_seen_at is 'When the warehouse first learnt of it (as_of, UTC).';
comment on column mart_missing_bodies.listing_count is 'How many listings it has.';
