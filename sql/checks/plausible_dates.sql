-- warn: A release was first listed more than a week before its gov.kz id was given out, or over 60 days after.
-- One row per release.
-- row: {release_code}: first listed {first_listed_date}, and its id is from about {estimated_date}
-- The day of an id is interpolated between the known ones, or follows 640 ids a day beyond them. By such lines the days of
-- all ids from one to another lie between those of the two and of the known ones between: only days with a release out
-- of bounds are looked through.
with known as (
    select
        portal_id,
        published_on,
        lead(portal_id) over (order by portal_id) as next_portal_id,
        lead(published_on) over (order by portal_id) as next_published_on
    from portal_id_date
),

line as (
    select
        portal_id as from_portal_id,
        portal_id,
        published_on,
        coalesce(next_published_on - published_on, 1) as days,
        coalesce(next_portal_id - portal_id, 640) as ids
    from known
    union all
    select
        0 as from_portal_id,
        min(portal_id) as portal_id,
        min(published_on) as published_on,
        1 as days,
        640 as ids
    from known
    having min(portal_id) > 0
),

listed as (
    select
        release_code,
        portal_id,
        strptime(first_listed_date_key::varchar, '%Y%m%d')::date as first_listed_date
    from scoped_release
    where portal_id between 0 and 100000000 and first_listed_date_key is not null
),

span as (
    select
        first_listed_date,
        min(portal_id) as first_portal_id,
        max(portal_id) as last_portal_id
    from listed
    group by first_listed_date
),

turn as (
    select
        first_listed_date,
        unnest([first_portal_id, last_portal_id]) as portal_id
    from span
    union all
    select
        span.first_listed_date,
        known.portal_id
    from span
    inner join known on span.first_portal_id < known.portal_id and span.last_portal_id > known.portal_id
),

odd_day as (
    select distinct turn.first_listed_date
    from turn
    asof left join line on turn.portal_id >= line.from_portal_id
    where
        turn.first_listed_date not between
        line.published_on + ((turn.portal_id - line.portal_id) * line.days / line.ids)::bigint::integer - 7
        and line.published_on + ((turn.portal_id - line.portal_id) * line.days / line.ids)::bigint::integer + 60
),

estimated as (
    select
        listed.release_code,
        listed.first_listed_date,
        line.published_on + ((listed.portal_id - line.portal_id) * line.days / line.ids)::bigint::integer as estimated_date
    from listed
    asof left join line on listed.portal_id >= line.from_portal_id
    where listed.first_listed_date in (select first_listed_date from odd_day)
)

select
    release_code,
    first_listed_date,
    estimated_date
from estimated
where
    first_listed_date < estimated_date - 7
    or first_listed_date > estimated_date + 60
order by release_code;
