-- What the day brought in all, and what the warehouse has learnt so far. One row.
select
    count(*) as releases,
    count(distinct brief_release.publisher_key) as publishers,
    count(distinct dim_publisher.region_key) as regions,
    count(*) filter (where brief_release.has_body) as with_body,
    coalesce(sum(brief_release.word_count), 0)::bigint as words,
    count(*) filter (where brief_release.dated_by = 'published') as dated_by_publication,
    count(*) filter (where brief_release.dated_by = 'learnt of') as dated_by_learning,
    (
        select max(as_of)
        from load_run
        where status = 'loaded'
    ) as as_of,
    (
        select coalesce(holiday, case when is_weekend then weekday_en end)
        from dim_date
        where date = $day
    ) as day_off
from brief_release
inner join dim_publisher on brief_release.publisher_key = dim_publisher.publisher_key
where brief_release.date = $day;
