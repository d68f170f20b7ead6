-- The nearest days with releases before and after a day, and the first of all; NULL where there is none. One row.
select
    max(release_date) filter (where release_date < $day) as before,
    min(release_date) filter (where release_date > $day) as after,
    min(release_date) as first
from mart_release_day;
