-- Releases that this load touched, told anew from all their listings and the versions of their texts.
create or replace temp table release_before as
select
    release_key,
    version_count,
    published_at
from fact_release
where release_key in (select release_key from touched_release);

-- What the current texts say, for releases with several contents; the longest text speaks for the release.
create or replace temp table release_text as
with latest as (
    select
        release_key,
        text_key,
        count(*) as version_count,
        max(valid_from) as valid_from,
        arg_max(content_key, version_no) as content_key
    from text_version
    where
        release_key in (
            select release_key from release_seen
            where has_several_contents
        )
    group by release_key, text_key
)

select
    latest.release_key,
    sum(latest.version_count)::bigint as version_count,
    arg_max(
        latest.content_key, row(coalesce(text_content.word_count, -1), latest.valid_from, -latest.text_key)
    ) as content_key,
    -- NULLs are left out by arg_max.
    arg_max(text_content.event_date, row(latest.valid_from, latest.text_key)) as event_date
from latest
inner join text_content on latest.content_key = text_content.content_key
group by latest.release_key;

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
        release_seen.last_listing_key,
        release_seen.has_several_contents,
        coalesce(release_text.content_key, release_seen.content_key) as content_key,
        coalesce(release_text.version_count, 1) as version_count,
        release_text.event_date
    from release_seen
    left join release_text on release_seen.release_key = release_text.release_key
)

select
    told.release_key,
    touched_release.release_code,
    touched_release.portal_id,
    fact_listing.url,
    fact_listing.publisher_key,
    told.content_key,
    told.first_listed_date_key,
    told.last_listed_date_key,
    strftime(
        case when told.has_several_contents then told.event_date else text_content.event_date end, '%Y%m%d'
    )::integer as event_date_key,
    release_before.published_at,
    told.first_seen_at,
    text_content.word_count is not null as has_body,
    text_content.word_count,
    told.listing_count,
    told.version_count
from told
inner join fact_listing on told.last_listing_key = fact_listing.listing_key
inner join text_content on told.content_key = text_content.content_key
inner join touched_release on told.release_key = touched_release.release_key
left join release_before on told.release_key = release_before.release_key;
