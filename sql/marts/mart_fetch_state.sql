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
        max(requested_at) filter (where visit_outcome in ('ok', 'unchanged', 'no_body')) as last_found_at
    from fact_fetch
    where visit_outcome is not null and release_key is not null
    group by release_key, language_key
)

select
    visited.release_key,
    fact_release.release_code,
    dim_language.code as language,
    visited.visits,
    visited.last_visit_at,
    visited.last_outcome,
    visited.last_detail,
    visited.last_found_at,
    visited.next_due_at
from visited
inner join dim_language on visited.language_key = dim_language.language_key
left join fact_release on visited.release_key = fact_release.release_key;
comment on view mart_fetch_state is 'Pages of gov.kz and what is known of them. Grain: one row per release and language that was ever asked for.';
comment on column mart_fetch_state.release_key is 'The release: fact_release.';
comment on column mart_fetch_state.language is 'Language of the page.';
comment on column mart_fetch_state.visits is 'How often it was visited.';
comment on column mart_fetch_state.last_visit_at is 'When it was last visited (UTC).';
comment on column mart_fetch_state.last_outcome is 'What the last visit found: fact_fetch.visit_outcome.';
comment on column mart_fetch_state.last_detail is 'About the last attempt of that visit, as a sentence.';
comment on column mart_fetch_state.last_found_at is 'When a visit last found the page (UTC); NULL if none did.';
comment on column mart_fetch_state.next_due_at is 'When it is to be visited next (UTC); NULL when it is not to be visited again.';
