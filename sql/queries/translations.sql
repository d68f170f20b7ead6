-- Which releases have texts in more than one language, and in which?
select
    fact_release.release_code,
    dim_publisher.slug as publisher_slug,
    string_agg(dim_language.code, ', ' order by dim_language.code) as languages,
    string_agg(dim_text.title_clean, ' | ' order by dim_language.code) as titles
from dim_text
inner join fact_release on dim_text.release_key = fact_release.release_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
inner join dim_language on dim_text.language_key = dim_language.language_key
where dim_text.is_current and dim_text.origin = 'digest'
group by fact_release.release_code, dim_publisher.slug
having count(*) > 1
order by fact_release.release_code;
