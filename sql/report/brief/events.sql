-- Events that the day's releases tell of, by their datelines, in the order they take place. One row per release with a
-- stated day or place; excerpt holds both and what is around them in the body.
with placed as (
    select
        brief_release.release_key,
        text_content.*,
        greatest(least(coalesce(place_start, date_start), coalesce(date_start, place_start))::integer - 400, 0) as begins,
        greatest(coalesce(place_end, 0), coalesce(date_end, 0)) as ends
    from brief_release
    inner join text_content
        on brief_release.content_key = text_content.content_key and brief_release.release_key = text_content.release_key
    where
        brief_release.date = $day
        and (text_content.event_date is not null or text_content.event_place is not null)
)

select
    placed.event_date,
    placed.event_place,
    fact_release.release_code,
    fact_release.url,
    placed.title,
    title_language.code as title_language,
    body_language.code as body_language,
    placed.begins as excerpt_start,
    substring(placed.body, placed.begins + 1, 1300) as excerpt,
    list_filter(
        placed.paragraph_breaks,
        lambda place: place > placed.begins and place < placed.begins + 1300
    ) as breaks,
    least(coalesce(placed.place_start, placed.date_start), coalesce(placed.date_start, placed.place_start)) as char_start,
    placed.ends as char_end,
    count(*) over () as in_all
from placed
inner join fact_release on placed.release_key = fact_release.release_key
inner join dim_language as title_language on placed.title_language_key = title_language.language_key
left join dim_language as body_language on placed.body_language_key = body_language.language_key
order by placed.event_date asc nulls last, placed.event_place asc nulls last, fact_release.release_code asc
limit $shown;
