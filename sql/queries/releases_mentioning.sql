-- Which releases mention a word or phrase in a current text, in any of its languages, and where?
-- Capital and small letters are the same; forms of a word are not.
-- param phrase: VARCHAR
-- param limit: UINTEGER = 20
with day as (
    select
        release_date,
        sum(count(*)) over (order by release_date desc) as releases
    from mart_release_day
    group by release_date
),

-- The days with the newest 5,000 releases: where their texts that speak for them are enough, no other is looked through.
newest as (
    select coalesce(max(release_date) filter (where releases >= 5000), date '0001-01-01') as since
    from day
),

enough as (
    select count(*) >= $limit as is_enough
    from newest
    inner join fact_release
        on
            newest.since <= release_day(
                fact_release.first_listed_date_key, fact_release.published_at, fact_release.first_seen_at
            )
    inner join text_content
        on fact_release.content_key = text_content.content_key and fact_release.release_key = text_content.release_key
    where
        text_content.release_key < 1::bigint << 62
        and body_mentions(text_content.body, text_content.paragraph_breaks, $phrase)
),

current_text as materialized (
    select
        text_version.release_key,
        text_version.content_key
    from newest
    cross join enough
    inner join mart_release_day on newest.since <= mart_release_day.release_date or not enough.is_enough
    inner join text_version on mart_release_day.release_key = text_version.release_key
    left join text_version as later
        on
            later.version_no > 1
            and text_version.release_key = later.release_key
            and text_version.text_key = later.text_key
            and text_version.version_no + 1 = later.version_no
    where later.text_key is null
),

-- A range of ids says which bodies need not be read. Keys of releases without an id are hashes: their rows say it.
content as (
    select text_content.*
    from current_text
    inner join text_content
        on
            current_text.content_key = text_content.content_key
            and current_text.release_key = text_content.release_key
    where text_content.release_key < 1::bigint << 62
    union all
    from text_content
    where
        rowid in (
            select text_content.rowid
            from current_text
            inner join text_content
                on
                    current_text.content_key = text_content.content_key
                    and current_text.release_key = text_content.release_key
            where text_content.release_key >= 1::bigint << 62
        )
),

mention as (
    select
        content.release_key,
        content.origin,
        content.title,
        content.body,
        content.paragraph_breaks,
        dim_language.code as language
    from content
    inner join dim_language on content.language_key = dim_language.language_key
    where title_mentions(content.title, $phrase) or body_mentions(content.body, content.paragraph_breaks, $phrase)
),

newest_mention as (
    select
        mention.*,
        mart_release_day.release_date,
        mart_release_day.dated_by,
        fact_release.release_code,
        fact_release.portal_id,
        fact_release.publisher_key,
        fact_release.first_listed_date_key
    from mention
    inner join fact_release on mention.release_key = fact_release.release_key
    inner join mart_release_day on mention.release_key = mart_release_day.release_key
    order by
        mart_release_day.release_date desc,
        fact_release.portal_id desc,
        fact_release.release_code asc,
        mention.language asc,
        mention.origin asc
    limit $limit
),

found as (
    select
        *,
        clean_text(title) as title_clean,
        clean_text(with_breaks(body, paragraph_breaks)) as body_clean,
        regexp_extract(lower(body_clean), phrase_pattern($phrase, '\s+')) as passage,
        case when passage != '' then position(passage in lower(body_clean)) end as found_at,
        found_at + length(passage) as after_at
    from newest_mention
),

cut as (
    select
        *,
        replace(body_clean, chr(10), ' ') as in_one_line,
        substring(in_one_line, greatest(1, found_at - 50), least(50, found_at - 1)) as before,
        substring(in_one_line, found_at, length(passage)) as phrase,
        substring(in_one_line, after_at, 50) as after
    from found
)

select
    cut.release_date,
    cut.dated_by,
    dim_date.date as first_listed_date,
    cut.release_code,
    dim_publisher.slug as publisher_slug,
    cut.language,
    cut.origin,
    cut.title_clean as title,
    -- Where the passage does not begin or end with the text, a word that was cut in two is left out.
    case when cut.found_at > 51 then '… ' || regexp_replace(cut.before, '^\S*\s+', '') else cut.before end
    || cut.phrase
    || case
        when cut.after_at + 50 <= length(cut.in_one_line) then regexp_replace(cut.after, '\s+\S*$', '') || ' …'
        else cut.after
    end as passage
from cut
left join dim_date on cut.first_listed_date_key = dim_date.date_key
inner join dim_publisher on cut.publisher_key = dim_publisher.publisher_key
order by
    cut.release_date desc,
    cut.portal_id desc,
    cut.release_code asc,
    cut.language asc,
    cut.origin asc;
