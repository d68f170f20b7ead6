-- What the current texts say, for releases with several contents. One text speaks for the release: one with a body
-- before one without, the digest's before the portal's, one in the digest's language before others, then the longest.
insert into release_text by name
with latest as (
    select
        release_key,
        text_key,
        count(*) as version_count,
        max(valid_from) as valid_from,
        arg_max(content_key, version_no) as content_key
    from text_version
    where
        release_key in (
            select release_key from release_seen
            where has_several_contents
        )
    group by release_key, text_key
),

current_text as (
    select
        latest.release_key,
        latest.text_key,
        latest.version_count,
        latest.valid_from,
        latest.content_key,
        text_content.origin = 'digest' as is_digest,
        coalesce(text_content.word_count, -1) as words,
        text_content.event_date,
        bool_or(text_content.origin = 'digest') over (partition by latest.release_key, text_content.language_key)
            as is_in_digest_language
    from latest
    inner join text_content
        on latest.content_key = text_content.content_key and latest.release_key = text_content.release_key
)

select
    release_key,
    sum(version_count)::bigint as version_count,
    arg_max(
        content_key, row(words >= 0, is_digest, is_in_digest_language, words, valid_from, -text_key)
    ) as content_key,
    -- NULLs are left out by arg_max.
    arg_max(event_date, row(valid_from, text_key)) as event_date
from current_text
group by release_key;
