-- warn: A release was first listed more than a week before its gov.kz id was given out, or over 60 days after.
-- One row per release.
-- row: {release_code}: first listed {first_listed_date}, and its id is from about {estimated_date}
-- The day of an id is interpolated between the known ones, or follows 640 ids a day beyond them.
with known as (
    select
        portal_id,
        published_on,
        lead(portal_id) over (order by portal_id) as next_portal_id,
        lead(published_on) over (order by portal_id) as next_published_on
    from portal_id_date
),

estimated as (
    select
        fact_release.release_code,
        strptime(fact_release.first_listed_date_key::varchar, '%Y%m%d')::date as first_listed_date,
        coalesce(known.published_on, (select min(published_on) from portal_id_date))
        + (
            case
                when known.portal_id is null
                    then (fact_release.portal_id - (select min(portal_id) from portal_id_date)) / 640.0
                when known.next_portal_id is null then (fact_release.portal_id - known.portal_id) / 640.0
                else
                    (fact_release.portal_id - known.portal_id)
                    * (known.next_published_on - known.published_on)
                    / (known.next_portal_id - known.portal_id)
            end
        )::bigint::integer as estimated_date
    from fact_release
    asof left join known on fact_release.portal_id >= known.portal_id
    where
        fact_release.release_key in (select release_key from scope_release)
        and fact_release.portal_id between 0 and 100000000
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
