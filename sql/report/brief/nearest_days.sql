-- The nearest releases before and after a day, and the first of all: their listed days, and the moments (UTC) of those
-- that no digest lists. One row.
with dated as (
    select
        first_listed_date_key as listed,
        case when first_listed_date_key is null then coalesce(published_at, first_seen_at) end as moment
    from fact_release
)

select
    max(listed) filter (where listed < $date_key) as listed_before,
    max(moment) filter (where moment < $begins_at) as moment_before,
    min(listed) filter (where listed > $date_key) as listed_after,
    min(moment) filter (where moment >= $ends_at) as moment_after,
    min(listed) as listed_first,
    min(moment) as moment_first
from dated;
