-- What did the latest loads do, failed ones included?
-- param limit: UINTEGER = 10
select
    as_of,
    status,
    files_loaded,
    listings,
    releases_new,
    releases_changed,
    rejected,
    checks_warned,
    checks_failed,
    message
from load_run
order by as_of desc, run_id asc
limit $limit;
