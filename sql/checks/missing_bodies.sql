-- warn: Of a publisher with five or more releases, more than half have no body.
-- One row per publisher. Releases on other sites than gov.kz, which are not fetched, do not count.
-- row: {publisher}: {without_body} of {releases} releases
select
    dim_publisher.slug,
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher,
    count(*) as releases,
    count(*) filter (where not fact_release.has_body) as without_body,
    round(100.0 * count(*) filter (where not fact_release.has_body) / count(*), 1) as percent
from fact_release
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
where is_on_portal(fact_release.release_code)
group by dim_publisher.slug, dim_publisher.name_en
having count(*) >= 5 and count(*) filter (where not fact_release.has_body) > count(*) / 2.0
order by without_body desc, dim_publisher.slug asc;
