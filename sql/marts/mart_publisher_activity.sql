-- What each publisher had listed each day.
-- Grain: one row per publisher and day on which a release of it was first listed.
create or replace view mart_publisher_activity as
select
    dim_date.date,
    dim_date.weekday_en,
    dim_date.is_weekend,
    dim_date.is_holiday,
    dim_publisher.publisher_key,
    dim_publisher.slug as publisher_slug,
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher,
    dim_publisher.kind as publisher_kind,
    count(*) as releases,
    count(*) filter (where fact_release.has_body) as releases_with_body,
    coalesce(sum(fact_release.word_count), 0) as words
from fact_release
inner join dim_date on fact_release.first_listed_date_key = dim_date.date_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
group by
    dim_date.date,
    dim_date.weekday_en,
    dim_date.is_weekend,
    dim_date.is_holiday,
    dim_publisher.publisher_key,
    dim_publisher.slug,
    dim_publisher.name_en,
    dim_publisher.kind;
comment on view mart_publisher_activity is 'What each publisher had listed each day. Grain: one row per publisher and day on which a release of it was first listed.';
comment on column mart_publisher_activity.publisher_key is 'The publisher: dim_publisher.';
comment on column mart_publisher_activity.publisher_slug is 'Its slug.';
comment on column mart_publisher_activity.publisher is 'Its name in English, or its slug where no name is known.';
comment on column mart_publisher_activity.publisher_kind is 'Its kind.';
comment on column mart_publisher_activity.releases is 'Releases of it first listed that day.';
comment on column mart_publisher_activity.releases_with_body is 'How many of them have a body.';
comment on column mart_publisher_activity.words is 'Words of their bodies together.';
