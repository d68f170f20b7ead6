-- How many days pass between an event and the listing of its release?
select
    publisher_slug,
    count(*) as releases,
    min(days_event_to_listed) as shortest,
    median(days_event_to_listed) as median,
    max(days_event_to_listed) as longest
from mart_release
where days_event_to_listed >= 0
group by publisher_slug
order by releases desc, publisher_slug;
