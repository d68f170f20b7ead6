-- Regions of the reference rows, where what is known differs from what was in force.
-- A load with an earlier as_of than others slots in between: what was in force at the next load stays in force from then
-- on, and a row that only repeats the one before it goes. A second load at one as_of replaces what the first said.
create or replace temp table region_change as
with in_force as (
    select
        region_key,
        row(kato, name_en, name_ru, name_kk, kind) as known
    from dim_region_history
    where valid_from <= $as_of and $as_of < valid_to
)

select
    staged_region.region_key,
    staged_region.iso_code,
    staged_region.kato,
    staged_region.name_en,
    staged_region.name_ru,
    staged_region.name_kk,
    staged_region.kind
from staged_region
left join in_force on staged_region.region_key = in_force.region_key
where
    in_force.known is distinct from row(
        staged_region.kato,
        staged_region.name_en,
        staged_region.name_ru,
        staged_region.name_kk,
        staged_region.kind
    );

insert into region_version
with next_load as (
    select min(as_of) as as_of
    from load_run
    where status = 'loaded' and as_of > $as_of
)

select
    dim_region_history.region_key,
    dim_region_history.iso_code,
    dim_region_history.kato,
    dim_region_history.name_en,
    dim_region_history.name_ru,
    dim_region_history.name_kk,
    dim_region_history.kind,
    next_load.as_of as valid_from
from dim_region_history
inner join next_load on dim_region_history.valid_to > next_load.as_of and dim_region_history.valid_from <= $as_of
where dim_region_history.region_key in (select region_key from region_change);

delete from region_version
where valid_from = $as_of and region_key in (select region_key from region_change);

insert into region_version
select
    region_key,
    iso_code,
    kato,
    name_en,
    name_ru,
    name_kk,
    kind,
    $as_of as valid_from
from region_change;

with compared as (
    select
        region_key,
        valid_from,
        row(kato, name_en, name_ru, name_kk, kind) as known,
        lag(known) over (partition by region_key order by valid_from) as known_before
    from region_version
)

delete from region_version
where
    valid_from > $as_of
    and (region_key, valid_from) in (
        select (region_key, valid_from) from compared
        where known is not distinct from known_before
    );
