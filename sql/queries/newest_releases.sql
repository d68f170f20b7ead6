-- What are the newest releases?
-- By the day they were first listed under, then by their id, which rises with the time of publication.
-- param limit: UINTEGER = 10
select
    first_listed_date,
    release_code,
    publisher_slug,
    language,
    title,
    has_body
from mart_release
order by first_listed_date desc, portal_id desc, release_code asc
limit $limit;
