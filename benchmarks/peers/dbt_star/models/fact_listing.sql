-- One row per appearance in a digest.
{{ config(unique_key='listing_key', incremental_strategy='merge') }}

select
    listing_key,
    md5(release_code) as release_key,
    text_key,
    md5(section) as section_key,
    cast(strftime(listed, '%Y%m%d') as integer) as listed_date_key,
    source_file,
    position,
    title,
    url,
    url_language
from {{ source('staging', 'listing') }}
