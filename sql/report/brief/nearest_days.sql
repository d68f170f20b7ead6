-- The nearest days with releases before and after a day, and the first of all; NULL where there is none. One row.
with dated as (
    select distinct
        first_listed_date_key as listed,
        case when first_listed_date_key is null then coalesce(published_at, first_seen_at) end as moment
    from fact_release
),

days as (
    select
        coalesce(
            make_date(listed // 10000, listed // 100 % 100, listed % 100),
            day_of(moment)
        ) as day
    from dated
)

select
    max(day) filter (where day < $day) as before,
    min(day) filter (where day > $day) as after,
    min(day) as first
from days;
