-- Publishers that usually publish on such a day and did not. One row per publisher, with its latest release.
-- Such a day: of the 28 days before, those with any release that were days off, or working days, as this one is; there
-- must be seven of them. Usually: on three of five of them.
with such_day as (
    select dim_date.date
    from dim_date
    inner join dim_date as of_brief on of_brief.date = $day
    where
        dim_date.date < $day
        and (dim_date.is_weekend or dim_date.is_holiday) = (of_brief.is_weekend or of_brief.is_holiday)
        and dim_date.date in (select brief_release.date from brief_release)
),

habit as (
    select
        brief_release.publisher_key,
        count(distinct brief_release.date) as days_published,
        max(brief_release.date) as last_date,
        arg_max(brief_release.release_key, row(brief_release.date, brief_release.release_key)) as release_key
    from brief_release
    inner join such_day on brief_release.date = such_day.date
    group by brief_release.publisher_key
)

select
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher,
    habit.days_published,
    (
        select count(*)
        from such_day
    ) as such_days,
    habit.last_date,
    fact_release.release_code,
    fact_release.url,
    count(*) over () as in_all
from habit
inner join dim_publisher on habit.publisher_key = dim_publisher.publisher_key
inner join fact_release on habit.release_key = fact_release.release_key
where
    such_days >= 7
    and habit.days_published * 5 >= such_days * 3
    and habit.publisher_key not in (
        select brief_release.publisher_key
        from brief_release
        where brief_release.date = $day
    )
order by habit.days_published desc, publisher asc, dim_publisher.slug asc
limit $shown;
