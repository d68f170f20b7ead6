-- One row per version of a text: merged on the key, which holds the hash of the content; history comes from a window.
{{ config(unique_key='text_key', incremental_strategy='append') }}

select
    text_key,
    md5(release_code) as release_key,
    md5(language) as language_key,
    title,
    body,
    content_sha256,
    title_language,
    body_language,
    body_clean,
    lookalike_words,
    event_place,
    event_date,
    cast('{{ var("as_of") }}' as timestamp) as valid_from
from {{ source('staging', 'listing') }} as listing
{% if is_incremental() %}
where not exists (from {{ this }} as known where known.text_key = listing.text_key)
{% endif %}
qualify row_number() over (partition by text_key order by listed) = 1
