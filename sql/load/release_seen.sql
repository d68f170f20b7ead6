-- What listings and pages say of the releases that this load touched. Of several listings the last is that of the latest
-- day, then of the digest with the greater key, then the one further down: no order of arrival changes it.
-- Assumes: a listing under a day that cannot be is of no day, and comes before all others.
create or replace temp table release_before as
select
    release_key,
    content_key,
    version_count
from fact_release
where release_key in (select release_key from touched_release);

create or replace temp table listing_seen as
select
    fact_listing.release_key,
    fact_listing.content_key,
    fact_listing.listing_key,
    fact_listing.source_file_key,
    fact_listing.byte_start,
    source_file.first_seen_at,
    case when fact_listing.is_day_plausible then fact_listing.listed_date_key end as listed_date_key
from fact_listing
inner join source_file on fact_listing.source_file_key = source_file.source_file_key
where fact_listing.release_key in (select release_key from touched_release);

create or replace temp table release_seen as
with placed as (
    select
        *,
        -- Several columns as one number: rows as keys would take several times as long.
        (coalesce(listed_date_key, 0) * (1::hugeint << 63) + source_file_key) * (1::hugeint << 38) + byte_start as place,
        coalesce(listed_date_key, 99999999) * (1::hugeint << 63) + epoch_us(first_seen_at) as place_of_first_day
    from listing_seen
)

select
    release_key,
    min(listed_date_key) as first_listed_date_key,
    max(listed_date_key) as last_listed_date_key,
    min(first_seen_at) as first_seen_at,
    arg_min(first_seen_at, place_of_first_day) as first_listing_seen_at,
    count(*) as listing_count,
    arg_max(listing_key, place) as last_listing_key,
    min(content_key) as content_key,
    min(content_key) < max(content_key) as has_several_contents
from placed
group by release_key;

-- What pages say of the releases that this load touched: those that no digest lists have no other row in release_seen. When
-- the portal published a release is said by its latest answer that tells the time, or the day, of those that can be.
create or replace temp table release_fetched as
select
    release_key,
    min(requested_at) as first_seen_at,
    min(content_key) as content_key,
    arg_max(
        case when is_plausible(release_code, published_at, requested_at) then published_at end,
        row(not published_day_only, requested_at, fetch_key)
    ) as published_at,
    arg_max(slug, row(requested_at, fetch_key)) as slug
from fact_fetch
where
    content_key is not null
    and outcome <> 'not_the_release'
    and release_key in (select release_key from touched_release)
group by release_key;

update release_seen
set
    first_seen_at = least(release_seen.first_seen_at, release_fetched.first_seen_at),
    has_several_contents = true
from release_fetched
where release_seen.release_key = release_fetched.release_key;

insert into release_seen (release_key, first_seen_at, listing_count, content_key, has_several_contents)
select
    release_key,
    first_seen_at,
    0 as listing_count,
    content_key,
    true as has_several_contents
from release_fetched
where release_key not in (select release_key from release_seen);

-- Releases with one content have one version. The others are put in order by text_sighting, which adds theirs.
create or replace temp table version_now as
select
    text_of(text_content.release_key, text_content.language_key, text_content.origin) as text_key,
    release_seen.release_key,
    text_content.language_key,
    1 as version_no,
    release_seen.content_key,
    release_seen.content_key as source_content_key,
    case
        when release_seen.first_listed_date_key is null then release_seen.first_seen_at
        else start_of_day(release_seen.first_listed_date_key)
    end as valid_from,
    release_seen.first_listing_seen_at as first_seen_at
from release_seen
inner join text_content
    on release_seen.content_key = text_content.content_key and release_seen.release_key = text_content.release_key
where not release_seen.has_several_contents;

create or replace temp table release_text (
    release_key bigint, version_count bigint, content_key bigint, event_date date
);
