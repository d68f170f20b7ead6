-- Titles and bodies of releases as received, each distinct content once, with what normalising found in it.
-- Grain: one row per release, language, origin and content (SHA-256 of title and body); insert-only.
-- Which content was the text's version since when: text_version.
create table if not exists text_content (
    content_key bigint not null,
    release_key bigint not null,
    language_key bigint not null,
    title_language_key bigint not null,
    body_language_key bigint,
    origin varchar not null,
    is_repaired boolean not null,
    title varchar not null using compression zstd,
    body varchar using compression zstd,
    word_count integer,
    paragraph_breaks uinteger[],
    lookalike_words varchar[],
    event_place varchar,
    event_date date,
    place_start uinteger,
    place_end uinteger,
    date_start uinteger,
    date_end uinteger
);
comment on table text_content is 'Titles and bodies of releases as received, each distinct content once. Grain: one row per release, language, origin and content; insert-only.';
comment on column text_content.content_key is 'Key: release_key xor the first 63 bits of dim_text''s content_sha256; of portal texts also xor those of the MD5 of "content", "portal" and the language.';
comment on column text_content.release_key is 'The release: fact_release.';
comment on column text_content.language_key is 'Language of the text: of a portal''s page that which it was asked in; else that of its body, or of its title where there is no body: dim_language.';
comment on column text_content.title_language_key is 'Language of the title: dim_language.';
comment on column text_content.body_language_key is 'Language of the body: dim_language; NULL without a body.';
comment on column text_content.origin is 'digest, or portal for texts fetched from gov.kz. A text from one is never a version of a text from the other.';
comment on column text_content.is_repaired is 'True when the portal served mojibake (UTF-8 read as Latin-1) that was put right.';
comment on column text_content.title is 'Title as received.';
comment on column text_content.body is 'Body as received, line ends as line feeds; NULL where there is none.';
comment on column text_content.word_count is 'Words of the body, glued ones told apart; NULL without a body.';
comment on column text_content.paragraph_breaks is 'Character offsets (from 0) in body before which a lost break is restored; NULL without a body.';
comment on column text_content.lookalike_words is 'Words of the body that mix Cyrillic and Latin look-alike letters; NULL without a body.';
comment on column text_content.event_place is 'Place of the event by the body''s dateline, by its English name where known.';
comment on column text_content.event_date is 'Day of the event by the body''s dateline.';
comment on column text_content.place_start is 'Character offset (from 0) in body at which the place stands.';
comment on column text_content.place_end is 'Where it ends, exclusive.';
comment on column text_content.date_start is 'Character offset (from 0) in body at which the event''s date stands.';
comment on column text_content.date_end is 'Where it ends, exclusive.';
