-- Days of ids by the reference rows; a load with an earlier as_of than others has nothing to say about the present.
delete from portal_id_date
where $next_load_at::timestamp is null;

insert into portal_id_date by name
select * from staged_portal_id_date
where $next_load_at::timestamp is null;
