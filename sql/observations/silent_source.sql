-- A source has delivered nothing for longer than it ever takes.
-- One row per source and time between two deliveries (value: hours); the latest is the time since the last one. Sources
-- are all digests together, and each section that was delivered more often than $at_least times.
with delivered as (
    select
        '(all digests)' as item,
        first_seen_at as delivered_at
    from source_file
    union
    select
        dim_section.name as item,
        source_file.first_seen_at as delivered_at
    from fact_listing
    inner join source_file on fact_listing.source_file_key = source_file.source_file_key
    inner join dim_section on fact_listing.section_key = dim_section.section_key
    where dim_section.name <> '(none)'
),

begun as (
    -- Before anything is delivered the silence counts from the first attempt.
    select
        '(all digests)' as item,
        min(as_of) as delivered_at
    from load_run
    where not exists (select 1 from source_file)
    having min(as_of) is not null
),

counted_from as (
    select
        item,
        delivered_at
    from delivered
    union all
    select
        item,
        delivered_at
    from begun
),

spaced as (
    select
        item,
        delivered_at,
        lag(delivered_at) over (partition by item order by delivered_at) as delivered_before,
        row_number() over (partition by item order by delivered_at desc) as from_last,
        count(*) over (partition by item) as deliveries
    from counted_from
    where delivered_at <= $as_of
),

silences as (
    select * from spaced
    where item = '(all digests)' or deliveries > $at_least
)

select
    item,
    delivered_at as measured_at,
    epoch(delivered_at - delivered_before) / 3600 as value,
    null::varchar as run_id,
    false as is_latest
from silences
where delivered_before is not null
union all
select
    item,
    delivered_at as measured_at,
    epoch($as_of::timestamp - delivered_at) / 3600 as value,
    null::varchar as run_id,
    true as is_latest
from silences
where from_last = 1
order by is_latest, measured_at, item;
