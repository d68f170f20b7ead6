-- Which releases have texts in more than one language, and in which?
-- The language is what a body is written in, for a page of gov.kz may be a copy of another language's.
with current_text as (
    select
        dim_text.release_key,
        dim_text.origin,
        dim_text.language_key,
        dim_text.content_key,
        case
            when body_language.code in ('kk', 'ru', 'en') then body_language.code else text_language.code
        end as language
    from dim_text
    inner join dim_language as text_language on dim_text.language_key = text_language.language_key
    left join dim_language as body_language on dim_text.body_language_key = body_language.language_key
    where dim_text.is_current
),

-- Titles are read of these alone.
translated as (
    select release_key
    from current_text
    group by release_key
    having min(language) < max(language)
),

spoken as (
    select
        current_text.release_key,
        current_text.language,
        arg_min(
            clean_text(text_content.title), row(current_text.origin, current_text.language_key)
        ) as title
    from translated
    inner join current_text on translated.release_key = current_text.release_key
    inner join text_content
        on
            current_text.content_key = text_content.content_key
            and current_text.release_key = text_content.release_key
    group by current_text.release_key, current_text.language
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
order by fact_release.release_code;
