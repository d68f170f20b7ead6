-- Releases of gov.kz of which no current text has a body: the page that has it may be fetched.
-- Grain: one row per such release.
create or replace view mart_missing_bodies as
select
    release_key,
    release_code,
    title,
    url, -- URL of its latest listing: where the body may be read.
    publisher_slug,
    publisher,
    release_date,
    first_listed_date,
    first_seen_at,
    listing_count
from mart_release
where not has_body and is_on_portal;
