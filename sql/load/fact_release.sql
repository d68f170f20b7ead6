-- Releases that this load touched, made again from all their listings and the versions of their texts.
delete from fact_release
where release_key in (select release_key from touched_release);

insert into fact_release by name
with release as (
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
        'https://www.gov.kz/memleket/entities/' || release_fetched.slug
        || '/press/news/details/' || touched_release.release_code
    ) as url,
    coalesce(fact_listing.publisher_key, key_of('publisher' || chr(31) || release_fetched.slug)) as publisher_key,
    release.content_key,
    release.first_listed_date_key,
    release.last_listed_date_key,
    strftime(
        case when release.has_several_contents then release.event_date else text_content.event_date end, '%Y%m%d'
    )::integer as event_date_key,
    release_fetched.published_at,
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
left join release_fetched on release.release_key = release_fetched.release_key;
