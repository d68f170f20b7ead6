-- How many days pass between an event, by its dateline, and the day its release is first listed?
-- Events announced ahead are left out (upcoming_events), and so is what no digest lists.
select
    publisher_slug,
    count(*) as releases,
    min(days_event_to_listed) as shortest,
    median(days_event_to_listed) as median,
    max(days_event_to_listed) as longest
from mart_release
where days_event_to_listed >= 0
group by publisher_slug
order by releases desc, publisher_slug asc;
