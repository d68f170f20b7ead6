-- More pages of gov.kz than usual could not be seen.
-- One row per run of $at_least visits or more (value: share of visits that were refused, throttled, empty shells,
-- unreadable or without an answer); the latest is the last of them.
with visited as (
    select
        run_id,
        requested_at,
        coalesce(visit_outcome, case when purpose = 'list' then outcome end) as found
    from fact_fetch
),

judged as (
    select
        run_id,
        max(requested_at) as last_at,
        count(*) filter (not shows_page(found) and not denies_page(found)) / count(*) as share,
        row_number() over (order by max(requested_at) desc, run_id asc) as from_last
    from visited
    where found is not null
    group by run_id
    having count(*) >= $at_least
)

select
    'pages that could not be seen' as item,
    last_at as measured_at,
    share as value,
    run_id,
    from_last = 1 as is_latest
from judged
order by from_last desc;
