-- Which releases were served under more than one publisher's slug, and since when under which?
-- A ministry that is renamed gets a new slug, and its old releases move with it.
-- Served: a digest lists the release under the slug, or gov.kz showed its page under it.
with fetched as (
    select distinct
        fact_fetch.release_key,
        dim_publisher.publisher_key,
        day_of(fact_fetch.requested_at) as fetched_date
    from fact_fetch
    inner join dim_publisher on fact_fetch.slug = dim_publisher.slug
    where fact_fetch.content_key is not null
),

sighting as (
    select
        fact_listing.release_key,
        fact_listing.publisher_key,
        dim_date.date as listed_date,
        null::date as fetched_date
    from fact_listing
    inner join dim_date on fact_listing.listed_date_key = dim_date.date_key
    union all
    select
        release_key,
        publisher_key,
        null::date as listed_date,
        fetched_date
    from fetched
),

served as (
    select
        release_key,
        publisher_key,
        min(listed_date) as first_listed_date,
        max(listed_date) as last_listed_date,
        min(fetched_date) as first_fetched_date,
        max(fetched_date) as last_fetched_date
    from sighting
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
    served.first_listed_date,
    served.last_listed_date,
    served.first_fetched_date,
    served.last_fetched_date,
    served.publisher_key = fact_release.publisher_key as is_latest
from served
inner join moved on served.release_key = moved.release_key
inner join fact_release on served.release_key = fact_release.release_key
inner join dim_publisher on served.publisher_key = dim_publisher.publisher_key
order by
    fact_release.release_code asc,
    coalesce(served.first_listed_date, served.first_fetched_date) asc,
    publisher_slug asc;
