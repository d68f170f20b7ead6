-- One row per publisher slug ever seen.
{{ config(unique_key='slug', incremental_strategy='append') }}

select
    md5(slug) as publisher_key,
    slug
from {{ source('staging', 'listing') }}
{% if is_incremental() %}
where slug not in (select known.slug from {{ this }} as known)
{% endif %}
group by slug
