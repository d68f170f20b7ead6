-- What are the newest releases?
-- param limit: INTEGER = 10
select
    first_listed_date,
    release_code,
    publisher_slug,
    title,
    has_body
from mart_release
order by first_listed_date desc, portal_id desc, release_code
limit $limit;
