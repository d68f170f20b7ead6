-- warn: A digest lists a release under a day that cannot be, or its page gives one: it dates nothing.
-- One row per listing and page. On gov.kz nothing is older than 2019; more than 31 days ahead is a mistyped month or year.
select
    scoped_release.release_code,
    'listed' as what,
    strptime(fact_listing.listed_date_key::varchar, '%Y%m%d')::date as day,
    source_file.first_seen_at as heard_at,
    source_file.path || ' byte ' || fact_listing.byte_start as place
from fact_listing
inner join scoped_release on fact_listing.release_key = scoped_release.release_key
inner join source_file on fact_listing.source_file_key = source_file.source_file_key
where not fact_listing.is_day_plausible
union all
select
    release_code,
    'published' as what,
    day_of(published_at) as day,
    requested_at as heard_at,
    warc_file || ' byte ' || warc_offset as place
from scoped_fetch
where
    content_key is not null
    and outcome <> 'not_the_release'
    and not is_plausible(release_code, published_at, requested_at)
order by release_code, what, heard_at, place;
