-- Releases of the day with how their texts begin, by publisher, the busiest first. One row per release; where there are
-- more than are shown, each publisher has its turn: those with a body first, then the newest.
-- excerpt and breaks are the first 900 characters of the body and the places of its lost paragraph breaks.
with ranked as (
    select
        brief_release.*,
        coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher,
        dim_publisher.slug,
        fact_release.release_code,
        fact_release.portal_id,
        fact_release.url,
        count(*) over (partition by brief_release.publisher_key) as published,
        count(*) filter (where brief_release.has_body) over (partition by brief_release.publisher_key) as with_body,
        row_number() over (
            partition by brief_release.publisher_key
            order by brief_release.has_body desc, fact_release.portal_id desc, fact_release.release_code asc
        ) as turn
    from brief_release
    inner join fact_release on brief_release.release_key = fact_release.release_key
    inner join dim_publisher on brief_release.publisher_key = dim_publisher.publisher_key
    where brief_release.date = $day
),

chosen as (
    select *
    from ranked
    order by turn asc, published desc, slug asc
    limit $shown
)

select
    chosen.publisher_key,
    chosen.publisher,
    chosen.published,
    chosen.release_code,
    chosen.url,
    text_content.title,
    title_language.code as title_language,
    body_language.code as body_language,
    chosen.has_body,
    chosen.word_count,
    0 as excerpt_start,
    left(text_content.body, 900) as excerpt,
    list_filter(text_content.paragraph_breaks, lambda place: place < 900) as breaks
from chosen
inner join text_content
    on chosen.content_key = text_content.content_key and chosen.release_key = text_content.release_key
inner join dim_language as title_language on text_content.title_language_key = title_language.language_key
left join dim_language as body_language on text_content.body_language_key = body_language.language_key
order by
    chosen.published desc,
    chosen.with_body desc,
    chosen.publisher asc,
    chosen.slug asc,
    chosen.portal_id desc,
    chosen.release_code asc;
