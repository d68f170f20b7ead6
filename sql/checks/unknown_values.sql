-- warn: A publisher or section is listed that no reference row knows.
-- One row per publisher or section that the scope lists.
-- row: {what} {name}
with listed as (
    select
        publisher_key,
        section_key
    from scoped_listing
    group by grouping sets ((publisher_key), (section_key))
)

select
    'publisher' as what,
    dim_publisher.slug as name,
    dim_publisher.kind as inferred_kind
from listed
inner join dim_publisher on listed.publisher_key = dim_publisher.publisher_key
where not dim_publisher.is_known
union all
select
    'section' as what,
    dim_section.name,
    null as inferred_kind
from listed
inner join dim_section on listed.section_key = dim_section.section_key
where not dim_section.is_known and dim_section.name <> '(none)'
order by what, name;
