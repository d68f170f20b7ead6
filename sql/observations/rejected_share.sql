-- More of what was delivered was rejected than usual.
-- One row per load of $at_least listings and rejected records or more (value: share); the latest is the last of them.
with judged as (
    select
        run_id,
        as_of,
        rejected / (listings + rejected) as share,
        row_number() over (order by as_of desc, rowid desc) as from_last
    from load_run
    where
        kind = 'ingest'
        and status = 'loaded'
        and files_loaded > 0
        -- Not after this run: a clock that once was ahead would have its load judged for ever.
        and as_of <= $as_of
        and listings + rejected >= $at_least
)

select
    'rejected records' as item,
    as_of as measured_at,
    share as value,
    run_id,
    from_last = 1 as is_latest
from judged
order by from_last desc;
