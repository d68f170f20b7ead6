-- Texts and what each version changed.
-- Grain: one row per version of a text.
create or replace view mart_text_history as
with followed as (
    select
        *,
        lag(title) over (partition by text_key order by version_no) as title_before,
        lag(word_count) over (partition by text_key order by version_no) as word_count_before,
        lag(md5(body)) over (partition by text_key order by version_no) as body_md5_before
    from dim_text
)

select
    fact_release.release_code,
    dim_publisher.slug as publisher_slug,
    dim_language.code as language,
    followed.origin,
    followed.version_no,
    followed.valid_from,
    followed.valid_to,
    followed.is_current,
    followed.first_seen_at,
    followed.title,
    followed.body,
    followed.word_count,
    followed.title_before,
    followed.word_count_before,
    followed.version_no > 1 and (followed.title is distinct from followed.title_before) as title_changed,
    followed.version_no > 1 and (md5(followed.body) is distinct from followed.body_md5_before) as body_changed,
    followed.content_sha256
from followed
inner join fact_release on followed.release_key = fact_release.release_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
inner join dim_language on followed.language_key = dim_language.language_key;
comment on view mart_text_history is 'Texts and what each version changed. Grain: one row per version of a text.';
comment on column mart_text_history.publisher_slug is 'Slug of the release''s publisher.';
comment on column mart_text_history.language is 'Language of the text.';
comment on column mart_text_history.title_before is 'Title of the version before; NULL for the first.';
comment on column mart_text_history.word_count_before is 'Words of the version before.';
comment on column mart_text_history.title_changed is 'Whether the title differs from the version before; false for the first.';
comment on column mart_text_history.body_changed is 'Whether the body differs from the version before, or came or went; false for the first.';
