-- Releases that this load touched, computed anew from all their listings and texts.
-- Assumes that most releases have one listing and one content: only the others need the order of their listings and the
-- versions of their texts.
create or replace temp table release_before as
select
    release_key,
    version_count,
    published_at
from fact_release
where release_key in (select release_key from touched_release);

create or replace temp table release_seen as
select
    fact_listing.release_key,
    min(fact_listing.listed_date_key) as first_listed_date_key,
    max(fact_listing.listed_date_key) as last_listed_date_key,
    min(source_file.first_seen_at) as first_seen_at,
    count(*) as listing_count,
    min(fact_listing.listing_key) as listing_key,
    min(fact_listing.content_key) as content_key,
    min(fact_listing.content_key) < max(fact_listing.content_key) as has_several_contents
from fact_listing
inner join source_file on fact_listing.source_file_key = source_file.source_file_key
where fact_listing.release_key in (select release_key from touched_release)
group by fact_listing.release_key;

-- The latest listing of releases with several: by the day listed, then by when the warehouse learnt of it.
create or replace temp table release_latest as
select
    fact_listing.release_key,
    arg_max(
        fact_listing.listing_key,
        row(fact_listing.listed_date_key, source_file.first_seen_at, source_file.sha256, fact_listing.byte_start)
    ) as listing_key
from fact_listing
inner join source_file on fact_listing.source_file_key = source_file.source_file_key
where
    fact_listing.release_key in (
        select release_key from release_seen
        where listing_count > 1
    )
group by fact_listing.release_key;

-- What the versions of texts say, for releases with several contents.
create or replace temp table release_versions as
select
    release_key,
    count(*) as version_count,
    max(word_count) filter (where is_current) as word_count,
    arg_max(event_date, row(valid_from, text_key)) filter (where is_current and event_date is not null) as event_date
from dim_text
where
    release_key in (
        select release_key from release_seen
        where has_several_contents
    )
group by release_key;

delete from fact_release
where release_key in (select release_key from touched_release);

insert into fact_release
with told as (
    select
        release_seen.release_key,
        release_seen.first_listed_date_key,
        release_seen.last_listed_date_key,
        release_seen.first_seen_at,
        release_seen.listing_count,
        release_seen.content_key,
        release_seen.has_several_contents,
        coalesce(release_latest.listing_key, release_seen.listing_key) as listing_key
    from release_seen
    left join release_latest on release_seen.release_key = release_latest.release_key
)

select
    told.release_key,
    touched_release.release_code,
    touched_release.portal_id,
    fact_listing.url,
    fact_listing.publisher_key,
    told.first_listed_date_key,
    told.last_listed_date_key,
    strftime(
        case when told.has_several_contents then release_versions.event_date else text_content.event_date end, '%Y%m%d'
    )::integer as event_date_key,
    release_before.published_at,
    told.first_seen_at,
    case when told.has_several_contents then release_versions.word_count else text_content.word_count end is not null
        as has_body,
    case when told.has_several_contents then release_versions.word_count else text_content.word_count end as word_count,
    told.listing_count,
    coalesce(release_versions.version_count, 1) as version_count
from told
inner join fact_listing on told.listing_key = fact_listing.listing_key
inner join text_content on told.content_key = text_content.content_key
inner join touched_release on told.release_key = touched_release.release_key
left join release_versions on told.release_key = release_versions.release_key
left join release_before on told.release_key = release_before.release_key;
