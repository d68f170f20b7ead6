-- Which listings to look up in the archived digests? Others after each load; $sample rows at most.
select
    fact_listing.title,
    fact_listing.url,
    fact_listing.byte_start,
    fact_listing.byte_end,
    source_file.archive_path
from fact_listing
inner join source_file on fact_listing.source_file_key = source_file.source_file_key
order by hash(fact_listing.listing_key, (select count(*) from load_run))
limit $sample::bigint;
