-- Languages of titles and bodies, as detected from their letters and words.
-- Grain: one row per language code.
create table if not exists dim_language (
    language_key bigint primary key, -- Key: first 63 bits of the MD5 of "language" and the code.
    code varchar not null, -- kk, ru, en; other for any other language, mixed for two in one text, und where there are no letters to go by.
    name_en varchar not null -- Name in English.
);
