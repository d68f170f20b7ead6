-- Days of ids by the reference rows; a load with an earlier as_of than others has nothing to say about the present.
delete from portal_id_date
where
    portal_id not in (select portal_id from staged_portal_id_date)
    and not exists (select 1 from load_run where load_run.status = 'loaded' and load_run.as_of > $as_of);

merge into portal_id_date using (
    select
        portal_id,
        published_on
    from staged_portal_id_date
    where not exists (select 1 from load_run where load_run.status = 'loaded' and load_run.as_of > $as_of)
) as staged on portal_id_date.portal_id = staged.portal_id
when matched and portal_id_date.published_on <> staged.published_on
    then update set published_on = staged.published_on
when not matched
    then insert (portal_id, published_on)
        values (staged.portal_id, staged.published_on);
