-- Publishers of the reference rows and of the staged listings, where what is known differs from what was in force.
with in_force as (
    select
        publisher_key,
        row(name_en, name_ru, name_kk, kind, region_key, is_known, note) as known
    from dim_publisher_history
    where valid_from <= $as_of and $as_of < valid_to
)

insert into publisher_version
select
    staged_publisher.publisher_key,
    staged_publisher.slug,
    staged_publisher.name_en,
    staged_publisher.name_ru,
    staged_publisher.name_kk,
    staged_publisher.kind,
    staged_publisher.region_key,
    staged_publisher.is_known,
    staged_publisher.note,
    $as_of as valid_from
from staged_publisher
left join in_force on staged_publisher.publisher_key = in_force.publisher_key
where
    in_force.known is distinct from row(
        staged_publisher.name_en,
        staged_publisher.name_ru,
        staged_publisher.name_kk,
        staged_publisher.kind,
        staged_publisher.region_key,
        staged_publisher.is_known,
        staged_publisher.note
    );
