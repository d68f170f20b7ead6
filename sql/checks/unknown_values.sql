-- warn: A publisher or section is listed that no reference row knows.
-- One row per publisher or section that the scope lists.
-- row: {what} {name}
select distinct
    'publisher' as what,
    dim_publisher.slug as name,
    dim_publisher.kind as inferred_kind
from fact_listing
inner join dim_publisher on fact_listing.publisher_key = dim_publisher.publisher_key
where fact_listing.source_file_key in (select source_file_key from scope_file) and not dim_publisher.is_known
union all
select distinct
    'section' as what,
    dim_section.name,
    null as inferred_kind
from fact_listing
inner join dim_section on fact_listing.section_key = dim_section.section_key
where
    fact_listing.source_file_key in (select source_file_key from scope_file)
    and not dim_section.is_known
    and dim_section.name <> '(none)'
order by what, name;
