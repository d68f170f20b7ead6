-- Which releases have texts in more than one language, and in which?
-- The language is what a body is written in, for a page of gov.kz may be a copy of another language's.
with spoken as (
    select
        dim_text.release_key,
        dim_language.code as language,
        arg_min(dim_text.title_clean, row(dim_text.origin, dim_text.language_key)) as title
    from dim_text
    inner join dim_language as text_language on dim_text.language_key = text_language.language_key
    left join dim_language as body_language on dim_text.body_language_key = body_language.language_key
    inner join dim_language
        on
            dim_language.code = case
                when body_language.code in ('kk', 'ru', 'en') then body_language.code else text_language.code
            end
    where dim_text.is_current
    group by dim_text.release_key, dim_language.code
)

select
    fact_release.release_code,
    dim_publisher.slug as publisher_slug,
    string_agg(spoken.language, ', ' order by spoken.language) as languages,
    string_agg(spoken.title, ' | ' order by spoken.language) as titles
from spoken
inner join fact_release on spoken.release_key = fact_release.release_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
group by fact_release.release_code, dim_publisher.slug
having count(*) > 1
order by fact_release.release_code;
