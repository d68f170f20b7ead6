-- Titles and bodies of releases as received, each distinct content once, with what normalising found in it.
-- Grain: one row per release, language, origin and content (SHA-256 of title and body).
-- A title that a digest listed alone makes one with the body that stood before it, for as long as a version says so.
-- Which content was the text's version since when: text_version.
create table if not exists text_content (
    content_key bigint not null, -- Key: the first 63 bits of the MD5 of "content", release_key, origin, the language a portal's page was asked in (empty for digests) and dim_text's content_sha256; of portal texts the hash is of links, pictures and videos too.
    release_key bigint not null, -- The release: fact_release.
    language_key bigint not null, -- Language of the text: of a portal's page that which it was asked in; else that of its body, or of its title where there is no body: dim_language.
    title_language_key bigint not null, -- Language of the title: dim_language.
    body_language_key bigint, -- Language of the body: dim_language; NULL without a body.
    origin varchar not null, -- digest, or portal for texts fetched from gov.kz. A text from one is never a version of a text from the other.
    is_repaired boolean not null, -- True when the portal served mojibake (UTF-8 read as Latin-1) that was put right.
    title varchar not null using compression zstd, -- Title as received.
    body varchar using compression zstd, -- Body as received, line ends as line feeds; NULL where there is none.
    links varchar[], -- Addresses that the body links to, in its order: of gov.kz the path, else https; NULL for digests, which tell none.
    pictures varchar[], -- Addresses of the pictures in the body, likewise, without parameters.
    videos varchar[], -- Addresses of the videos, sound and embedded pages in the body, likewise.
    word_count integer, -- Words of the body, glued ones told apart; NULL without a body.
    paragraph_breaks uinteger[], -- Character offsets (from 0) in body before which a lost break is restored; NULL without a body.
    lookalike_words varchar[], -- Words of the body that mix Cyrillic and Latin look-alike letters; NULL without a body.
    event_place varchar, -- Place of the event by the body's dateline, by its English name where known.
    event_date date, -- Day of the event by the body's dateline.
    place_start uinteger, -- Character offset (from 0) in body at which the place stands.
    place_end uinteger, -- Where it ends, exclusive.
    date_start uinteger, -- Character offset (from 0) in body at which the event's date stands.
    date_end uinteger -- Where it ends, exclusive.
);
