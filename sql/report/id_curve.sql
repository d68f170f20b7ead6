-- About how many ids did gov.kz give out on each of $days days, and was it a working day?
-- One row per day; the last is $last_day. Ids are interpolated between the known ones; beyond them 640 a day follow.
with days as (
    select unnest(generate_series($last_day::date - $days::integer + 1, $last_day::date, interval 1 day))::date as day
),

known as (
    select
        published_on,
        (lead(portal_id) over (order by published_on) - portal_id)
        / (lead(published_on) over (order by published_on) - published_on) as ids_a_day
    from portal_id_date
)

select
    days.day,
    round(coalesce(known.ids_a_day, 640))::integer as ids,
    isodow(days.day) > 5 or coalesce(dim_date.is_holiday, false) as is_day_off
from days
asof left join known on days.day >= known.published_on
left join dim_date on strftime(days.day, '%Y%m%d')::integer = dim_date.date_key
order by days.day;
