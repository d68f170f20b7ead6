-- Sections that listings name. Whether they are known follows the reference rows of the load with the latest as_of.
update dim_section
set is_known = staged_section.is_known
from staged_section
where
    dim_section.section_key = staged_section.section_key
    and dim_section.is_known <> staged_section.is_known
    and $next_load_at::timestamp is null;

insert into dim_section by name
select * from staged_section
where section_key not in (select section_key from dim_section);
