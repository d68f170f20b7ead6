-- Which releases mention a word or phrase in a current text, in any of its languages, and where?
-- Capital and small letters are the same; forms of a word are not.
-- param phrase: VARCHAR
-- param limit: UINTEGER = 20
with current_text as (
    select
        release_key,
        language_key,
        origin,
        title_clean,
        replace(body_clean, chr(10), ' ') as body,
        position(lower($phrase) in lower(body_clean)) as found_at
    from dim_text
    where is_current and (contains(lower(title_clean), lower($phrase)) or contains(lower(body_clean), lower($phrase)))
),

cut as (
    select
        *,
        found_at + length($phrase) as after_at,
        substring(body, greatest(1, found_at - 50), least(50, found_at - 1)) as before,
        substring(body, found_at + length($phrase), 50) as after
    from current_text
)

select
    mart_release_day.release_date,
    mart_release_day.dated_by,
    dim_date.date as first_listed_date,
    fact_release.release_code,
    dim_publisher.slug as publisher_slug,
    dim_language.code as language,
    cut.origin,
    cut.title_clean as title,
    -- Where the passage does not begin or end with the text, a word that was cut in two is left out.
    case
        when cut.found_at > 0
            then
                case when cut.found_at > 51 then '… ' || regexp_replace(cut.before, '^\S*\s+', '') else cut.before end
                || substring(cut.body, cut.found_at, length($phrase))
                || case
                    when cut.after_at + 50 <= length(cut.body) then regexp_replace(cut.after, '\s+\S*$', '') || ' …'
                    else cut.after
                end
    end as passage
from cut
inner join fact_release on cut.release_key = fact_release.release_key
inner join mart_release_day on cut.release_key = mart_release_day.release_key
left join dim_date on fact_release.first_listed_date_key = dim_date.date_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
inner join dim_language on cut.language_key = dim_language.language_key
order by
    mart_release_day.release_date desc,
    fact_release.portal_id desc,
    fact_release.release_code asc,
    language asc,
    cut.origin asc
limit $limit;
