-- Regions of Kazakhstan, as the reference rows of the load with the latest as_of have them.
-- Grain: one row per region or city of republican significance, as since 2022.
create table if not exists dim_region (
    region_key bigint primary key, -- Key: first 63 bits of the MD5 of "region" and the ISO code.
    iso_code varchar not null, -- Code by ISO 3166-2, as since 2022.
    kato varchar, -- Code in KATO, Kazakhstan's classifier of territories.
    name_en varchar, -- Name in English.
    name_ru varchar, -- Name in Russian.
    name_kk varchar, -- Name in Kazakh.
    kind varchar not null -- region, or city for the three cities of republican significance.
);
