-- Texts and what each version changed.
-- Grain: one row per version of a text.
create or replace view mart_text_history as
with before as (
    select
        fact_edit.release_key,
        fact_edit.text_key,
        fact_edit.version_no,
        text_content.title,
        text_content.body,
        text_content.word_count
    from fact_edit
    inner join text_content
        on fact_edit.content_key_before = text_content.content_key and fact_edit.release_key = text_content.release_key
)

select
    dim_text.release_key, -- The release: fact_release.
    fact_release.release_code,
    dim_publisher.slug as publisher_slug, -- Slug of the release's publisher.
    dim_language.code as language, -- Language of the text.
    dim_text.origin,
    dim_text.version_no, -- Number of the version within its text, from 1.
    dim_text.valid_from,
    dim_text.valid_to,
    dim_text.is_current,
    dim_text.first_seen_at,
    dim_text.title,
    dim_text.body,
    dim_text.word_count,
    before.title as title_before, -- Title of the version before; NULL for the first.
    before.word_count as word_count_before, -- Words of the version before.
    dim_text.version_no > 1 and (dim_text.title is distinct from before.title) as title_changed, -- Whether the title differs from the version before; false for the first.
    dim_text.version_no > 1 and (dim_text.body is distinct from before.body) as body_changed, -- Whether the body differs from the version before, or came or went; false for the first.
    dim_text.content_sha256
from dim_text
left join before
    on
        dim_text.release_key = before.release_key
        and dim_text.text_key = before.text_key
        and dim_text.version_no = before.version_no
inner join fact_release on dim_text.release_key = fact_release.release_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
inner join dim_language on dim_text.language_key = dim_language.language_key;
