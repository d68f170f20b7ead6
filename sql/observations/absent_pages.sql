-- So many pages of gov.kz became absent at once that the portal is suspected; what it denies is held back.
-- One row per day with visits and language (value: share of the pages visited within 15 days that are absent, 0 of less
-- than $at_least releases); the latest are those of the last day.
select
    'absent pages' || coalesce(', ' || language, '') as item,
    last_visit_at as measured_at,
    case when absent_releases >= $at_least then absent_share else 0 end as value,
    null::varchar as run_id,
    day = max(day) over () as is_latest
from mart_portal_trust
order by day, language nulls first;
