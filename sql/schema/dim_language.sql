-- Languages of titles and bodies.
-- Grain: one row per language code.
create table if not exists dim_language (
    language_key bigint primary key,
    code varchar not null,
    name_en varchar not null
);
comment on table dim_language is 'Languages of titles and bodies, as detected from their letters and words. Grain: one row per code.';
comment on column dim_language.language_key is 'Key: first 63 bits of the MD5 of "language" and the code.';
comment on column dim_language.code is 'kk, ru, en; other for any other language, mixed for two in one text, und where there are no letters to go by.';
comment on column dim_language.name_en is 'Name in English.';
