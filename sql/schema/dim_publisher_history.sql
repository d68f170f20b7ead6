-- What was known about publishers over time.
-- Grain: one row per publisher and stretch of time in which the same was known.
create or replace view dim_publisher_history as
with compared as (
    select
        *,
        row(name_en, name_ru, name_kk, kind, region_key, is_known, note) as known,
        lag(known) over (partition by publisher_key order by valid_from) as known_before
    from publisher_version
),

changed as (
    select
        *,
        lead(valid_from) over (partition by publisher_key order by valid_from) as next_valid_from
    from compared
    where known is distinct from known_before
)

select
    publisher_key,
    slug,
    name_en,
    name_ru,
    name_kk,
    kind,
    region_key,
    is_known,
    note,
    valid_from, -- Since when (UTC) this was known.
    coalesce(next_valid_from, timestamp '9999-12-31') as valid_to, -- Until when, exclusive; 9999-12-31 for what is known now.
    next_valid_from is null as is_current -- True for what is known now.
from changed;
