-- Releases of the day of which no text has a body, by publisher. One row per release.
select
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher,
    fact_release.release_code,
    fact_release.url,
    text_content.title,
    title_language.code as title_language,
    count(*) over () as in_all
from brief_release
inner join fact_release on brief_release.release_key = fact_release.release_key
inner join text_content
    on brief_release.content_key = text_content.content_key and brief_release.release_key = text_content.release_key
inner join dim_language as title_language on text_content.title_language_key = title_language.language_key
inner join dim_publisher on brief_release.publisher_key = dim_publisher.publisher_key
where brief_release.date = $day and not brief_release.has_body
order by publisher asc, dim_publisher.slug asc, fact_release.portal_id desc, fact_release.release_code asc
limit $shown;
