-- fail: Counts of listings, rejects or versions disagree between file, listings and releases.
-- One row per disagreement.
with listed as (
    select
        release_key,
        count(*) as listings
    from fact_listing
    where release_key in (select release_key from scope_release)
    group by release_key
)

select
    'source_file.listings' as counted,
    source_file.source_file_key as key,
    source_file.listings as expected,
    count(fact_listing.listing_key) as found
from source_file
left join fact_listing on source_file.source_file_key = fact_listing.source_file_key
where source_file.source_file_key in (select source_file_key from scope_file)
group by source_file.source_file_key, source_file.listings
having source_file.listings <> count(fact_listing.listing_key)
union all
select
    'source_file.rejects' as counted,
    source_file.source_file_key as key,
    source_file.rejects as expected,
    count(rejected_record.reason) as found
from source_file
left join rejected_record on source_file.source_file_key = rejected_record.source_file_key
where source_file.source_file_key in (select source_file_key from scope_file)
group by source_file.source_file_key, source_file.rejects
having source_file.rejects <> count(rejected_record.reason)
union all
select
    'source_file.headers' as counted,
    source_file.source_file_key as key,
    source_file.headers as expected,
    count(source_header.text) as found
from source_file
left join source_header on source_file.source_file_key = source_header.source_file_key
where source_file.source_file_key in (select source_file_key from scope_file)
group by source_file.source_file_key, source_file.headers
having source_file.headers <> count(source_header.text)
union all
select
    'fact_release.listing_count' as counted,
    fact_release.release_key as key,
    fact_release.listing_count as expected,
    coalesce(listed.listings, 0) as found
from fact_release
left join listed on fact_release.release_key = listed.release_key
where
    fact_release.release_key in (select release_key from scope_release)
    and fact_release.listing_count is distinct from coalesce(listed.listings, 0)
union all
select
    'sum of fact_release.listing_count' as counted,
    null as key,
    (select sum(listing_count) from fact_release) as expected,
    (select count(*) from fact_listing) as found
where coalesce((select sum(listing_count) from fact_release), 0) <> (select count(*) from fact_listing);
