-- Releases that this load touched, computed anew from all their listings and texts.
create or replace temp table release_before as
select
    release_key,
    version_count,
    published_at
from fact_release
where release_key in (select release_key from touched_release);

create or replace temp table release_texts as
select
    release_key,
    count(*) as version_count,
    max(word_count) filter (where is_current) as word_count,
    arg_max(event_date, valid_from) filter (where is_current and event_date is not null) as event_date
from dim_text
where release_key in (select release_key from touched_release)
group by release_key;

create or replace temp table release_listings as
with listing as (
    select
        fact_listing.release_key,
        fact_listing.listed_date_key,
        fact_listing.url,
        fact_listing.publisher_key,
        source_file.first_seen_at,
        row(
            fact_listing.listed_date_key, source_file.first_seen_at, source_file.sha256, fact_listing.byte_start
        ) as place
    from fact_listing
    inner join source_file on fact_listing.source_file_key = source_file.source_file_key
    where fact_listing.release_key in (select release_key from touched_release)
)

select
    release_key,
    min(listed_date_key) as first_listed_date_key,
    max(listed_date_key) as last_listed_date_key,
    min(first_seen_at) as first_seen_at,
    count(*) as listing_count,
    case when count(*) = 1 then any_value(url) else arg_max(url, place) end as url,
    case when count(*) = 1 then any_value(publisher_key) else arg_max(publisher_key, place) end as publisher_key
from listing
group by release_key;

delete from fact_release
where release_key in (select release_key from touched_release);

insert into fact_release
select
    touched_release.release_key,
    touched_release.release_code,
    touched_release.portal_id,
    release_listings.url,
    release_listings.publisher_key,
    release_listings.first_listed_date_key,
    release_listings.last_listed_date_key,
    strftime(release_texts.event_date, '%Y%m%d')::integer as event_date_key,
    release_before.published_at,
    release_listings.first_seen_at,
    release_texts.word_count is not null as has_body,
    release_texts.word_count,
    release_listings.listing_count,
    release_texts.version_count
from touched_release
inner join release_listings on touched_release.release_key = release_listings.release_key
inner join release_texts on touched_release.release_key = release_texts.release_key
left join release_before on touched_release.release_key = release_before.release_key;
