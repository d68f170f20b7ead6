-- Releases with everything about them in one row, all names resolved.
-- Grain: one row per release. Title and body are those of the current text that speaks for it: one with a body before one
-- without, the digest's before the portal's, of several languages the digest's, then the longest.
create or replace view mart_release as
select
    fact_release.release_key,
    fact_release.release_code,
    fact_release.portal_id,
    fact_release.url,
    clean_text(text_content.title) as title,
    clean_text(with_breaks(text_content.body, text_content.paragraph_breaks)) as body,
    dim_language.code as language,
    fact_release.has_body,
    fact_release.word_count,
    dim_publisher.slug as publisher_slug,
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher,
    dim_publisher.kind as publisher_kind,
    dim_publisher.is_known as publisher_is_known,
    dim_region.iso_code as region_iso,
    dim_region.name_en as region,
    text_content.event_place,
    event_day.date as event_date,
    fact_release.published_at,
    first_day.date as first_listed_date,
    fact_release.first_seen_at,
    date_diff('day', event_day.date, first_day.date) as days_event_to_listed,
    date_diff('day', fact_release.published_at::date, first_day.date) as days_published_to_listed,
    date_diff('day', event_day.date, fact_release.published_at::date) as days_event_to_published,
    date_diff('day', first_day.date, fact_release.first_seen_at::date) as days_listed_to_seen,
    fact_release.listing_count,
    fact_release.version_count
from fact_release
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
left join dim_region on dim_publisher.region_key = dim_region.region_key
left join dim_date as first_day on fact_release.first_listed_date_key = first_day.date_key
left join dim_date as event_day on fact_release.event_date_key = event_day.date_key
inner join text_content on fact_release.content_key = text_content.content_key
inner join dim_language on text_content.language_key = dim_language.language_key;
comment on view mart_release is 'Releases with everything about them in one row, all names resolved. Grain: one row per release.';
comment on column mart_release.release_key is 'The release: fact_release.';
comment on column mart_release.title is 'Title of the current text that speaks for it, clean: one with a body, then the digest''s, then the longest.';
comment on column mart_release.body is 'Body of the same text, clean, with paragraph breaks restored; NULL where there is none.';
comment on column mart_release.language is 'Language of that text: kk, ru, en, other, mixed or und.';
comment on column mart_release.word_count is 'Words of that body; NULL without one.';
comment on column mart_release.publisher_slug is 'Slug of the publisher.';
comment on column mart_release.publisher is 'Name of the publisher in English, or its slug where no name is known.';
comment on column mart_release.publisher_kind is 'Kind of publisher: ministry, regional_akimat …';
comment on column mart_release.publisher_is_known is 'True when the reference rows have the publisher.';
comment on column mart_release.region_iso is 'ISO 3166-2 code of the publisher''s region; NULL for central bodies and where unknown.';
comment on column mart_release.region is 'Name of that region in English.';
comment on column mart_release.event_date is 'Day of the event by the dateline; may lie in the future.';
comment on column mart_release.first_listed_date is 'The first day a digest lists it under; NULL where none does.';
comment on column mart_release.days_event_to_listed is 'Days from event to first listing; negative for events announced ahead; NULL while no digest lists it.';
comment on column mart_release.days_published_to_listed is 'Days from publication to first listing; NULL while publication is unknown.';
comment on column mart_release.days_event_to_published is 'Days from event to publication; NULL while publication is unknown.';
comment on column mart_release.days_listed_to_seen is 'Days from first listing until the warehouse learnt of it.';
