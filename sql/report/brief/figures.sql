-- The largest figures that the day's releases announce: the first three of every unit. One row per figure.
with largest as (
    select fact_figure.*
    from fact_figure
    inner join brief_release on fact_figure.release_key = brief_release.release_key
    where brief_release.date = $day and fact_figure.content_key = brief_release.content_key
    qualify
        row_number() over (
            partition by fact_figure.unit_key
            order by fact_figure.value desc, fact_figure.release_key asc, fact_figure.char_start asc
        ) <= 3
)

select
    dim_unit.name_en as unit,
    largest.value,
    fact_release.release_code,
    fact_release.url,
    body_language.code as body_language,
    greatest(largest.char_start - 400, 0) as excerpt_start,
    substring(text_content.body, greatest(largest.char_start - 400, 0) + 1, 1000) as excerpt,
    list_filter(
        text_content.paragraph_breaks,
        lambda place: place > largest.char_start - 400 and place < largest.char_start + 600
    ) as breaks,
    largest.char_start,
    largest.char_end,
    count(*) over () as in_all
from largest
inner join dim_unit on largest.unit_key = dim_unit.unit_key
inner join fact_release on largest.release_key = fact_release.release_key
inner join text_content
    on largest.content_key = text_content.content_key and largest.release_key = text_content.release_key
left join dim_language as body_language on text_content.body_language_key = body_language.language_key
order by dim_unit.name_en asc, largest.value desc, fact_release.release_code asc, largest.char_start asc
limit $shown;
