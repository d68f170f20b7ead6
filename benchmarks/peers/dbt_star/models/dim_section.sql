-- One row per section name of a digest.
{{ config(unique_key='name', incremental_strategy='append') }}

select
    md5(section) as section_key,
    section as name
from {{ source('staging', 'listing') }}
{% if is_incremental() %}
where section not in (select known.name from {{ this }} as known)
{% endif %}
group by section
