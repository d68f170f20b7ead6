-- Versions of the texts of the releases that this load touched, told anew from all their listings.
-- A content that differs from the one sighted before it is a version. Sightings are ordered by the day the digest lists
-- them under, then by when the warehouse learnt of them, then (for two contents on one day in one load) the longer body
-- later, then by key. Valid from the listed day, 00:00; a second version on one day is valid one microsecond later, so
-- that no range is empty. Late digests slot in between, and no order of arrival changes a row.
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

create or replace temp table version_now as
with several as (
    select release_key
    from release_seen
    where has_several_contents
),

sighting as (
    select distinct
        fact_listing.release_key,
        text_of(text_content.release_key, text_content.language_key, text_content.origin) as text_key,
        fact_listing.content_key,
        fact_listing.listed_date_key,
        digest_place.first_seen_at,
        coalesce(text_content.word_count, -1) as words
    from fact_listing
    inner join digest_place on fact_listing.source_file_key = digest_place.source_file_key
    inner join text_content on fact_listing.content_key = text_content.content_key
    where fact_listing.release_key in (select release_key from several)
),

compared as (
    select
        *,
        lag(content_key) over (
            partition by text_key
            order by listed_date_key, first_seen_at, words, content_key
        ) as content_before
    from sighting
),

changed as (
    select
        *,
        row_number() over (
            partition by text_key
            order by listed_date_key, first_seen_at, words, content_key
        ) as version_no,
        row_number() over (
            partition by text_key, listed_date_key
            order by first_seen_at, words, content_key
        ) as version_of_day
    from compared
    where content_key is distinct from content_before
)

select
    text_key,
    release_key,
    version_no,
    content_key,
    start_of_day(listed_date_key) + to_microseconds(version_of_day - 1) as valid_from,
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
inner join text_content on release_seen.content_key = text_content.content_key
where not release_seen.has_several_contents;

-- Only what differs is written, so that a version once told stays the row it is.
delete from text_version
where
    release_key in (select release_key from touched_release)
    and not exists (
        select 1
        from version_now
        where
            version_now.text_key = text_version.text_key
            and version_now.version_no = text_version.version_no
            and version_now.content_key = text_version.content_key
            and version_now.valid_from = text_version.valid_from
            and version_now.first_seen_at = text_version.first_seen_at
    );

insert into text_version
select
    version_now.text_key,
    version_now.release_key,
    version_now.version_no,
    version_now.content_key,
    version_now.valid_from,
    version_now.first_seen_at
from version_now
where
    not exists (
        select 1
        from text_version
        where
            text_version.text_key = version_now.text_key
            and text_version.version_no = version_now.version_no
    );
