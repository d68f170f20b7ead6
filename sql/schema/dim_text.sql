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
    ranged.language_key,
    text_content.origin,
    ranged.version_no,
    text_content.title,
    text_content.body,
    text_content.links,
    text_content.pictures,
    text_content.videos,
    -- Computed when a query needs it: hashes cannot be compressed.
    sha256(concat(text_content.title, chr(10) || text_content.body)) as content_sha256, -- SHA-256, in hex, of the title's UTF-8 as received, then a line feed and the body's where there is a body. Equal hashes of two releases are a reprint.
    ranged.valid_from,
    coalesce(ranged.next_valid_from, timestamp '9999-12-31') as valid_to, -- Until when, exclusive; 9999-12-31 for the current version.
    ranged.next_valid_from is null as is_current, -- True for the last version of the text.
    ranged.content_key, -- Key of the row's content: text_content. With text_key and valid_from it is unique.
    ranged.source_content_key,
    ranged.first_seen_at,
    text_content.title_language_key,
    text_content.body_language_key,
    text_content.word_count,
    clean_text(text_content.title) as title_clean, -- Title in NFC, without zero-width spaces, real or spelt \u200b.
    clean_text(with_breaks(text_content.body, text_content.paragraph_breaks)) as body_clean, -- Body with its lost paragraph breaks restored as line feeds, in NFC, without zero-width spaces, real or spelt \u200b.
    text_content.paragraph_breaks,
    text_content.lookalike_words,
    text_content.event_place,
    text_content.event_date
from ranged
inner join text_content
    on ranged.content_key = text_content.content_key and ranged.release_key = text_content.release_key;
