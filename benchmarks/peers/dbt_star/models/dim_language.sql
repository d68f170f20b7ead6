-- One row per language of a text.
{{ config(unique_key='code', incremental_strategy='append') }}

select
    md5(language) as language_key,
    language as code
from {{ source('staging', 'listing') }}
{% if is_incremental() %}
where language not in (select known.code from {{ this }} as known)
{% endif %}
group by language
