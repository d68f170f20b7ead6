-- What did the latest loads do, failed ones included? The one that ran last comes first, whatever it took as its now.
-- param limit: UINTEGER = 10
select
    as_of,
    kind,
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
order by rowid desc
limit $limit;
