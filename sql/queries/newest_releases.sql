-- What are the newest releases?
-- By the day they appeared (mart_release_day), then by their id, which rises with the time of publication.
-- param limit: UINTEGER = 10
with newest as (
    select release_key
    from fact_release
    order by
        release_day(first_listed_date_key, published_at, first_seen_at) desc,
        portal_id desc,
        release_code asc
    limit $limit
)

select
    mart_release.release_date,
    mart_release.dated_by,
    mart_release.first_listed_date,
    mart_release.release_code,
    mart_release.publisher_slug,
    mart_release.language,
    mart_release.title,
    mart_release.has_body
from newest
inner join mart_release on newest.release_key = mart_release.release_key
order by mart_release.release_date desc, mart_release.portal_id desc, mart_release.release_code asc;
