-- Of which publishers do bodies go missing, and how often?
select
    publisher_slug,
    publisher,
    count(*) as releases,
    count(*) filter (where not has_body) as without_body,
    round(100.0 * count(*) filter (where not has_body) / count(*), 1) as percent_without_body
from mart_release
group by publisher_slug, publisher
having count(*) filter (where not has_body) > 0
order by without_body desc, publisher_slug asc;
