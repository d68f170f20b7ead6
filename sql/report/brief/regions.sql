-- What bodies of each region published on the day. One row per region, and one without a code for central bodies and
-- those whose region is unknown; such_as are its first six releases.
with published as (
    select
        dim_publisher.region_key,
        count(*) as releases,
        count(distinct dim_publisher.publisher_key) as publishers,
        list(
            { 'release_code': fact_release.release_code, 'url': fact_release.url }
            order by fact_release.portal_id desc, fact_release.release_code asc
        )[:6] as such_as
    from brief_release
    inner join fact_release on brief_release.release_key = fact_release.release_key
    inner join dim_publisher on brief_release.publisher_key = dim_publisher.publisher_key
    where brief_release.date = $day
    group by dim_publisher.region_key
)

select
    dim_region.iso_code,
    dim_region.name_en as region,
    coalesce(published.releases, 0) as releases,
    coalesce(published.publishers, 0) as publishers,
    coalesce(published.such_as, []) as such_as
from dim_region
full join published on dim_region.region_key = published.region_key
where dim_region.iso_code is not null or published.releases is not null
order by dim_region.iso_code is null, releases desc, dim_region.name_en asc;
