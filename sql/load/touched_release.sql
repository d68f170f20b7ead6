-- Releases that listings of this load say something new about: they are made again. A listing says nothing new where an
-- earlier one gave the same content under the same day, and the release has its URL and publisher already: whichever of
-- them is the last one, the release stays as it is but for the count of its listings. Runs before these listings are in.
-- Assumes: $replaces says that the digests had been loaded before, and what was read from them is gone.
create or replace temp table release_listed as
select
    release_key,
    any_value(release_code) as release_code,
    any_value(portal_id) as portal_id,
    count(*) as listings
from staged_listing
group by release_key;

create or replace temp table release_again as
with known as (
    select
        fact_release.release_key,
        fact_release.url,
        fact_release.publisher_key
    from fact_release
    where
        not $replaces
        and fact_release.listing_count > 0
        and fact_release.release_key in (select release_key from release_listed)
),

earlier as (
    select
        fact_listing.release_key,
        fact_listing.content_key,
        fact_listing.listed_date_key,
        fact_listing.is_day_plausible,
        source_file.first_seen_at
    from fact_listing
    inner join source_file on fact_listing.source_file_key = source_file.source_file_key
    where fact_listing.release_key in (select release_key from known)
)

select
    release_listed.release_key,
    release_listed.listings
from staged_listing
inner join staged_file on staged_listing.source_file_key = staged_file.source_file_key
inner join release_listed on staged_listing.release_key = release_listed.release_key
inner join known
    on
        staged_listing.release_key = known.release_key
        and staged_listing.url = known.url
        and key_of('publisher' || chr(31) || staged_listing.slug) = known.publisher_key
where
    exists (
        select 1
        from earlier
        where
            earlier.release_key = staged_listing.release_key
            and earlier.content_key = staged_listing.content_key
            and earlier.listed_date_key = staged_listing.listed_date_key
            and earlier.is_day_plausible
            = is_plausible(staged_listing.release_code, staged_listing.listed_date, staged_file.first_seen_at)
            and earlier.first_seen_at <= staged_file.first_seen_at
    )
group by release_listed.release_key, release_listed.listings
having count(*) = release_listed.listings;

update fact_release
set listing_count = fact_release.listing_count + release_again.listings
from release_again
where fact_release.release_key = release_again.release_key;

insert into touched_release
select
    release_key,
    release_code,
    portal_id
from release_listed
where release_key not in (select release_key from release_again);
