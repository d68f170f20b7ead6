-- Days of ids by the reference rows.
delete from portal_id_date
where portal_id not in (select portal_id from staged_portal_id_date);

merge into portal_id_date using staged_portal_id_date on portal_id_date.portal_id = staged_portal_id_date.portal_id
when matched and portal_id_date.published_on <> staged_portal_id_date.published_on
    then update set published_on = staged_portal_id_date.published_on
when not matched
    then insert (portal_id, published_on)
        values (staged_portal_id_date.portal_id, staged_portal_id_date.published_on);
