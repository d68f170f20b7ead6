-- What each check and observation found last, and since when it finds that.
-- Grain: one row per check.
create or replace view mart_check_state as
select
    check_name,
    arg_max(outcome, changed_at) as outcome,
    arg_max(outcome, changed_at, 2)[2] as outcome_before,
    max(changed_at) as since,
    arg_max(offending, changed_at) as offending,
    arg_max(detail, changed_at) as detail,
    arg_max(run_id, changed_at) as run_id,
    count(*) filter (outcome = 'failing') as times_failing
from check_outcome
group by check_name;
comment on view mart_check_state is 'What each check and observation found last, and since when. Grain: one row per check.';
comment on column mart_check_state.outcome_before is 'What it found before that; NULL where it never found anything else.';
comment on column mart_check_state.since is 'Since when (UTC) it finds that.';
comment on column mart_check_state.offending is 'How many rows or values offended when that began.';
comment on column mart_check_state.detail is 'What was found when that began, as a sentence.';
comment on column mart_check_state.run_id is 'The attempt that found it first: load_run.';
comment on column mart_check_state.times_failing is 'How often it began to fail, ever.';
