-- Regions of Kazakhstan as they are known now.
-- Grain: one row per region or city of republican significance, as since 2022.
create or replace view dim_region as
select
    region_key,
    iso_code,
    kato,
    name_en,
    name_ru,
    name_kk,
    kind
from dim_region_history
where is_current;
comment on view dim_region is 'Regions of Kazakhstan as they are known now. Grain: one row per region or city of republican significance.';
comment on column dim_region.region_key is 'Key: first 63 bits of the MD5 of "region" and the ISO code.';
comment on column dim_region.iso_code is 'Code by ISO 3166-2, as since 2022.';
comment on column dim_region.kato is 'Code in KATO, Kazakhstan''s classifier of territories.';
comment on column dim_region.name_en is 'Name in English.';
comment on column dim_region.name_ru is 'Name in Russian.';
comment on column dim_region.name_kk is 'Name in Kazakh.';
comment on column dim_region.kind is 'region, or city for the three cities of republican significance.';
