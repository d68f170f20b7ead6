-- In which languages each publisher's releases can be read.
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
    dim_publisher.slug as publisher_slug,
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher,
    count(*) as releases,
    count(*) filter (where spoken.has_kk) as in_kk,
    count(*) filter (where spoken.has_ru) as in_ru,
    count(*) filter (where spoken.has_en) as in_en,
    count(*) filter (where spoken.languages = 3) as in_all_three,
    count(*) filter (where spoken.languages = 1) as in_one_only
from spoken
inner join fact_release on spoken.release_key = fact_release.release_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
group by dim_publisher.slug, dim_publisher.name_en;
comment on view mart_language_coverage is 'In which languages each publisher''s releases can be read on the portal. Grain: one row per publisher with a release that has a portal text.';
comment on column mart_language_coverage.publisher_slug is 'Slug of the publisher.';
comment on column mart_language_coverage.publisher is 'Name of the publisher in English, or its slug.';
comment on column mart_language_coverage.releases is 'Releases with a portal text that has a body.';
comment on column mart_language_coverage.in_kk is 'Of these, with a body in Kazakh.';
comment on column mart_language_coverage.in_ru is 'Of these, with a body in Russian.';
comment on column mart_language_coverage.in_en is 'Of these, with a body in English.';
comment on column mart_language_coverage.in_all_three is 'Of these, with bodies in all three languages.';
comment on column mart_language_coverage.in_one_only is 'Of these, with a body in one language only.';
