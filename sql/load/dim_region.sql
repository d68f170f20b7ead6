-- Regions of the reference rows. A load with an earlier as_of than others adds those that were missing, and changes none.
delete from dim_region
where $next_load_at::timestamp is null and region_key in (select region_key from staged_region);

insert into dim_region by name
select * from staged_region
where region_key not in (select region_key from dim_region);
