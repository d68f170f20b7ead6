-- How many releases of each publisher were first listed, or published where none lists them, on each of $days days?
-- One row per publisher and day with a release; the last day is $last_day.
with dated as (
    select
        publisher_key,
        coalesce(strptime(first_listed_date_key::varchar, '%Y%m%d')::date, day_of(published_at)) as day
    from fact_release
)

select
    dim_publisher.slug,
    dim_publisher.name_en,
    dated.day,
    count(*) as releases
from dated
inner join dim_publisher on dated.publisher_key = dim_publisher.publisher_key
where dated.day > $last_day::date - $days::integer and dated.day <= $last_day::date
group by dim_publisher.slug, dim_publisher.name_en, dated.day
order by dated.day, dim_publisher.slug;
