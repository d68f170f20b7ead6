-- fail: Two own one key.
-- One row per table, column and key that stands for two releases, texts or publishers.
with several as (
    select text_key from scoped_version
    group by text_key
    having count(*) > 1
)

select
    'text_version' as in_table,
    'text_key' as in_column,
    scoped_version.text_key as key
from several
inner join scoped_version on several.text_key = scoped_version.text_key
inner join text_content
    on scoped_version.content_key = text_content.content_key and scoped_version.release_key = text_content.release_key
group by scoped_version.text_key
having
    min(scoped_version.release_key) < max(scoped_version.release_key)
    or min(scoped_version.language_key) < max(scoped_version.language_key)
    or min(text_content.origin) < max(text_content.origin)
union all
select
    'fact_listing' as in_table,
    'release_key' as in_column,
    scoped_listing.release_key as key
from scoped_listing
inner join fact_release on scoped_listing.release_key = fact_release.release_key
where
    -- As nearly all URLs are; only the others are taken apart.
    not contains(scoped_listing.url || '?', '/press/news/details/' || fact_release.release_code || '?')
    and is_on_portal(fact_release.release_code)
    and ltrim(regexp_extract(lower(scoped_listing.url), '/press/news/details/([\w%-]+)', 1), '0')
    <> ltrim(fact_release.release_code, '0')
union all
select
    'fact_fetch' as in_table,
    'release_key' as in_column,
    scoped_fetch.release_key as key
from scoped_fetch
inner join fact_release on scoped_fetch.release_key = fact_release.release_key
where scoped_fetch.release_code <> fact_release.release_code
union all
select
    'publisher_version' as in_table,
    'publisher_key' as in_column,
    publisher_key as key
from publisher_version
group by publisher_key
having min(slug) < max(slug);
