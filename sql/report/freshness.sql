-- When was each source and publisher last heard of, and how long does it take as a rule?
-- One row per section of digests, per kind of page of gov.kz, and per publisher of ten releases or more.
-- Usual gaps are the median and the 95th percentile of the last 30 times between two deliveries or listed days.
with heard as (
    select
        'digests' as what,
        dim_section.name,
        source_file.first_seen_at as heard_at
    from fact_listing
    inner join source_file on fact_listing.source_file_key = source_file.source_file_key
    inner join dim_section on fact_listing.section_key = dim_section.section_key
    group by all
    union all
    select
        'gov.kz' as what,
        case purpose when 'list' then 'lists of publishers' else 'pages' end as name,
        date_trunc('hour', requested_at) as heard_at
    from fact_fetch
    where shows_page(outcome) or denies_page(outcome)
    group by all
    union all
    select
        'publisher' as what,
        coalesce(dim_publisher.name_en, dim_publisher.slug) as name,
        mart_release_day.release_date::timestamp as heard_at
    from fact_release
    inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
    inner join mart_release_day on fact_release.release_key = mart_release_day.release_key
    group by all
),

spaced as (
    select
        what,
        name,
        heard_at,
        epoch(heard_at - lag(heard_at) over (partition by what, name order by heard_at)) / 3600 as gap,
        row_number() over (partition by what, name order by heard_at desc) as from_last
    from heard
    where heard_at <= $as_of
),

counted as (
    select
        what,
        name,
        max(heard_at) as last_at,
        count(*) as times,
        count(gap) filter (from_last <= 30) as gaps,
        median(gap) filter (from_last <= 30) as usual_gap,
        quantile_cont(gap, 0.95) filter (from_last <= 30) as long_gap
    from spaced
    group by what, name
),

sized as (
    select
        coalesce(dim_publisher.name_en, dim_publisher.slug) as name,
        count(*) as releases
    from fact_release
    inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
    group by name
)

select
    counted.what,
    counted.name,
    counted.last_at,
    counted.times,
    epoch($as_of::timestamp - counted.last_at) / 3600 as age,
    case when counted.gaps >= 10 then counted.usual_gap end as usual_gap,
    case when counted.gaps >= 10 then counted.long_gap end as long_gap
from counted
left join sized on counted.what = 'publisher' and counted.name = sized.name
where counted.what <> 'publisher' or sized.releases >= 10
order by
    counted.what <> 'digests' asc,
    counted.what <> 'gov.kz' asc,
    sized.releases desc nulls last,
    counted.name asc;
