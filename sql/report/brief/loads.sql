-- Attempts to load on the day, by Kazakhstan's clock, that loaded something or failed. One row per attempt.
select
    as_of,
    kind,
    status,
    message
from load_run
where as_of >= $begins_at and as_of < $ends_at and status <> 'unchanged'
order by as_of asc, run_id asc
limit $shown;
