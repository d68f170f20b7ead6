-- Which releases were served under more than one publisher's slug, and since when under which?
-- A ministry that is renamed gets a new slug, and its old releases move with it.
with served as (
    select
        release_key,
        publisher_key,
        min(listed_date_key) as first_listed,
        max(listed_date_key) as last_listed
    from fact_listing
    group by release_key, publisher_key
),

moved as (
    select release_key
    from served
    group by release_key
    having count(*) > 1
)

select
    fact_release.release_code,
    dim_publisher.slug as publisher_slug,
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher,
    first_day.date as first_listed_date,
    last_day.date as last_listed_date,
    served.publisher_key = fact_release.publisher_key as is_latest
from served
inner join moved on served.release_key = moved.release_key
inner join fact_release on served.release_key = fact_release.release_key
inner join dim_publisher on served.publisher_key = dim_publisher.publisher_key
inner join dim_date as first_day on served.first_listed = first_day.date_key
inner join dim_date as last_day on served.last_listed = last_day.date_key
order by fact_release.release_code, first_listed_date, publisher_slug;
