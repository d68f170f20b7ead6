-- People whom the day's releases name, those of most releases first. One row per person, with the first mention.
with mentioned as (
    select
        fact_mention.person_key,
        count(distinct fact_mention.release_key) as releases,
        min(row(fact_mention.release_key, fact_mention.content_key, fact_mention.char_start, fact_mention.char_end))
            as first_mention
    from fact_mention
    inner join brief_release on fact_mention.release_key = brief_release.release_key
    where brief_release.date = $day and fact_mention.content_key = brief_release.content_key
    group by fact_mention.person_key
)

select
    dim_person.name as person,
    mentioned.releases,
    fact_release.release_code,
    fact_release.url,
    body_language.code as body_language,
    greatest(mentioned.first_mention[3] - 400, 0) as excerpt_start,
    substring(text_content.body, greatest(mentioned.first_mention[3] - 400, 0) + 1, 1000) as excerpt,
    list_filter(
        text_content.paragraph_breaks,
        lambda place: place > mentioned.first_mention[3] - 400 and place < mentioned.first_mention[3] + 600
    ) as breaks,
    mentioned.first_mention[3] as char_start,
    mentioned.first_mention[4] as char_end,
    count(*) over () as in_all
from mentioned
inner join dim_person on mentioned.person_key = dim_person.person_key
inner join fact_release on mentioned.first_mention[1] = fact_release.release_key
inner join text_content
    on
        mentioned.first_mention[2] = text_content.content_key
        and mentioned.first_mention[1] = text_content.release_key
left join dim_language as body_language on text_content.body_language_key = body_language.language_key
order by mentioned.releases desc, person asc
limit $shown;
