-- Which publishers had the most releases, and how much text came with them?
-- A release counts on the day it appeared (mart_release_day); both days are included.
-- param since: DATE = 1900-01-01
-- param until: DATE = 9999-12-31
select
    publisher_slug,
    publisher,
    publisher_kind,
    sum(releases)::bigint as releases,
    sum(releases_with_body)::bigint as with_body,
    sum(words)::bigint as words
from mart_publisher_activity
where date >= $since and date <= $until
group by publisher_slug, publisher, publisher_kind
order by releases desc, publisher_slug asc;
