-- Pages of gov.kz that are gone, or were and came back.
-- Grain: one row per release, language and time it was gone.
-- Assumes: gone is what all three routes deny at two visits 14 days apart, with no visit in between that found it. What a
-- refusal, an error or an empty shell hides is not gone, nor what only some routes were asked for. A language that no visit
-- ever found counts where no other language of the release was found either: most releases are not published in all of them.
create or replace view mart_vanished as
with attempt as (
    select
        run_id,
        release_key,
        language_key,
        max(requested_at) as visited_at,
        count(distinct route) filter (where outcome = 'not_found') as denying_routes,
        count(*) filter (where outcome <> 'not_found') as other_outcomes,
        string_agg(
            strftime(requested_at, '%Y-%m-%d %H:%M') || ' ' || route || ', ' || warc_file || ' byte ' || warc_offset,
            '; ' order by requested_at, fetch_key
        ) filter (where outcome = 'not_found') as denials,
        bool_or(outcome in ('ok', 'unchanged', 'no_body')) as is_found
    from fact_fetch
    where release_key is not null
    group by run_id, release_key, language_key
),

visit as (
    select
        *,
        denying_routes = 3 and other_outcomes = 0 as is_denied,
        denying_routes > 0 and not is_found as is_missing,
        count(*) filter (where is_found) over (
            partition by release_key, language_key
            order by visited_at, run_id
        ) as times_found
    from attempt
),

gone as (
    select
        release_key,
        language_key,
        times_found,
        min(visited_at) filter (where is_denied) as denied_from,
        max(visited_at) filter (where is_denied) as denied_to,
        min(visited_at) filter (where is_missing) as missing_from,
        max(visited_at) filter (where is_missing) as missing_to,
        arg_min(denials, row(is_denied = false, visited_at, run_id)) filter (where is_missing) as first_denials,
        arg_max(denials, row(is_denied, visited_at, run_id)) filter (where is_missing) as last_denials,
        max(visited_at) filter (where is_found) as found_at
    from visit
    group by release_key, language_key, times_found
),

followed as (
    select
        *,
        lead(found_at) over (partition by release_key, language_key order by times_found) as returned_at,
        max(times_found) over (partition by release_key) > 0 as is_release_ever_found
    from gone
)

select
    followed.release_key, -- The release: fact_release.
    fact_release.release_code,
    dim_language.code as language, -- Language of the page.
    case
        when followed.denied_to < followed.denied_from + interval 14 days or followed.denied_from is null
            then 'suspected'
        when followed.returned_at is not null then 'returned'
        else 'vanished'
    end as status, -- vanished: all routes denied it at two visits 14 days apart; returned: so, but a later visit found it; suspected: denied for 14 days by the routes that answered, while another refused, failed or was not asked.
    followed.found_at as last_found_at, -- When a visit last found it before (UTC); NULL if none did.
    coalesce(followed.denied_from, followed.missing_from) as missing_from, -- The first visit (UTC) at which it was denied.
    coalesce(followed.denied_to, followed.missing_to) as missing_to, -- The last visit (UTC) at which it was denied.
    followed.returned_at, -- The first visit (UTC) that found it again; NULL if none did.
    concat_ws('; ', followed.first_denials, nullif(followed.last_denials, followed.first_denials)) as evidence, -- The attempts that denied it, at the first and the last such visit: when, by which route, and where in data/archive/portal the answer is kept.
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
        followed.denied_to >= followed.denied_from + interval 14 days
        or (followed.returned_at is null and followed.missing_to >= followed.missing_from + interval 14 days)
    );
