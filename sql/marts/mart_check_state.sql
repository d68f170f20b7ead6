-- What each check and observation finds now, and since when.
-- Grain: one row per check.
create or replace view mart_check_state as
with followed as (
    select
        check_name,
        arg_max(outcome, changed_at) as outcome,
        arg_max(outcome, changed_at, 2)[2] as outcome_before,
        max(changed_at) as since,
        arg_max(run_id, changed_at) as run_id,
        count(*) filter (outcome = 'failing') as times_failing
    from check_outcome
    group by check_name
)

select
    followed.check_name,
    followed.outcome,
    followed.outcome_before, -- What it found before that; NULL where it never found anything else.
    followed.since, -- Since when (UTC) it finds that.
    check_result.offending, -- How many rows or values offend now.
    check_result.detail, -- What it finds now, as a sentence; check_outcome has what it found when that began.
    check_result.looked_at, -- When it last looked (UTC).
    followed.run_id, -- The attempt that found it first: load_run.
    followed.times_failing -- How often it began to fail, ever.
from followed
inner join check_result on followed.check_name = check_result.check_name;
