-- What are the newest releases?
-- By the day they appeared (mart_release_day), then by their id, which rises with the time of publication.
-- param limit: UINTEGER = 10
select
    release_date,
    dated_by,
    first_listed_date,
    release_code,
    publisher_slug,
    language,
    title,
    has_body
from mart_release
order by release_date desc, portal_id desc, release_code asc
limit $limit;
