-- One row per day on which anything was listed.
{{ config(unique_key='date_key', incremental_strategy='append') }}

select
    cast(strftime(listed, '%Y%m%d') as integer) as date_key,
    listed as day
from {{ source('staging', 'listing') }}
{% if is_incremental() %}
where listed not in (select known.day from {{ this }} as known)
{% endif %}
group by listed
