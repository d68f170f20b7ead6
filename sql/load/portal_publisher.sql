-- Publishers that answers spoke of before any load of digests or reference rows brought them: since then, and as inferred.
-- What such a load says is a version that follows, and goes where it only repeats this one. A load that turns out to be
-- earlier makes this row needless.
create or replace temp table portal_publisher as
with spoken_of as (
    select
        slug,
        min(requested_at) as since
    from fact_fetch
    where content_key is not null
    group by slug
)

select
    publisher_version.publisher_key,
    any_value(spoken_of.slug) as slug,
    any_value(spoken_of.since) as since,
    min(publisher_version.valid_from) filter (where publisher_version.valid_from <> spoken_of.since) as brought_at
from spoken_of
inner join publisher_version on spoken_of.slug = publisher_version.slug
group by publisher_version.publisher_key
union all
select
    staged_portal_publisher.publisher_key,
    staged_portal_publisher.slug,
    spoken_of.since,
    null as brought_at
from staged_portal_publisher
inner join spoken_of on staged_portal_publisher.slug = spoken_of.slug
where staged_portal_publisher.publisher_key not in (select publisher_key from publisher_version);

delete from publisher_version
where
    not is_known
    and (publisher_key, valid_from) in (
        select (publisher_key, since) from portal_publisher
        where brought_at < since
    );

insert into publisher_version by name
select
    staged_portal_publisher.*,
    portal_publisher.since as valid_from
from staged_portal_publisher
inner join portal_publisher on staged_portal_publisher.publisher_key = portal_publisher.publisher_key
where
    coalesce(portal_publisher.since < portal_publisher.brought_at, true)
    and (portal_publisher.publisher_key, portal_publisher.since) not in (
        select (publisher_key, valid_from) from publisher_version
    );

-- A version that only repeats the one before it.
delete from publisher_version
where
    publisher_key in (select publisher_key from portal_publisher)
    and (publisher_key, valid_from) not in (select (publisher_key, valid_from) from dim_publisher_history);
