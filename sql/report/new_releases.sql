-- Which releases did the load of $as_of bring that the warehouse did not have?
-- One row per release, the newest first, $shown of them.
select
    mart_release.url,
    mart_release.publisher,
    mart_release.release_code,
    mart_release.title,
    mart_release.has_body,
    count(*) over () as in_all
from mart_release
where mart_release.first_seen_at = $as_of
order by mart_release.release_date desc, mart_release.portal_id desc, mart_release.release_code asc
limit $shown;
