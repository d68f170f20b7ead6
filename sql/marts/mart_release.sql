-- Releases with everything about them in one row, all names resolved.
-- Grain: one row per release. Title and body are those of the current text that speaks for it: one with a body before one
-- without, the digest's before the portal's, of several languages the digest's, then the longest.
create or replace view mart_release as
with publisher as (
    -- Joined here, and days read off their keys below: after a left join a question about some releases would read all.
    select
        dim_publisher.publisher_key,
        dim_publisher.slug,
        dim_publisher.name_en,
        dim_publisher.kind,
        dim_publisher.is_known,
        dim_region.iso_code as region_iso,
        dim_region.name_en as region
    from dim_publisher
    left join dim_region on dim_publisher.region_key = dim_region.region_key
)

select
    fact_release.release_key, -- The release: fact_release.
    fact_release.release_code,
    fact_release.portal_id,
    is_on_portal(fact_release.release_code) as is_on_portal, -- True when gov.kz has its page; false on the government's other sites, whose pages are not fetched.
    fact_release.url,
    clean_text(text_content.title) as title, -- Title of the current text that speaks for it, clean: one with a body, then the digest's, then the longest.
    clean_text(with_breaks(text_content.body, text_content.paragraph_breaks)) as body, -- Body of the same text, clean, with paragraph breaks restored; NULL where there is none.
    dim_language.code as language, -- Language of that text: kk, ru, en, other, mixed or und.
    fact_release.has_body,
    fact_release.word_count, -- Words of that body; NULL without one.
    publisher.slug as publisher_slug, -- Slug of the publisher.
    coalesce(publisher.name_en, publisher.slug) as publisher, -- Name of the publisher in English, or its slug where no name is known.
    publisher.kind as publisher_kind, -- Kind of publisher: ministry, regional_akimat …
    publisher.is_known as publisher_is_known, -- True when the reference rows have the publisher.
    publisher.region_iso, -- ISO 3166-2 code of the publisher's region; NULL for central bodies and where unknown.
    publisher.region, -- Name of that region in English.
    text_content.event_place,
    date_of(fact_release.event_date_key) as event_date, -- Day of the event by the dateline; may lie in the future.
    fact_release.published_at,
    day_of(fact_release.published_at) as published_date, -- The day gov.kz published it, by the clocks of Almaty; NULL until its page has been read.
    release_day(
        fact_release.first_listed_date_key, fact_release.published_at, fact_release.first_seen_at
    ) as release_date, -- The day it appeared, in Almaty: the first one a digest lists it under, else the one gov.kz published it, else the one the warehouse learnt of it.
    release_day_is(fact_release.first_listed_date_key, fact_release.published_at) as dated_by, -- What release_date is: listed, published or learnt of.
    date_of(fact_release.first_listed_date_key) as first_listed_date, -- The first day a digest lists it under; NULL where none does.
    fact_release.first_seen_at,
    date_diff('day', date_of(fact_release.event_date_key), date_of(fact_release.first_listed_date_key)) as days_event_to_listed, -- Days from event to first listing; negative for events announced ahead; NULL while no digest lists it.
    date_diff('day', day_of(fact_release.published_at), date_of(fact_release.first_listed_date_key)) as days_published_to_listed, -- Days from publication to first listing; NULL while publication is unknown.
    date_diff('day', date_of(fact_release.event_date_key), day_of(fact_release.published_at)) as days_event_to_published, -- Days from event to publication; NULL while publication is unknown.
    date_diff('day', date_of(fact_release.first_listed_date_key), day_of(fact_release.first_seen_at)) as days_listed_to_seen, -- Days from first listing until the warehouse learnt of it.
    fact_release.listing_count,
    fact_release.version_count
from fact_release
inner join publisher on fact_release.publisher_key = publisher.publisher_key
inner join text_content
    on fact_release.content_key = text_content.content_key and fact_release.release_key = text_content.release_key
inner join dim_language on text_content.language_key = dim_language.language_key;
