-- So many pages of gov.kz became absent at once that the portal is suspected; what it denies is held back.
-- One row per day with visits and language (value: share of the pages visited within 15 days that are absent; most: the
-- share up to which mart_portal_trust trusts the portal); the latest are those of the last day.
select
    'absent pages' || coalesce(', ' || language, '') as item,
    last_visit_at as measured_at,
    absent_share as value,
    most_absent as most,
    null::varchar as run_id,
    day = max(day) over () as is_latest
from mart_portal_trust
order by day, language nulls first;
