-- Texts and what each version changed.
-- Grain: one row per version of a text.
create or replace view mart_text_history as
with followed as (
    select
        *,
        lag(title) over (partition by release_key, text_key order by version_no) as title_before,
        lag(word_count) over (partition by release_key, text_key order by version_no) as word_count_before,
        lag(md5(body)) over (partition by release_key, text_key order by version_no) as body_md5_before
    from dim_text
)

select
    fact_release.release_code,
    dim_publisher.slug as publisher_slug, -- Slug of the release's publisher.
    dim_language.code as language, -- Language of the text.
    followed.origin,
    followed.version_no,
    followed.valid_from,
    followed.valid_to,
    followed.is_current,
    followed.first_seen_at,
    followed.title,
    followed.body,
    followed.word_count,
    followed.title_before, -- Title of the version before; NULL for the first.
    followed.word_count_before, -- Words of the version before.
    followed.version_no > 1 and (followed.title is distinct from followed.title_before) as title_changed, -- Whether the title differs from the version before; false for the first.
    followed.version_no > 1 and (md5(followed.body) is distinct from followed.body_md5_before) as body_changed, -- Whether the body differs from the version before, or came or went; false for the first.
    followed.content_sha256
from followed
inner join fact_release on followed.release_key = fact_release.release_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
inner join dim_language on followed.language_key = dim_language.language_key;
