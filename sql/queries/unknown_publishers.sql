-- Which publishers are listed that no reference row knows, and what does their slug say they are?
select
    dim_publisher.slug as publisher_slug,
    dim_publisher.kind as inferred_kind,
    dim_region.name_en as inferred_region,
    count(*) as listings,
    count(distinct fact_listing.release_key) as releases
from fact_listing
inner join dim_publisher on fact_listing.publisher_key = dim_publisher.publisher_key
left join dim_region on dim_publisher.region_key = dim_region.region_key
where not dim_publisher.is_known
group by dim_publisher.slug, dim_publisher.kind, dim_region.name_en
order by listings desc, publisher_slug asc;
