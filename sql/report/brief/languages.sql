-- Which languages the titles of the day are in. One row per language.
select
    dim_language.name_en as language,
    count(*) as releases
from brief_release
inner join text_content
    on brief_release.content_key = text_content.content_key and brief_release.release_key = text_content.release_key
inner join dim_language on text_content.title_language_key = dim_language.language_key
where brief_release.date = $day
group by dim_language.name_en
order by releases desc, language asc;
