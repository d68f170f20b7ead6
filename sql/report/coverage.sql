-- How many releases of each publisher appeared on each of $days days?
-- One row per publisher and day with a release; the last day is $last_day.
select
    dim_publisher.slug,
    dim_publisher.name_en,
    mart_release_day.release_date as day,
    count(*) as releases
from fact_release
inner join mart_release_day on fact_release.release_key = mart_release_day.release_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
where
    mart_release_day.release_date > $last_day::date - $days::integer
    and mart_release_day.release_date <= $last_day::date
group by dim_publisher.slug, dim_publisher.name_en, mart_release_day.release_date
order by mart_release_day.release_date, dim_publisher.slug;
