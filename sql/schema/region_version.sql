-- What was known about regions, and since when.
-- Grain: one row per region and as_of at which what is known differed from what was known before.
-- A load with an earlier as_of than others slots its rows in between, and takes away those it makes needless.
create table if not exists region_version (
    region_key bigint not null,
    iso_code varchar not null,
    kato varchar,
    name_en varchar,
    name_ru varchar,
    name_kk varchar,
    kind varchar not null,
    valid_from timestamp not null
);
comment on table region_version is 'What was known about regions, and since when. Grain: one row per region and time at which it changed.';
comment on column region_version.region_key is 'Key of the region: first 63 bits of the MD5 of "region" and the ISO code.';
comment on column region_version.iso_code is 'Code by ISO 3166-2, as since 2022.';
comment on column region_version.kato is 'Code in KATO, Kazakhstan''s classifier of territories.';
comment on column region_version.name_en is 'Name in English.';
comment on column region_version.name_ru is 'Name in Russian.';
comment on column region_version.name_kk is 'Name in Kazakh.';
comment on column region_version.kind is 'region, or city for the three cities of republican significance.';
comment on column region_version.valid_from is 'The as_of (UTC) of the load that learnt it.';
