-- Which events were announced before they took place, and how long before?
select
    event_date,
    event_place,
    release_code,
    publisher_slug,
    title,
    event_date - release_date as days_ahead
from mart_release
where event_date > release_date
order by event_date, release_code;
