-- Publishers of the day of which the warehouse has no release of an earlier day. One row per publisher, with its first.
select
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher,
    dim_publisher.slug,
    dim_publisher.is_known,
    replace(dim_publisher.kind, '_', ' ') as kind,
    count(*) as releases,
    arg_min(fact_release.release_code, fact_release.release_key) as release_code,
    arg_min(fact_release.url, fact_release.release_key) as url,
    count(*) over () as in_all
from brief_release
inner join fact_release on brief_release.release_key = fact_release.release_key
inner join dim_publisher on brief_release.publisher_key = dim_publisher.publisher_key
where
    brief_release.date = $day
    and brief_release.publisher_key not in (
        select earlier.publisher_key
        from fact_release as earlier
        inner join mart_release_day on earlier.release_key = mart_release_day.release_key
        where mart_release_day.release_date < $day
    )
group by all
order by releases desc, publisher asc, dim_publisher.slug asc
limit $shown;
