-- What each publisher had listed each day.
-- Grain: one row per publisher and day on which a release of it was first listed.
create or replace view mart_publisher_activity as
select
    dim_date.date,
    dim_date.weekday_en,
    dim_date.is_weekend,
    dim_date.is_holiday,
    dim_publisher.publisher_key, -- The publisher: dim_publisher.
    dim_publisher.slug as publisher_slug, -- Its slug.
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher, -- Its name in English, or its slug where no name is known.
    dim_publisher.kind as publisher_kind, -- Its kind.
    count(*) as releases, -- Releases of it first listed that day.
    count(*) filter (where fact_release.has_body) as releases_with_body, -- How many of them have a body.
    coalesce(sum(fact_release.word_count), 0) as words -- Words of their bodies together.
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
