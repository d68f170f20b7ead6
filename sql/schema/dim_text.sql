-- Texts of releases and their versions, with until when each stood.
-- Grain: one row per version of a text; a text is a release in one language from one origin.
create or replace view dim_text as
select
    text_version.text_key,
    text_version.release_key,
    text_version.language_key,
    text_content.origin,
    text_version.version_no,
    text_content.title,
    text_content.body,
    text_content.links,
    text_content.pictures,
    text_content.videos,
    -- Computed when a query needs it: hashes cannot be compressed.
    sha256(concat(text_content.title, chr(10) || text_content.body)) as content_sha256, -- SHA-256, in hex, of the title's UTF-8 as received, then a line feed and the body's where there is a body. Equal hashes of two releases are a reprint.
    text_version.valid_from,
    coalesce(later.valid_from, timestamp '9999-12-31') as valid_to, -- Until when, exclusive; 9999-12-31 for the current version.
    later.valid_from is null as is_current, -- True for the last version of the text.
    text_version.content_key, -- Key of the row's content: text_content. With text_key and valid_from it is unique.
    text_version.source_content_key,
    text_version.first_seen_at,
    text_content.title_language_key,
    text_content.body_language_key,
    text_content.word_count,
    clean_text(text_content.title) as title_clean, -- Title in NFC, without zero-width spaces, real or spelt \u200b.
    clean_text(with_breaks(text_content.body, text_content.paragraph_breaks)) as body_clean, -- Body with its lost paragraph breaks restored as line feeds, in NFC, without zero-width spaces, real or spelt \u200b.
    text_content.paragraph_breaks,
    text_content.lookalike_words,
    text_content.event_place,
    text_content.event_date
from text_version
left join text_version as later
    on
        -- Hardly any text has a later version, and a question about one release reads no other.
        later.version_no > 1
        and text_version.release_key = later.release_key
        and text_version.text_key = later.text_key
        and text_version.version_no + 1 = later.version_no
inner join text_content
    on text_version.content_key = text_content.content_key and text_version.release_key = text_content.release_key;
