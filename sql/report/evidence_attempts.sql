-- Which attempts to look up in the archive? Others after each load; $sample rows at most.
select distinct
    run_id,
    url,
    requested_at,
    body_sha256,
    warc_file,
    warc_offset
from fact_fetch
order by hash(warc_file, warc_offset, (select count(*) from load_run))
limit $sample::bigint;
