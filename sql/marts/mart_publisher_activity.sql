-- What each publisher brought each day.
-- Grain: one row per publisher and day on which a release of it appeared: mart_release_day.
create or replace view mart_publisher_activity as
select
    mart_release_day.release_date as date, -- The day.
    dim_date.weekday_en,
    dim_date.is_weekend,
    dim_date.is_holiday,
    dim_publisher.publisher_key, -- The publisher: dim_publisher.
    dim_publisher.slug as publisher_slug, -- Its slug.
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher, -- Its name in English, or its slug where no name is known.
    dim_publisher.kind as publisher_kind, -- Its kind.
    count(*) as releases, -- Releases of it that appeared that day.
    count(*) filter (where fact_release.has_body) as releases_with_body, -- How many of them have a body.
    coalesce(sum(fact_release.word_count), 0) as words -- Words of their bodies together.
from fact_release
inner join mart_release_day on fact_release.release_key = mart_release_day.release_key
left join dim_date on mart_release_day.release_date = dim_date.date
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
group by
    mart_release_day.release_date,
    dim_date.weekday_en,
    dim_date.is_weekend,
    dim_date.is_holiday,
    dim_publisher.publisher_key,
    dim_publisher.slug,
    dim_publisher.name_en,
    dim_publisher.kind;
