-- In which languages each publisher's releases can be read on the portal.
-- Grain: one row per publisher with a release that has a portal text.
create or replace view mart_language_coverage as
with spoken as (
    select
        dim_text.release_key,
        count(distinct dim_language.code) as languages,
        bool_or(dim_language.code = 'kk') as has_kk,
        bool_or(dim_language.code = 'ru') as has_ru,
        bool_or(dim_language.code = 'en') as has_en
    from dim_text
    -- What the body is written in, for a page may be a copy of another language's; of a body of two, the page's.
    inner join dim_language as body_language on dim_text.body_language_key = body_language.language_key
    inner join dim_language as page_language on dim_text.language_key = page_language.language_key
    inner join dim_language
        on
            dim_language.code = case
                when body_language.code in ('kk', 'ru', 'en') then body_language.code else page_language.code
            end
    where dim_text.is_current and dim_text.origin = 'portal'
    group by dim_text.release_key
)

select
    dim_publisher.slug as publisher_slug, -- Slug of the publisher.
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher, -- Name of the publisher in English, or its slug.
    count(*) as releases, -- Releases with a portal text that has a body.
    count(*) filter (where spoken.has_kk) as in_kk, -- Of these, with a body in Kazakh.
    count(*) filter (where spoken.has_ru) as in_ru, -- Of these, with a body in Russian.
    count(*) filter (where spoken.has_en) as in_en, -- Of these, with a body in English.
    count(*) filter (where spoken.languages = 3) as in_all_three, -- Of these, with bodies in all three languages.
    count(*) filter (where spoken.languages = 1) as in_one_only -- Of these, with a body in one language only.
from spoken
inner join fact_release on spoken.release_key = fact_release.release_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
group by dim_publisher.slug, dim_publisher.name_en;
