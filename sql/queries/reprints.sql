-- Which texts, title and body, were published under more than one id?
select
    any_value(dim_text.title_clean) as title,
    any_value(dim_language.code) as language,
    count(distinct dim_text.release_key) as releases,
    string_agg(distinct fact_release.release_code, ', ' order by fact_release.release_code) as release_codes,
    string_agg(distinct dim_publisher.slug, ', ' order by dim_publisher.slug) as publisher_slugs
from dim_text
inner join fact_release on dim_text.release_key = fact_release.release_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
inner join dim_language on dim_text.language_key = dim_language.language_key
where dim_text.is_current and dim_text.body is not null
group by dim_text.content_sha256
having count(distinct dim_text.release_key) > 1
order by releases desc, release_codes asc;
