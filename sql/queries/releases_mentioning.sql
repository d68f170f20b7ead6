-- Which releases mention a word or phrase in a current text, in any of its languages, and where?
-- Capital and small letters are the same; forms of a word are not.
-- param phrase: VARCHAR
-- param limit: UINTEGER = 20
with current_text as (
    select
        release_key,
        language_key,
        title_clean,
        body_clean,
        position(lower($phrase) in lower(body_clean)) as found_at
    from dim_text
    where is_current and (contains(lower(title_clean), lower($phrase)) or contains(lower(body_clean), lower($phrase)))
)

select
    dim_date.date as first_listed_date,
    fact_release.release_code,
    dim_publisher.slug as publisher_slug,
    dim_language.code as language,
    current_text.title_clean as title,
    case
        when current_text.found_at > 0
            then replace(
                substring(current_text.body_clean, greatest(1, current_text.found_at - 40), 80 + length($phrase)),
                chr(10),
                ' '
            )
    end as passage
from current_text
inner join fact_release on current_text.release_key = fact_release.release_key
inner join dim_date on fact_release.first_listed_date_key = dim_date.date_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
inner join dim_language on current_text.language_key = dim_language.language_key
order by first_listed_date desc, fact_release.portal_id desc, fact_release.release_code asc, language asc
limit $limit;
