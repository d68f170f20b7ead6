-- Regions of the reference rows, where what is known differs from what was in force.
with in_force as (
    select
        region_key,
        row(kato, name_en, name_ru, name_kk, kind) as known
    from dim_region_history
    where valid_from <= $as_of and $as_of < valid_to
)

insert into region_version
select
    staged_region.region_key,
    staged_region.iso_code,
    staged_region.kato,
    staged_region.name_en,
    staged_region.name_ru,
    staged_region.name_kk,
    staged_region.kind,
    $as_of as valid_from
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
