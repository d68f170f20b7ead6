-- fail: Counts of listings, rejects or versions disagree between file, listings and releases.
-- One row per disagreement.
with of_file as (
    select
        source_file_key,
        count(*) filter (what = 'listings') as listings,
        count(*) filter (what = 'rejects') as rejects,
        count(*) filter (what = 'headers') as headers
    from (
        select
            'listings' as what,
            source_file_key
        from scoped_listing
        union all
        select
            'rejects' as what,
            source_file_key
        from scoped_reject
        union all
        select
            'headers' as what,
            source_file_key
        from scoped_header
    ) as part
    group by source_file_key
),

compared as (
    select
        'source_file.listings' as counted,
        scoped_file.source_file_key,
        scoped_file.listings as expected,
        coalesce(of_file.listings, 0) as found
    from scoped_file
    left join of_file on scoped_file.source_file_key = of_file.source_file_key
    union all
    select
        'source_file.rejects' as counted,
        scoped_file.source_file_key,
        scoped_file.rejects as expected,
        coalesce(of_file.rejects, 0) as found
    from scoped_file
    left join of_file on scoped_file.source_file_key = of_file.source_file_key
    union all
    select
        'source_file.headers' as counted,
        scoped_file.source_file_key,
        scoped_file.headers as expected,
        coalesce(of_file.headers, 0) as found
    from scoped_file
    left join of_file on scoped_file.source_file_key = of_file.source_file_key
),

of_release as (
    select
        fact_listing.release_key,
        count(*) as listings
    from scoped_release
    inner join fact_listing on scoped_release.release_key = fact_listing.release_key
    group by fact_listing.release_key
)

select
    counted,
    source_file_key as key,
    expected,
    found
from compared
where expected <> found
union all
select
    'fact_release.listing_count' as counted,
    scoped_release.release_key as key,
    scoped_release.listing_count as expected,
    coalesce(of_release.listings, 0) as found
from scoped_release
left join of_release on scoped_release.release_key = of_release.release_key
where scoped_release.listing_count is distinct from coalesce(of_release.listings, 0)
union all
select
    'sum of fact_release.listing_count' as counted,
    null as key,
    (select sum(listing_count) from fact_release) as expected,
    (select count(*) from fact_listing) as found
where coalesce((select sum(listing_count) from fact_release), 0) <> (select count(*) from fact_listing);
