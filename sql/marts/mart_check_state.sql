-- What each check and observation found last, and since when it finds that.
-- Grain: one row per check.
create or replace view mart_check_state as
select
    check_name,
    arg_max(outcome, changed_at) as outcome,
    arg_max(outcome, changed_at, 2)[2] as outcome_before, -- What it found before that; NULL where it never found anything else.
    max(changed_at) as since, -- Since when (UTC) it finds that.
    arg_max(offending, changed_at) as offending, -- How many rows or values offended when that began.
    arg_max(detail, changed_at) as detail, -- What was found when that began, as a sentence.
    arg_max(run_id, changed_at) as run_id, -- The attempt that found it first: load_run.
    count(*) filter (outcome = 'failing') as times_failing -- How often it began to fail, ever.
from check_outcome
group by check_name;
