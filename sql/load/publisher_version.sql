-- Publishers of the reference rows and of the staged listings, where what is known differs from what was in force.
-- A load with an earlier as_of than others slots in between: what was in force at the next load stays in force from then
-- on, and a row that only repeats the one before it goes. A second load at one as_of replaces what the first said.
create or replace temp table publisher_change as
with in_force as (
    select
        publisher_key,
        row(name_en, name_ru, name_kk, kind, region_key, is_known, note) as known
    from dim_publisher_history
    where valid_from <= $as_of and $as_of < valid_to
)

select
    staged_publisher.publisher_key,
    staged_publisher.slug,
    staged_publisher.name_en,
    staged_publisher.name_ru,
    staged_publisher.name_kk,
    staged_publisher.kind,
    staged_publisher.region_key,
    staged_publisher.is_known,
    staged_publisher.note
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

insert into publisher_version
with next_load as (
    select min(as_of) as as_of
    from load_run
    where status = 'loaded' and as_of > $as_of
)

select
    dim_publisher_history.publisher_key,
    dim_publisher_history.slug,
    dim_publisher_history.name_en,
    dim_publisher_history.name_ru,
    dim_publisher_history.name_kk,
    dim_publisher_history.kind,
    dim_publisher_history.region_key,
    dim_publisher_history.is_known,
    dim_publisher_history.note,
    next_load.as_of as valid_from
from dim_publisher_history
inner join next_load on dim_publisher_history.valid_to > next_load.as_of and dim_publisher_history.valid_from <= $as_of
where dim_publisher_history.publisher_key in (select publisher_key from publisher_change);

delete from publisher_version
where valid_from = $as_of and publisher_key in (select publisher_key from publisher_change);

insert into publisher_version
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
    $as_of as valid_from
from publisher_change;

with compared as (
    select
        publisher_key,
        valid_from,
        row(name_en, name_ru, name_kk, kind, region_key, is_known, note) as known,
        lag(known) over (partition by publisher_key order by valid_from) as known_before
    from publisher_version
)

delete from publisher_version
where
    valid_from > $as_of
    and (publisher_key, valid_from) in (
        select (publisher_key, valid_from) from compared
        where known is not distinct from known_before
    );
