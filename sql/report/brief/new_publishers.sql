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
        where
            earlier.first_listed_date_key < $date_key
            or (
                earlier.first_listed_date_key is null
                and coalesce(earlier.published_at, earlier.first_seen_at) < $begins_at
            )
    )
group by all
order by releases desc, publisher asc, dim_publisher.slug asc
limit $shown;
