-- Whether gov.kz can be believed about what is gone: how much of what was visited of late had become absent.
-- Grain: one row per day in Almaty with a visit, and per language of it beside one for all languages together.
-- Assumes: releases go one by one. Where five or more are absent at once, and with them more than three in ten of the
-- pages visited within 15 days, the portal is suspected and not the releases. Of each page its last visit of these days
-- counts, and no page that never was: a language of a release that other languages of it were found in; nor one that has
-- been absent for 30 days, from a day on which the portal was not suspected: it is gone, and only looked after. 15 days hold the
-- visit before that of 14 days ago, and end the suspicion once the portal shows its pages again.
create or replace view mart_portal_trust as
with visit as (
    select
        run_id,
        release_key,
        language_key,
        max(requested_at) as visited_at,
        bool_or(shows_page(outcome)) as is_found
    from fact_fetch
    where
        release_key is not null
        and (shows_page(outcome) or denies_page(outcome))
    group by run_id, release_key, language_key
),

followed as (
    select
        *,
        day_of(visited_at) as day,
        count(*) filter (where is_found) over (
            partition by release_key, language_key
            order by visited_at, run_id
        ) as times_found
    from visit
    qualify
        bool_or(is_found) over (partition by release_key, language_key)
        or not bool_or(is_found) over (partition by release_key)
),

judged as (
    select
        *,
        min(day) filter (where not is_found) over (
            partition by release_key, language_key, times_found
        ) as absent_from
    from followed
),

last_of_day as (
    select
        day,
        max(visited_at) as last_visit_at
    from judged
    group by day
),

latest as (
    select
        last_of_day.day,
        last_of_day.last_visit_at,
        judged.release_key,
        judged.language_key,
        arg_max(judged.is_found, row(judged.visited_at, judged.run_id)) as is_found,
        arg_max(judged.absent_from, row(judged.visited_at, judged.run_id)) as absent_from
    from last_of_day
    inner join judged on last_of_day.day >= judged.day and last_of_day.day < judged.day + 15
    group by last_of_day.day, last_of_day.last_visit_at, judged.release_key, judged.language_key
),

suspected_at_sight as (
    select
        day,
        language_key
    from latest
    group by grouping sets ((day), (day, language_key))
    having
        count(*) filter (where not is_found) / count(*)
        > most_absent(count(distinct release_key) filter (where not is_found))
),

counted as (
    select
        day,
        last_visit_at,
        language_key,
        count(*) as pages,
        count(*) filter (where not is_found) as absent_pages,
        count(distinct release_key) filter (where not is_found) as absent_releases,
        absent_pages / pages as absent_share,
        most_absent(absent_releases) as most_absent
    from latest
    where
        is_found
        or absent_from > day - 30
        or exists (
            select 1 from suspected_at_sight
            where
                suspected_at_sight.day = latest.absent_from
                and coalesce(suspected_at_sight.language_key = latest.language_key, true)
        )
    group by grouping sets ((day, last_visit_at), (day, last_visit_at, language_key))
)

select
    counted.day, -- The day in Almaty.
    dim_language.code as language, -- Language of the pages; NULL for all together.
    counted.pages, -- Pages visited on the day or up to 14 days before that the portal had, or denies of a release it never showed.
    counted.absent_pages, -- Those of them that their last visit denied by a route and found by none.
    counted.absent_releases, -- Releases they are of.
    counted.absent_share, -- Share of these pages that is absent.
    counted.most_absent, -- The share up to which the portal is trusted: all of them where they are of less than five releases, else three in ten.
    counted.absent_share <= counted.most_absent as is_trusted, -- False where the portal is suspected: what it denied on the day makes no page vanish.
    counted.last_visit_at -- The last visit (UTC) of the day.
from counted
left join dim_language on counted.language_key = dim_language.language_key;
