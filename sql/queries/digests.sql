-- Which digests were loaded, when, and what was in them?
select
    first_seen_at,
    path,
    bytes,
    listings,
    headers,
    rejects,
    sha256
from source_file
order by first_seen_at, path;
