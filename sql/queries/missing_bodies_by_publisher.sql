-- Of which publishers do bodies go missing, and how often?
select
    dim_publisher.slug as publisher_slug,
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher,
    count(*) as releases,
    count(*) filter (where not fact_release.has_body) as without_body,
    round(100.0 * count(*) filter (where not fact_release.has_body) / count(*), 1) as percent_without_body
from fact_release
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
group by dim_publisher.slug, dim_publisher.name_en
having count(*) filter (where not fact_release.has_body) > 0
order by without_body desc, publisher_slug asc;
