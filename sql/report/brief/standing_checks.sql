-- Checks that did not pass when they were last run, and since when they do not. One row per check.
select
    check_name,
    outcome,
    since,
    detail
from mart_check_state
where outcome <> 'passed'
order by outcome asc, since asc, check_name asc
limit $shown;
