-- Contents that no digest printed as one: a title that was listed alone, over the body that stood before it. Each is the
-- very row that a digest with both would bring; one that no version needs any more goes.
create or replace temp table needless_content as
select
    release_key,
    content_key
from text_content
where
    origin = 'digest'
    and release_key in (
        select release_key from release_seen
        where has_several_contents
    )
    and (release_key, content_key) not in (select (release_key, content_key) from listing_seen)
    and (release_key, content_key) not in (select (release_key, content_key) from version_now);

delete from text_relation
where (release_key, digest_content_key) in (select (release_key, content_key) from needless_content);

delete from text_content
where (release_key, content_key) in (select (release_key, content_key) from needless_content);

insert into text_content by name
with composed as (
    select
        release_key,
        content_key,
        min(source_content_key) as title_content_key,
        min(body_content_key) as body_content_key
    from headline_over_body
    where (release_key, content_key) in (select (release_key, content_key) from version_now)
    group by release_key, content_key
)

select
    full_text.* replace (
        composed.content_key as content_key,
        headline_text.title as title,
        headline_text.title_language_key as title_language_key
    )
from composed
inner join text_content as full_text
    on composed.release_key = full_text.release_key and composed.body_content_key = full_text.content_key
inner join text_content as headline_text
    on composed.release_key = headline_text.release_key and composed.title_content_key = headline_text.content_key
where
    not exists (
        select 1
        from text_content
        where text_content.release_key = full_text.release_key and text_content.content_key = composed.content_key
    );
