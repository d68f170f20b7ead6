-- Regions of Kazakhstan, as the reference rows of the load with the latest as_of have them.
-- Grain: one row per region or city of republican significance, as since 2022.
create table if not exists dim_region (
    region_key bigint primary key,
    iso_code varchar not null,
    kato varchar,
    name_en varchar,
    name_ru varchar,
    name_kk varchar,
    kind varchar not null
);
comment on table dim_region is 'Regions of Kazakhstan as they are known now. Grain: one row per region or city of republican significance.';
comment on column dim_region.region_key is 'Key: first 63 bits of the MD5 of "region" and the ISO code.';
comment on column dim_region.iso_code is 'Code by ISO 3166-2, as since 2022.';
comment on column dim_region.kato is 'Code in KATO, Kazakhstan''s classifier of territories.';
comment on column dim_region.name_en is 'Name in English.';
comment on column dim_region.name_ru is 'Name in Russian.';
comment on column dim_region.name_kk is 'Name in Kazakh.';
comment on column dim_region.kind is 'region, or city for the three cities of republican significance.';
