-- Sections that listings name. Whether they are known follows the reference rows of the load with the latest as_of.
update dim_section
set is_known = staged_section.is_known
from staged_section
where
    dim_section.section_key = staged_section.section_key
    and dim_section.is_known <> staged_section.is_known
    and not exists (
        select 1 from load_run
        where load_run.status = 'loaded' and load_run.as_of > $as_of
    );

insert into dim_section
select
    section_key,
    name,
    is_known
from staged_section
where section_key not in (select section_key from dim_section);
