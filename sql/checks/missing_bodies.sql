-- warn: Of a publisher with five or more releases, more than half have no body.
-- One row per publisher. Releases on other sites than gov.kz, which are not fetched, do not count.
-- row: {publisher}: {without_body} of {releases} releases
with counted as (
    select
        publisher_key,
        count(*) as releases,
        count(*) filter (where not has_body) as without_body
    from fact_release
    where case when portal_id is null then is_on_portal(release_code) else true end
    group by publisher_key
)

select
    dim_publisher.slug,
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher,
    counted.releases,
    counted.without_body,
    round(100.0 * counted.without_body / counted.releases, 1) as percent
from counted
inner join dim_publisher on counted.publisher_key = dim_publisher.publisher_key
where counted.releases >= 5 and counted.without_body > counted.releases / 2.0
order by counted.without_body desc, dim_publisher.slug asc;
