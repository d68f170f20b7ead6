-- Publishers as they are known now.
-- Grain: one row per publisher, that is per slug.
create or replace view dim_publisher as
select
    publisher_key,
    slug,
    name_en,
    name_ru,
    name_kk,
    kind,
    region_key,
    is_known,
    note
from dim_publisher_history
where is_current;
comment on view dim_publisher is 'Publishers as they are known now. Grain: one row per publisher, that is per slug.';
comment on column dim_publisher.publisher_key is 'Key: first 63 bits of the MD5 of "publisher" and the slug.';
comment on column dim_publisher.slug is 'The publisher''s slug in URLs of gov.kz.';
comment on column dim_publisher.name_en is 'Name in English; NULL when no reference row has the slug.';
comment on column dim_publisher.name_ru is 'Name in Russian; NULL when unknown.';
comment on column dim_publisher.name_kk is 'Name in Kazakh; NULL when unknown.';
comment on column dim_publisher.kind is 'Kind of body: ministry, agency, regional_akimat, embassy …; unknown where neither a row nor a rule says.';
comment on column dim_publisher.region_key is 'Its region: dim_region; NULL for central bodies and where unknown.';
comment on column dim_publisher.is_known is 'True when seeds/publishers.csv has the slug; else kind and region are inferred from the slug.';
comment on column dim_publisher.note is 'What the reference row notes, such as until when the body existed.';
