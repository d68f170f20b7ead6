-- Pages of gov.kz and what is known of them: the last visit, and when the next is due.
-- Grain: one row per release and language that was ever asked for.
create or replace view mart_fetch_state as
with visited as (
    select
        release_key,
        language_key,
        count(*) as visits,
        max(requested_at) as last_visit_at,
        arg_max(visit_outcome, row(requested_at, fetch_key)) as last_outcome,
        arg_max(detail, row(requested_at, fetch_key)) as last_detail,
        -- NULL, too, which says: never again.
        arg_max_null(next_due_at, row(requested_at, fetch_key)) as next_due_at,
        max(requested_at) filter (where shows_page(visit_outcome)) as last_found_at
    from fact_fetch
    where visit_outcome is not null and release_key is not null
    group by release_key, language_key
)

select
    visited.release_key, -- The release: fact_release.
    fact_release.release_code,
    dim_language.code as language, -- Language of the page.
    visited.visits, -- How often it was visited.
    visited.last_visit_at, -- When it was last visited (UTC).
    visited.last_outcome, -- What the last visit found: fact_fetch.visit_outcome.
    visited.last_detail, -- About the last attempt of that visit, as a sentence.
    visited.last_found_at, -- When a visit last found the page (UTC); NULL if none did.
    visited.next_due_at -- When it is to be visited next (UTC); NULL when it is not to be visited again.
from visited
inner join dim_language on visited.language_key = dim_language.language_key
left join fact_release on visited.release_key = fact_release.release_key;
