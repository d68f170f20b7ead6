-- Versions of the texts of the releases that this load touched, made again from all their listings and fetched pages.
-- A content that differs from the one sighted before it is a version. Sightings in digests are of the day they are listed
-- under, 00:00, those on the portal of the moment the page was asked for. Late digests slot in between, and no order of
-- arrival changes a row, for these rules look at the texts alone:
-- * A content is sighted once a day. Of several on one day the longer body comes later, then the greater key; each is valid
--   a microsecond after the one before it, so that no range is empty. One that stood on an earlier day already and is not
--   the last of this day is an old print beside a new one, and no version.
-- * A digest that gives the title alone says nothing about the body. Its title stands over the body that stood before it;
--   where the same day gives the text in full, it adds nothing. It speaks of the text with a body that has its title, or is
--   in its language, or of any where its own language cannot be told.
-- * A listing under a day that cannot be dates nothing: it is a version only where the text has no other sighting, since the
--   warehouse first saw the release.
-- Assumes that most releases have one content: only the others need their sightings put in order.
create or replace temp table content_seen as
with several as (
    select
        release_key,
        first_seen_at
    from release_seen
    where has_several_contents
),

appearance as (
    select
        listing_seen.release_key,
        listing_seen.content_key,
        listing_seen.listed_date_key is not null as is_dated,
        case
            when listing_seen.listed_date_key is null then several.first_seen_at
            else start_of_day(listing_seen.listed_date_key)
        end as seen_at,
        min(listing_seen.first_seen_at) as first_seen_at
    from listing_seen
    inner join several on listing_seen.release_key = several.release_key
    group by all
    union all
    select distinct
        release_key,
        content_key,
        true as is_dated,
        requested_at as seen_at,
        requested_at as first_seen_at
    from fact_fetch
    where
        content_key is not null
        and outcome <> 'not_the_release'
        and release_key in (select release_key from several)
)

select
    appearance.*,
    text_content.language_key,
    text_content.origin,
    coalesce(text_content.word_count, -1) as words,
    text_content.word_count is null and text_content.origin = 'digest' as is_title_alone
from appearance
inner join text_content
    on appearance.release_key = text_content.release_key and appearance.content_key = text_content.content_key;

-- Titles that digests gave alone, of releases that digests gave in full too, and the language of the text they speak of.
create or replace temp table headline as
with title_alone as (
    select distinct
        release_key,
        content_key
    from content_seen
    where is_title_alone
),

in_full as (
    select distinct
        release_key,
        content_key
    from content_seen
    where
        origin = 'digest'
        and not is_title_alone
        and release_key in (select release_key from title_alone)
)

select
    title_alone.release_key,
    title_alone.content_key,
    arg_min(
        full_text.language_key,
        row(
            full_text.title <> headline_text.title,
            full_text.language_key <> headline_text.language_key,
            full_text.title_language_key <> headline_text.title_language_key,
            full_text.language_key
        )
    ) as language_key
from title_alone
inner join in_full on title_alone.release_key = in_full.release_key
inner join text_content as headline_text
    on title_alone.release_key = headline_text.release_key and title_alone.content_key = headline_text.content_key
inner join text_content as full_text
    on in_full.release_key = full_text.release_key and in_full.content_key = full_text.content_key
inner join dim_language on headline_text.language_key = dim_language.language_key
where
    full_text.title = headline_text.title
    or full_text.language_key = headline_text.language_key
    or full_text.title_language_key = headline_text.title_language_key
    or dim_language.code = 'und'
group by title_alone.release_key, title_alone.content_key;

create or replace temp table sighting as
with statement as (
    select
        content_seen.* exclude (language_key, is_title_alone),
        coalesce(headline.language_key, content_seen.language_key) as language_key,
        text_of(
            content_seen.release_key, coalesce(headline.language_key, content_seen.language_key), content_seen.origin
        ) as text_key,
        headline.content_key is null as is_in_full
    from content_seen
    left join headline
        on content_seen.release_key = headline.release_key and content_seen.content_key = headline.content_key
),

beside as (
    select
        *,
        bool_or(is_in_full) over (partition by release_key, text_key, is_dated, seen_at) as is_moment_in_full,
        bool_or(is_dated) over (partition by release_key, text_key) as has_date
    from statement
),

standing as (
    select
        *,
        last_value(case when is_in_full then content_key end ignore nulls) over (
            partition by release_key, text_key
            order by is_dated, seen_at, words, content_key
            rows unbounded preceding
        ) as body_content_key
    from beside
    where is_in_full or not is_moment_in_full
),

repeated as (
    select
        *,
        seen_at > min(seen_at) over (partition by release_key, text_key, content_key)
        and row_number() over (partition by release_key, text_key, seen_at order by words desc, content_key desc) > 1 as is_old_print
    from standing
    where is_dated or not has_date
)

select * from repeated
where not is_old_print;

-- Titles over the bodies that stood before them: the content that says both, were it listed as one.
create or replace temp table headline_over_body as
with pair as (
    select distinct
        release_key,
        content_key,
        body_content_key
    from sighting
    where not is_in_full and body_content_key is not null
)

select
    pair.release_key,
    pair.content_key as source_content_key,
    pair.body_content_key,
    case
        when headline_text.title = full_text.title then pair.body_content_key
        else content_of(pair.release_key, headline_text.title, full_text.body)
    end as content_key
from pair
inner join text_content as headline_text
    on pair.release_key = headline_text.release_key and pair.content_key = headline_text.content_key
inner join text_content as full_text
    on pair.release_key = full_text.release_key and pair.body_content_key = full_text.content_key;

insert into version_now by name
with composed as (
    select
        sighting.* exclude (content_key),
        sighting.content_key as source_content_key,
        coalesce(headline_over_body.content_key, sighting.content_key) as content_key
    from sighting
    left join headline_over_body
        on
            sighting.release_key = headline_over_body.release_key
            and sighting.content_key = headline_over_body.source_content_key
            and sighting.body_content_key = headline_over_body.body_content_key
            and not sighting.is_in_full
),

compared as (
    select
        *,
        lag(content_key) over (
            partition by release_key, text_key
            order by seen_at, words, source_content_key
        ) as content_before
    from composed
),

changed as (
    select
        *,
        row_number() over (
            partition by release_key, text_key
            order by seen_at, words, source_content_key
        ) as version_no,
        row_number() over (
            partition by release_key, text_key, seen_at
            order by words, source_content_key
        ) as version_of_moment
    from compared
    where content_key is distinct from content_before
)

select
    text_key,
    release_key,
    language_key,
    version_no,
    content_key,
    source_content_key,
    seen_at + to_microseconds(version_of_moment - 1) as valid_from,
    first_seen_at
from changed;
