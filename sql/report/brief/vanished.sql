-- Pages that a visit of the day found gone, 14 days or more after a visit that found them so first, and pages that it
-- found back; none that is held back. One row per release and language; of each state so many at most.
with visited as (
    select
        mart_vanished.release_code,
        mart_vanished.url,
        mart_vanished.title,
        title_language.code as title_language,
        dim_language.name_en as language,
        case
            when mart_vanished.returned_at >= $begins_at and mart_vanished.returned_at < $ends_at then 'returned'
            when mart_vanished.status = 'suspected' then 'suspected'
            else 'vanished'
        end as status,
        min(mart_vanished.missing_from) as missing_from,
        max(mart_vanished.last_found_at) as last_found_at
    from fact_fetch
    inner join dim_language on fact_fetch.language_key = dim_language.language_key
    inner join mart_vanished
        on fact_fetch.release_key = mart_vanished.release_key and dim_language.code = mart_vanished.language
    inner join fact_release on mart_vanished.release_key = fact_release.release_key
    inner join text_content
        on fact_release.content_key = text_content.content_key and fact_release.release_key = text_content.release_key
    inner join dim_language as title_language on text_content.title_language_key = title_language.language_key
    where
        mart_vanished.status <> 'held'
        and fact_fetch.requested_at >= $begins_at
        and fact_fetch.requested_at < $ends_at
        and (
            fact_fetch.requested_at = mart_vanished.returned_at
            or (
                denies_page(fact_fetch.visit_outcome)
                and fact_fetch.requested_at >= mart_vanished.missing_from + interval 14 days
                and fact_fetch.requested_at <= mart_vanished.missing_to
            )
        )
    group by all
)

select
    *,
    count(*) over (partition by status) as in_state,
    count(*) over () as in_all
from visited
qualify row_number() over (partition by status order by release_code asc, language asc) <= $shown
order by status desc, release_code asc, language asc;
