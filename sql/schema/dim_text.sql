-- Texts of releases and their versions, with until when each stood.
-- Grain: one row per version of a text; a text is a release in one language from one origin.
create or replace view dim_text as
with ranged as (
    select
        *,
        -- By release too, so that a question about one release reads no other.
        lead(valid_from) over (partition by release_key, text_key order by version_no) as next_valid_from
    from text_version
)

select
    ranged.text_key,
    ranged.release_key,
    text_content.language_key,
    text_content.origin,
    ranged.version_no,
    text_content.title,
    text_content.body,
    -- Told when it is asked for: hashes cannot be compressed, and content_key holds the first half of it already.
    sha256(concat(text_content.title, chr(10) || text_content.body)) as content_sha256,
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
comment on column dim_text.content_sha256 is 'SHA-256, in hex, of the title''s UTF-8 as received, then a line feed and the body''s where there is a body. Equal hashes of two releases are a reprint.';
comment on column dim_text.valid_from is 'Since when this version stood (UTC): 00:00 of the day the digest lists it under; of a portal''s text the moment its page was asked for.';
comment on column dim_text.valid_to is 'Until when, exclusive; 9999-12-31 for the current version.';
comment on column dim_text.is_current is 'True for the last version of the text.';
comment on column dim_text.content_key is 'Key of the row''s content: text_content. With text_key and valid_from it is unique.';
comment on column dim_text.first_seen_at is 'When the warehouse learnt of it (UTC): the as_of of the load that brought the digest, or the moment the page was asked for.';
comment on column dim_text.title_language_key is 'Language of the title: dim_language.';
comment on column dim_text.body_language_key is 'Language of the body: dim_language; NULL without a body.';
comment on column dim_text.word_count is 'Words of the body; NULL without a body.';
comment on column dim_text.title_clean is 'Title in NFC, without zero-width spaces, real or spelt \u200b.';
comment on column dim_text.body_clean is 'Body with its lost paragraph breaks restored as line feeds, in NFC, without zero-width spaces, real or spelt \u200b.';
comment on column dim_text.paragraph_breaks is 'Character offsets (from 0) in body before which body_clean has a restored break.';
comment on column dim_text.lookalike_words is 'Words of the body that mix Cyrillic and Latin look-alike letters.';
comment on column dim_text.event_place is 'Place of the event by the body''s dateline.';
comment on column dim_text.event_date is 'Day of the event by the body''s dateline.';
