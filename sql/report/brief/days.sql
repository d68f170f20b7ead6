-- How many releases each day brought, up to the day of the brief. One row per day.
select
    brief_day.date,
    count(brief_release.release_key) as releases
from brief_day
left join brief_release on brief_day.date = brief_release.date
group by brief_day.date
order by brief_day.date;
