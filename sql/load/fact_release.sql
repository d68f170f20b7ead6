-- Releases that this load touched, made again from all their listings and the versions of their texts.
create or replace temp table release_before as
select
    release_key,
    content_key,
    version_count
from fact_release
where release_key in (select release_key from touched_release);

-- What the portal says about itself: when it published a release, by its latest answer that tells the time, or the day,
-- of those that can be.
create or replace temp table release_published as
select
    release_key,
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

-- What the current texts say, for releases with several contents. One text speaks for the release: one with a body
-- before one without, the digest's before the portal's, one in the digest's language before others, then the longest.
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
),

current_text as (
    select
        latest.release_key,
        latest.text_key,
        latest.version_count,
        latest.valid_from,
        latest.content_key,
        text_content.origin = 'digest' as is_digest,
        coalesce(text_content.word_count, -1) as words,
        text_content.event_date,
        bool_or(text_content.origin = 'digest') over (partition by latest.release_key, text_content.language_key)
            as is_in_digest_language
    from latest
    inner join text_content
        on latest.content_key = text_content.content_key and latest.release_key = text_content.release_key
)

select
    release_key,
    sum(version_count)::bigint as version_count,
    arg_max(
        content_key, row(words >= 0, is_digest, is_in_digest_language, words, valid_from, -text_key)
    ) as content_key,
    -- NULLs are left out by arg_max.
    arg_max(event_date, row(valid_from, text_key)) as event_date
from current_text
group by release_key;

delete from fact_release
where release_key in (select release_key from touched_release);

insert into fact_release by name
with publisher_of_slug as (
    select distinct
        slug,
        publisher_key
    from publisher_version
),

release as (
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
    release.release_key,
    touched_release.release_code,
    touched_release.portal_id,
    coalesce(
        fact_listing.url,
        'https://www.gov.kz/memleket/entities/' || release_published.slug
        || '/press/news/details/' || touched_release.release_code
    ) as url,
    coalesce(fact_listing.publisher_key, publisher_of_slug.publisher_key) as publisher_key,
    release.content_key,
    release.first_listed_date_key,
    release.last_listed_date_key,
    strftime(
        case when release.has_several_contents then release.event_date else text_content.event_date end, '%Y%m%d'
    )::integer as event_date_key,
    release_published.published_at,
    release.first_seen_at,
    text_content.word_count is not null as has_body,
    text_content.word_count,
    release.listing_count,
    release.version_count
from release
left join fact_listing
    on release.last_listing_key = fact_listing.listing_key and release.release_key = fact_listing.release_key
inner join text_content
    on release.content_key = text_content.content_key and release.release_key = text_content.release_key
inner join touched_release on release.release_key = touched_release.release_key
left join release_published on release.release_key = release_published.release_key
left join publisher_of_slug on release_published.slug = publisher_of_slug.slug;
