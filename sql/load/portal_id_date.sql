-- Days of ids by the reference rows; a load with an earlier as_of than others has nothing to say about the present.
delete from portal_id_date
where
    not exists (
        select 1 from load_run
        where load_run.status = 'loaded' and load_run.as_of > $as_of
    );

insert into portal_id_date
select
    portal_id,
    published_on
from staged_portal_id_date
where
    not exists (
        select 1 from load_run
        where load_run.status = 'loaded' and load_run.as_of > $as_of
    );
