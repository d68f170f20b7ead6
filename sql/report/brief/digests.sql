-- Digests that list releases under the day, and what in them was rejected. One row per digest.
with listed as (
    select
        source_file_key,
        count(*) as listings
    from fact_listing
    where listed_date_key = $date_key
    group by source_file_key
)

select
    parse_filename(source_file.path) as digest,
    listed.listings,
    source_file.listings as listings_in_all,
    source_file.rejects,
    source_file.first_seen_at
from listed
inner join source_file on listed.source_file_key = source_file.source_file_key
order by source_file.first_seen_at asc, source_file.path asc
limit $shown;
