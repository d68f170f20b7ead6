-- Which events were announced before they took place, and how long before?
select
    event_date,
    event_place,
    release_code,
    publisher_slug,
    title,
    -days_event_to_listed as days_ahead
from mart_release
where event_date > first_listed_date
order by event_date, release_code;
