-- What was known about regions over time.
-- Grain: one row per region and stretch of time in which the same was known.
create or replace view dim_region_history as
with compared as (
    select
        *,
        row(kato, name_en, name_ru, name_kk, kind) as known,
        lag(known) over (partition by region_key order by valid_from) as known_before
    from region_version
),

changed as (
    select
        *,
        lead(valid_from) over (partition by region_key order by valid_from) as next_valid_from
    from compared
    where known is distinct from known_before
)

select
    region_key,
    iso_code,
    kato,
    name_en,
    name_ru,
    name_kk,
    kind,
    valid_from,
    coalesce(next_valid_from, timestamp '9999-12-31') as valid_to,
    next_valid_from is null as is_current
from changed;
comment on view dim_region_history is 'What was known about regions over time. Grain: one row per region and stretch of time in which the same was known.';
comment on column dim_region_history.region_key is 'The region: dim_region.';
comment on column dim_region_history.iso_code is 'Code by ISO 3166-2, as since 2022.';
comment on column dim_region_history.kato is 'Code in KATO.';
comment on column dim_region_history.name_en is 'Name in English.';
comment on column dim_region_history.name_ru is 'Name in Russian.';
comment on column dim_region_history.name_kk is 'Name in Kazakh.';
comment on column dim_region_history.kind is 'region or city.';
comment on column dim_region_history.valid_from is 'Since when (UTC) this was known.';
comment on column dim_region_history.valid_to is 'Until when, exclusive; 9999-12-31 for what is known now.';
comment on column dim_region_history.is_current is 'True for what is known now.';
