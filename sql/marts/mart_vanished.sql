-- Pages of gov.kz that are gone, or were and came back.
-- Grain: one row per release, language and time it was gone.
-- Assumes: gone is what all three routes deny at two visits 14 days apart, with no visit in between that found it; one of
-- them at least says so itself, and does not only show something else. What a refusal, an error or an empty shell hides is
-- not gone, nor what only some routes were asked for, nor what was denied on days on which the portal is suspected and not
-- the releases: mart_portal_trust. A language that no visit ever found counts where no other language of the release was
-- found either: most releases are not published in all of them.
create or replace view mart_vanished as
with attempt as (
    select
        run_id,
        release_key,
        language_key,
        max(requested_at) as visited_at,
        count(distinct route) filter (where denies_page(outcome)) as denying_routes,
        count(*) filter (where not denies_page(outcome)) as other_outcomes,
        bool_or(outcome = 'not_found') as is_said_absent,
        string_agg(
            strftime(requested_at, '%Y-%m-%d %H:%M UTC ') || route || ', ' || warc_file || ' byte ' || warc_offset,
            '; ' order by requested_at, fetch_key
        ) filter (where denies_page(outcome)) as denials,
        bool_or(shows_page(outcome)) as is_found
    from fact_fetch
    where release_key is not null
    group by run_id, release_key, language_key
),

visit as (
    select
        *,
        denying_routes = 3 and other_outcomes = 0 and is_said_absent as is_denied,
        denying_routes > 0 and not is_found as is_missing,
        count(*) filter (where is_found) over (
            partition by release_key, language_key
            order by visited_at, run_id
        ) as times_found
    from attempt
),

suspected_day as (
    select
        day,
        -- NULL for all languages.
        (
            select dim_language.language_key from dim_language
            where dim_language.code = mart_portal_trust.language
        ) as language_key
    from mart_portal_trust
    where not is_trusted
),

believed as (
    select
        *,
        not exists (
            select 1 from suspected_day
            where
                suspected_day.day = day_of(visit.visited_at)
                and coalesce(suspected_day.language_key = visit.language_key, true)
        ) as is_believed
    from visit
),

gone as (
    select
        release_key,
        language_key,
        times_found,
        min(visited_at) filter (where is_denied and is_believed) as denied_from,
        max(visited_at) filter (where is_denied and is_believed) as denied_to,
        min(visited_at) filter (where is_missing and is_believed) as missing_from,
        max(visited_at) filter (where is_missing and is_believed) as missing_to,
        min(visited_at) filter (where is_missing) as held_from,
        max(visited_at) filter (where is_missing) as held_to,
        arg_min(denials, row(not is_believed, not is_denied, visited_at, run_id)) filter (where is_missing)
            as first_denials,
        arg_max(denials, row(is_believed, is_denied, visited_at, run_id)) filter (where is_missing) as last_denials,
        max(visited_at) filter (where is_found) as found_at
    from believed
    group by release_key, language_key, times_found
),

followed as (
    select
        *,
        coalesce(denied_to >= denied_from + interval 14 days, false) as is_gone,
        coalesce(missing_to >= missing_from + interval 14 days, false) as is_suspected,
        lead(found_at) over (partition by release_key, language_key order by times_found) as returned_at,
        max(times_found) over (partition by release_key) > 0 as is_release_ever_found
    from gone
)

select
    followed.release_key, -- The release: fact_release.
    fact_release.release_code,
    dim_language.code as language, -- Language of the page.
    case
        when followed.is_gone and followed.returned_at is not null then 'returned'
        when followed.is_gone then 'vanished'
        when followed.is_suspected then 'suspected'
        else 'held'
    end as status, -- vanished: all routes denied it at two visits 14 days apart; returned: so, but a later visit found it; suspected: denied for 14 days by the routes that answered, while another refused, failed or was not asked, or none said so itself; held: denied for 14 days, but on days on which so many others were absent too that the portal is suspected (mart_portal_trust).
    followed.found_at as last_found_at, -- When a visit last found it before (UTC); NULL if none did.
    case
        when followed.is_gone then followed.denied_from
        when followed.is_suspected then followed.missing_from
        else followed.held_from
    end as missing_from, -- The first visit (UTC) at which it was denied.
    case
        when followed.is_gone then followed.denied_to
        when followed.is_suspected then followed.missing_to
        else followed.held_to
    end as missing_to, -- The last visit (UTC) at which it was denied.
    followed.returned_at, -- The first visit (UTC) that found it again; NULL if none did.
    concat_ws('; ', followed.first_denials, nullif(followed.last_denials, followed.first_denials)) as evidence, -- The attempts that denied it, at the first and the last such visit: when, by which route, and in which file, seen from the folder of the warehouse, the answer is kept.
    fact_release.url,
    text_content.title -- Title of the release, as received.
from followed
inner join dim_language on followed.language_key = dim_language.language_key
inner join fact_release on followed.release_key = fact_release.release_key
inner join text_content
    on fact_release.content_key = text_content.content_key and fact_release.release_key = text_content.release_key
where
    (followed.found_at is not null or not followed.is_release_ever_found)
    and (
        followed.is_gone
        or (followed.returned_at is null and followed.held_to >= followed.held_from + interval 14 days)
    );
