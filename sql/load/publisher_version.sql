-- Versions of the publishers that changed.
-- A load with an earlier as_of than others slots in between: what was in force at the next load stays in force from then
-- on, and a row that only repeats the one before it goes. A second load at one as_of replaces what the first said.
insert into publisher_version by name
select
    * exclude (valid_from, valid_to, is_current),
    $next_load_at::timestamp as valid_from
from dim_publisher_history
where
    valid_from <= $as_of
    and valid_to > $next_load_at::timestamp
    and publisher_key in (select publisher_key from publisher_change);

delete from publisher_version
where valid_from = $as_of and publisher_key in (select publisher_key from publisher_change);

insert into publisher_version by name
select
    *,
    $as_of as valid_from
from publisher_change;

delete from publisher_version
where
    valid_from > $as_of
    and (publisher_key, valid_from) not in (select (publisher_key, valid_from) from dim_publisher_history);
