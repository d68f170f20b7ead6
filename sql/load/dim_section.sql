-- Sections that the staged listings name; whether they are known follows the reference rows.
merge into dim_section using staged_section on dim_section.section_key = staged_section.section_key
when matched and dim_section.is_known is distinct from staged_section.is_known
    then update set is_known = staged_section.is_known
when not matched
    then insert (section_key, name, is_known)
        values (staged_section.section_key, staged_section.name, staged_section.is_known);
