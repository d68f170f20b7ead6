-- Releases with everything about them in one row, all names resolved.
-- Grain: one row per release. Title and body are those of the current text that speaks for it: one with a body before one
-- without, the digest's before the portal's, of several languages the digest's, then the longest.
create or replace view mart_release as
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
    dim_publisher.slug as publisher_slug, -- Slug of the publisher.
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher, -- Name of the publisher in English, or its slug where no name is known.
    dim_publisher.kind as publisher_kind, -- Kind of publisher: ministry, regional_akimat …
    dim_publisher.is_known as publisher_is_known, -- True when the reference rows have the publisher.
    dim_region.iso_code as region_iso, -- ISO 3166-2 code of the publisher's region; NULL for central bodies and where unknown.
    dim_region.name_en as region, -- Name of that region in English.
    text_content.event_place,
    event_day.date as event_date, -- Day of the event by the dateline; may lie in the future.
    fact_release.published_at,
    day_of(fact_release.published_at) as published_date, -- The day gov.kz published it, by the clocks of Almaty; NULL until its page has been read.
    mart_release_day.release_date,
    mart_release_day.dated_by,
    first_day.date as first_listed_date, -- The first day a digest lists it under; NULL where none does.
    fact_release.first_seen_at,
    date_diff('day', event_day.date, first_day.date) as days_event_to_listed, -- Days from event to first listing; negative for events announced ahead; NULL while no digest lists it.
    date_diff('day', day_of(fact_release.published_at), first_day.date) as days_published_to_listed, -- Days from publication to first listing; NULL while publication is unknown.
    date_diff('day', event_day.date, day_of(fact_release.published_at)) as days_event_to_published, -- Days from event to publication; NULL while publication is unknown.
    date_diff('day', first_day.date, day_of(fact_release.first_seen_at)) as days_listed_to_seen, -- Days from first listing until the warehouse learnt of it.
    fact_release.listing_count,
    fact_release.version_count
from fact_release
inner join mart_release_day on fact_release.release_key = mart_release_day.release_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
left join dim_region on dim_publisher.region_key = dim_region.region_key
left join dim_date as first_day on fact_release.first_listed_date_key = first_day.date_key
left join dim_date as event_day on fact_release.event_date_key = event_day.date_key
inner join text_content
    on fact_release.content_key = text_content.content_key and fact_release.release_key = text_content.release_key
inner join dim_language on text_content.language_key = dim_language.language_key;
