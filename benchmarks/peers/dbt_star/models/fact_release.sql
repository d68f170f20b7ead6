-- One row per release: its first listing says when and by whom, its newest text whether there is a body.
{{ config(unique_key='release_key', incremental_strategy='merge') }}

select
    md5(release_code) as release_key,
    release_code,
    arg_min(url, listed) as url,
    md5(arg_min(slug, listed)) as publisher_key,
    min(cast(strftime(listed, '%Y%m%d') as integer)) as first_listed_date_key,
    bool_or(body is not null) as has_body,
    max(word_count) as word_count,
    count(*) as listing_count
from {{ source('staging', 'listing') }}
group by release_code
