-- Who published on the day, the busiest first. One row per publisher.
select
    dim_publisher.publisher_key,
    dim_publisher.slug,
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher,
    replace(dim_publisher.kind, '_', ' ') as kind,
    dim_publisher.is_known,
    count(*) as releases,
    count(*) filter (where brief_release.has_body) as with_body,
    coalesce(sum(brief_release.word_count), 0)::bigint as words,
    count(*) over () as in_all
from brief_release
inner join dim_publisher on brief_release.publisher_key = dim_publisher.publisher_key
where brief_release.date = $day
group by
    dim_publisher.publisher_key,
    dim_publisher.slug,
    dim_publisher.name_en,
    dim_publisher.kind,
    dim_publisher.is_known
order by releases desc, with_body desc, publisher asc, dim_publisher.slug asc
limit $shown;
