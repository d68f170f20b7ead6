-- fail: Two own one key.
-- One row per table, column and key that stands for two releases, texts or publishers.
select
    'text_version' as in_table,
    'text_key' as in_column,
    text_version.text_key as key
from text_version
inner join text_content
    on text_version.content_key = text_content.content_key and text_version.release_key = text_content.release_key
where text_version.release_key in (select release_key from scope_release)
group by text_version.text_key
having
    min(text_version.release_key) < max(text_version.release_key)
    or min(text_version.language_key) < max(text_version.language_key)
    or min(text_content.origin) < max(text_content.origin)
union all
select
    'fact_listing' as in_table,
    'release_key' as in_column,
    fact_listing.release_key as key
from fact_listing
inner join fact_release on fact_listing.release_key = fact_release.release_key
where
    fact_listing.source_file_key in (select source_file_key from scope_file)
    and is_on_portal(fact_release.release_code)
    and ltrim(regexp_extract(lower(fact_listing.url), '/press/news/details/([\w%-]+)', 1), '0')
    <> ltrim(fact_release.release_code, '0')
union all
select
    'fact_fetch' as in_table,
    'release_key' as in_column,
    fact_fetch.release_key as key
from fact_fetch
inner join fact_release on fact_fetch.release_key = fact_release.release_key
where
    fact_fetch.release_key in (select release_key from scope_release)
    and fact_fetch.release_code <> fact_release.release_code
union all
select
    'publisher_version' as in_table,
    'publisher_key' as in_column,
    publisher_key as key
from publisher_version
group by publisher_key
having min(slug) < max(slug);
