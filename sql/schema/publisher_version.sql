-- What was known about publishers, and since when.
-- Grain: one row per publisher and as_of at which what is known differed from what was known before.
-- A load with an earlier as_of than others slots its rows in between, and takes away those it makes needless.
-- Ask dim_publisher for the present and dim_publisher_history for the past.
create table if not exists publisher_version (
    publisher_key bigint not null, -- Key of the publisher: first 63 bits of the MD5 of "publisher" and the slug.
    slug varchar not null, -- The publisher's slug in URLs of gov.kz.
    name_en varchar, -- Name in English; NULL when no reference row has the slug.
    name_ru varchar, -- Name in Russian; NULL when unknown.
    name_kk varchar, -- Name in Kazakh; NULL when unknown.
    kind varchar not null, -- Kind of body: ministry, agency, regional_akimat, embassy …; unknown where neither a row nor a rule says.
    region_key bigint, -- Its region: dim_region; NULL for central bodies and where unknown.
    is_known boolean not null, -- True when seeds/publishers.csv has the slug; else kind and region are inferred from the slug.
    note varchar, -- What the reference row notes, such as until when the body existed.
    valid_from timestamp not null -- The as_of (UTC) of the load that learnt it.
);
