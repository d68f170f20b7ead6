-- Contents the warehouse does not have yet. Two parts of one load may have staged the same content; the first is taken.
create or replace temp table staged_again as
with staged_twice as (
    select
        content_key,
        release_key,
        min(filename) as first_filename
    from staged_text
    group by content_key, release_key
    having count(*) > 1
)

select
    staged_text.content_key,
    staged_text.release_key,
    staged_text.filename
from staged_text
inner join staged_twice
    on staged_text.content_key = staged_twice.content_key and staged_text.release_key = staged_twice.release_key
where staged_text.filename <> staged_twice.first_filename;

insert into text_content by name
select
    staged_text.* exclude (filename, release_code, page_language, language, title_language, body_language),
    text_language.language_key,
    title_language.language_key as title_language_key,
    body_language.language_key as body_language_key
from staged_text
-- A page's text is its language's, whatever it is written in.
inner join dim_language as text_language on coalesce(staged_text.page_language, staged_text.language) = text_language.code
inner join dim_language as title_language on staged_text.title_language = title_language.code
left join dim_language as body_language on staged_text.body_language = body_language.code
where
    not exists (
        select 1
        from staged_again
        where
            staged_again.content_key = staged_text.content_key
            and staged_again.release_key = staged_text.release_key
            and staged_again.filename = staged_text.filename
    );
