-- What was known about publishers, and since when.
-- Grain: one row per publisher and as_of at which what is known differed from what was known before.
-- A load with an earlier as_of than others slots its rows in between, and takes away those it makes needless.
-- Ask dim_publisher for the present and dim_publisher_history for the past.
create table if not exists publisher_version (
    publisher_key bigint not null,
    slug varchar not null,
    name_en varchar,
    name_ru varchar,
    name_kk varchar,
    kind varchar not null,
    region_key bigint,
    is_known boolean not null,
    note varchar,
    valid_from timestamp not null
);
comment on table publisher_version is 'What was known about publishers, and since when. Grain: one row per publisher and time at which it changed.';
comment on column publisher_version.publisher_key is 'Key of the publisher: first 63 bits of the MD5 of "publisher" and the slug.';
comment on column publisher_version.slug is 'The publisher''s slug in URLs of gov.kz.';
comment on column publisher_version.name_en is 'Name in English; NULL when no reference row has the slug.';
comment on column publisher_version.name_ru is 'Name in Russian; NULL when unknown.';
comment on column publisher_version.name_kk is 'Name in Kazakh; NULL when unknown.';
comment on column publisher_version.kind is 'Kind of body: ministry, agency, regional_akimat, embassy …; unknown where neither a row nor a rule says.';
comment on column publisher_version.region_key is 'Its region: dim_region; NULL for central bodies and where unknown.';
comment on column publisher_version.is_known is 'True when seeds/publishers.csv has the slug; else kind and region are inferred from the slug.';
comment on column publisher_version.note is 'What the reference row notes, such as until when the body existed.';
comment on column publisher_version.valid_from is 'The as_of (UTC) of the load that learnt it.';
