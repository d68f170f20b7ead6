-- Which publishers does no reference row know, and what does their slug say they are?
with listed as (
    select
        publisher_key,
        count(*) as listings
    from fact_listing
    group by publisher_key
),

release_of_publisher as (
    select
        publisher_key,
        release_key
    from fact_listing
    union all
    select
        publisher_key,
        release_key
    from fact_release
),

served as (
    select
        publisher_key,
        count(distinct release_key) as releases
    from release_of_publisher
    group by publisher_key
)

select
    dim_publisher.slug as publisher_slug,
    dim_publisher.kind as inferred_kind,
    dim_region.name_en as inferred_region,
    coalesce(listed.listings, 0) as listings,
    served.releases
from dim_publisher
inner join served on dim_publisher.publisher_key = served.publisher_key
left join listed on dim_publisher.publisher_key = listed.publisher_key
left join dim_region on dim_publisher.region_key = dim_region.region_key
where not dim_publisher.is_known
order by listings desc, served.releases desc, publisher_slug asc;
