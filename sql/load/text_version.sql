-- Versions of the texts of the releases that this load touched, made again from all their listings and fetched pages.
-- A content that differs from the one sighted before it is a version. Sightings in digests are of the day they are listed
-- under, 00:00, those on the portal of the moment the page was asked for. They are ordered by that, then by when the
-- warehouse learnt of them, then (for two contents on one day in one load) the longer body later, then by key. A second
-- version of one moment is valid one microsecond later, so that no range is empty. Late digests slot in between, and no
-- order of arrival changes a row.
-- Assumes that most releases have one content: only the others need their sightings put in order.
create or replace temp table digest_place as
select
    source_file_key,
    first_seen_at,
    row_number() over (order by first_seen_at, sha256) as place
from source_file;

create or replace temp table release_seen as
with seen as (
    select
        fact_listing.release_key,
        fact_listing.listing_key,
        fact_listing.content_key,
        fact_listing.listed_date_key,
        digest_place.first_seen_at,
        -- By listed day, digest and place in it, as one number: rows as keys would take several times as long.
        (fact_listing.listed_date_key::hugeint * 1000000000 + digest_place.place) * 1000000000000
        + fact_listing.byte_start as place
    from fact_listing
    inner join digest_place on fact_listing.source_file_key = digest_place.source_file_key
    where fact_listing.release_key in (select release_key from touched_release)
)

select
    release_key,
    min(listed_date_key) as first_listed_date_key,
    max(listed_date_key) as last_listed_date_key,
    min(first_seen_at) as first_seen_at,
    arg_min(first_seen_at, place) as first_listing_seen_at,
    count(*) as listing_count,
    arg_max(listing_key, place) as last_listing_key,
    min(content_key) as content_key,
    min(content_key) < max(content_key) as has_several_contents
from seen
group by release_key;

-- Releases with a page that showed a text; those that no digest lists have no other row.
create or replace temp table release_fetched as
select
    release_key,
    min(requested_at) as first_seen_at,
    min(content_key) as content_key
from fact_fetch
where
    content_key is not null
    and outcome <> 'not_the_release'
    and release_key in (select release_key from touched_release)
group by release_key;

update release_seen
set
    first_seen_at = least(release_seen.first_seen_at, release_fetched.first_seen_at),
    has_several_contents = true
from release_fetched
where release_seen.release_key = release_fetched.release_key;

insert into release_seen (release_key, first_seen_at, listing_count, content_key, has_several_contents)
select
    release_key,
    first_seen_at,
    0 as listing_count,
    content_key,
    true as has_several_contents
from release_fetched
where release_key not in (select release_key from release_seen);

create or replace temp table version_now as
with several as (
    select release_key
    from release_seen
    where has_several_contents
),

appearance as (
    select distinct
        fact_listing.release_key,
        fact_listing.content_key,
        start_of_day(fact_listing.listed_date_key) as seen_at,
        digest_place.first_seen_at
    from fact_listing
    inner join digest_place on fact_listing.source_file_key = digest_place.source_file_key
    where fact_listing.release_key in (select release_key from several)
    union all
    select distinct
        release_key,
        content_key,
        requested_at as seen_at,
        requested_at as first_seen_at
    from fact_fetch
    where
        content_key is not null
        and outcome <> 'not_the_release'
        and release_key in (select release_key from several)
),

sighting as (
    select
        text_content.release_key,
        text_of(text_content.release_key, text_content.language_key, text_content.origin) as text_key,
        appearance.content_key,
        appearance.seen_at,
        appearance.first_seen_at,
        coalesce(text_content.word_count, -1) as words
    from appearance
    inner join text_content
        on appearance.content_key = text_content.content_key and appearance.release_key = text_content.release_key
),

compared as (
    select
        *,
        lag(content_key) over (
            partition by release_key, text_key
            order by seen_at, first_seen_at, words, content_key
        ) as content_before
    from sighting
),

changed as (
    select
        *,
        row_number() over (
            partition by release_key, text_key
            order by seen_at, first_seen_at, words, content_key
        ) as version_no,
        row_number() over (
            partition by release_key, text_key, seen_at
            order by first_seen_at, words, content_key
        ) as version_of_moment
    from compared
    where content_key is distinct from content_before
)

select
    text_key,
    release_key,
    version_no,
    content_key,
    seen_at + to_microseconds(version_of_moment - 1) as valid_from,
    first_seen_at
from changed
union all
select
    text_of(text_content.release_key, text_content.language_key, text_content.origin) as text_key,
    release_seen.release_key,
    1 as version_no,
    release_seen.content_key,
    start_of_day(release_seen.first_listed_date_key) as valid_from,
    release_seen.first_listing_seen_at as first_seen_at
from release_seen
inner join text_content
    on release_seen.content_key = text_content.content_key and release_seen.release_key = text_content.release_key
where not release_seen.has_several_contents;

-- Only what differs is written, so that a version once written stays the row it is.
delete from text_version
where
    release_key in (select release_key from touched_release)
    and not exists (
        select 1
        from version_now
        where
            version_now.release_key = text_version.release_key
            and version_now.text_key = text_version.text_key
            and version_now.version_no = text_version.version_no
            and version_now.content_key = text_version.content_key
            and version_now.valid_from = text_version.valid_from
            and version_now.first_seen_at = text_version.first_seen_at
    );

insert into text_version by name
select * from version_now
where
    not exists (
        select 1
        from text_version
        where
            text_version.release_key = version_now.release_key
            and text_version.text_key = version_now.text_key
            and text_version.version_no = version_now.version_no
    );
