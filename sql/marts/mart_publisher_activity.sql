-- What each publisher brought each day.
-- Grain: one row per publisher and day on which a release of it appeared: mart_release_day.
create or replace view mart_publisher_activity as
with dated as (
    select
        *,
        release_day(first_listed_date_key, published_at, first_seen_at) as release_date
    from fact_release
)

select
    dated.release_date as date, -- The day.
    dim_date.weekday_en,
    dim_date.is_weekend,
    dim_date.is_holiday,
    dim_publisher.publisher_key, -- The publisher: dim_publisher.
    dim_publisher.slug as publisher_slug, -- Its slug.
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher, -- Its name in English, or its slug where no name is known.
    dim_publisher.kind as publisher_kind, -- Its kind.
    count(*) as releases, -- Releases of it that appeared that day.
    count(*) filter (where dated.has_body) as releases_with_body, -- How many of them have a body.
    coalesce(sum(dated.word_count), 0) as words -- Words of their bodies together.
from dated
left join dim_date on dated.release_date = dim_date.date
inner join dim_publisher on dated.publisher_key = dim_publisher.publisher_key
group by
    dated.release_date,
    dim_date.weekday_en,
    dim_date.is_weekend,
    dim_date.is_holiday,
    dim_publisher.publisher_key,
    dim_publisher.slug,
    dim_publisher.name_en,
    dim_publisher.kind;
