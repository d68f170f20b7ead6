-- The releases of the days of brief_day, as a temporary table. One row per release.
-- A release counts for the day a digest first lists it under; where no digest does, for the day gov.kz published it, by
-- Kazakhstan's clock; where that is unknown, too, for the day the warehouse learnt of it.
create or replace temp table brief_release as
with span as (
    select
        min(date_key) as first_key,
        max(date_key) as last_key,
        min(begins_at) as begins_at,
        max(ends_at) as ends_at
    from brief_day
),

chosen as (
    select
        fact_release.release_key,
        fact_release.publisher_key,
        fact_release.content_key,
        fact_release.has_body,
        fact_release.word_count,
        fact_release.first_listed_date_key,
        coalesce(fact_release.published_at, fact_release.first_seen_at) as moment,
        case
            when fact_release.first_listed_date_key is not null then 'listed'
            when fact_release.published_at is not null then 'published'
            else 'learnt of'
        end as dated_by
    from fact_release, span
    where
        (fact_release.first_listed_date_key >= span.first_key and fact_release.first_listed_date_key <= span.last_key)
        or (
            fact_release.first_listed_date_key is null
            and coalesce(fact_release.published_at, fact_release.first_seen_at) >= span.begins_at
            and coalesce(fact_release.published_at, fact_release.first_seen_at) < span.ends_at
        )
)

select
    chosen.release_key,
    chosen.publisher_key,
    chosen.content_key,
    chosen.has_body,
    chosen.word_count,
    chosen.dated_by,
    brief_day.date
from chosen
inner join brief_day
    on
        case
            when chosen.dated_by = 'listed' then chosen.first_listed_date_key = brief_day.date_key
            else chosen.moment >= brief_day.begins_at and chosen.moment < brief_day.ends_at
        end;
