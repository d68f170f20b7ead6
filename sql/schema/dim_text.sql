-- Texts of releases and their versions, seen through the digests that listed them.
-- Grain: one row per version of a text; a text is a release in one language from one origin.
-- Assumes: sightings are ordered by the day the digest lists them under, then by when the warehouse learnt of them, then
-- (for two contents on one day in one load) the longer body later, then by key. A content that differs from the one
-- sighted before it is a version. Valid from the listed day, 00:00; a second version on one day is valid one microsecond
-- later, so that no range is empty. Late digests slot in between, and no order of arrival changes a row.
create or replace view dim_text as
with sighting as (
    select distinct
        xor(xor(text_content.release_key, text_content.language_key), origin_key(text_content.origin)) as text_key,
        text_content.content_key,
        fact_listing.listed_date_key,
        source_file.first_seen_at,
        coalesce(text_content.word_count, -1) as words
    from fact_listing
    inner join source_file on fact_listing.source_file_key = source_file.source_file_key
    inner join text_content on fact_listing.content_key = text_content.content_key
),

compared as (
    select
        text_key,
        content_key,
        listed_date_key,
        first_seen_at,
        words,
        lag(content_key) over (
            partition by text_key
            order by listed_date_key, first_seen_at, words, content_key
        ) as content_before
    from sighting
),

changed as (
    select
        text_key,
        content_key,
        listed_date_key,
        first_seen_at,
        row_number() over (
            partition by text_key
            order by listed_date_key, first_seen_at, words, content_key
        ) as version_no,
        row_number() over (
            partition by text_key, listed_date_key
            order by first_seen_at, words, content_key
        ) as version_of_day
    from compared
    where content_key is distinct from content_before
),

dated as (
    select
        text_key,
        content_key,
        first_seen_at,
        version_no,
        strptime(listed_date_key::varchar, '%Y%m%d') + to_microseconds(version_of_day - 1) as valid_from
    from changed
),

ranged as (
    select
        text_key,
        content_key,
        first_seen_at,
        version_no,
        valid_from,
        lead(valid_from) over (partition by text_key order by version_no) as next_valid_from
    from dated
)

select
    ranged.text_key,
    text_content.release_key,
    text_content.language_key,
    text_content.origin,
    ranged.version_no,
    text_content.title,
    text_content.body,
    text_content.content_sha256,
    ranged.valid_from,
    coalesce(ranged.next_valid_from, timestamp '9999-12-31') as valid_to,
    ranged.next_valid_from is null as is_current,
    ranged.content_key,
    ranged.first_seen_at,
    text_content.title_language_key,
    text_content.body_language_key,
    text_content.word_count,
    clean_text(text_content.title) as title_clean,
    clean_text(with_breaks(text_content.body, text_content.paragraph_breaks)) as body_clean,
    text_content.paragraph_breaks,
    text_content.lookalike_words,
    text_content.event_place,
    text_content.event_date
from ranged
inner join text_content on ranged.content_key = text_content.content_key;
comment on view dim_text is 'Texts of releases and their versions. Grain: one row per version of a text; a text is a release in one language from one origin.';
comment on column dim_text.text_key is 'The text: release_key xor language_key xor the first 63 bits of the MD5 of "origin" and the origin. All versions of a text share it.';
comment on column dim_text.release_key is 'The release: fact_release.';
comment on column dim_text.language_key is 'Language of the text: dim_language.';
comment on column dim_text.origin is 'digest, or portal for texts fetched from gov.kz. A text from one is never a version of a text from the other.';
comment on column dim_text.version_no is 'Number of the version within its text, from 1.';
comment on column dim_text.title is 'Title as received.';
comment on column dim_text.body is 'Body as received, line ends as line feeds; NULL where there is none.';
comment on column dim_text.content_sha256 is 'SHA-256, in hex, of title and body as received. Equal hashes of two releases are a reprint.';
comment on column dim_text.valid_from is 'Since when this version stood (UTC): 00:00 of the day the digest lists it under.';
comment on column dim_text.valid_to is 'Until when, exclusive; 9999-12-31 for the current version.';
comment on column dim_text.is_current is 'True for the last version of the text.';
comment on column dim_text.content_key is 'Key of the row''s content: text_content. With text_key and valid_from it is unique.';
comment on column dim_text.first_seen_at is 'The as_of (UTC) of the load that brought the digest with this version.';
comment on column dim_text.title_language_key is 'Language of the title: dim_language.';
comment on column dim_text.body_language_key is 'Language of the body: dim_language; NULL without a body.';
comment on column dim_text.word_count is 'Words of the body; NULL without a body.';
comment on column dim_text.title_clean is 'Title in NFC, without zero-width spaces, real or spelt \u200b.';
comment on column dim_text.body_clean is 'Body with its lost paragraph breaks restored as line feeds, in NFC, without zero-width spaces, real or spelt \u200b.';
comment on column dim_text.paragraph_breaks is 'Character offsets (from 0) in body before which body_clean has a restored break.';
comment on column dim_text.lookalike_words is 'Words of the body that mix Cyrillic and Latin look-alike letters.';
comment on column dim_text.event_place is 'Place of the event by the body''s dateline.';
comment on column dim_text.event_date is 'Day of the event by the body''s dateline.';
