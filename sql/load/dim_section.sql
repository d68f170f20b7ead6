-- Sections that listings name. Whether they are known follows the reference rows of the load with the latest as_of.
merge into dim_section using (
    select
        section_key,
        name,
        is_known,
        exists (select 1 from load_run where load_run.status = 'loaded' and load_run.as_of > $as_of) as is_late
    from staged_section
) as staged on dim_section.section_key = staged.section_key
when matched and not staged.is_late and dim_section.is_known is distinct from staged.is_known
    then update set is_known = staged.is_known
when not matched
    then insert (section_key, name, is_known)
        values (staged.section_key, staged.name, staged.is_known);
