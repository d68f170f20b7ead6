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
comment on column mart_text_history.release_code is 'The gov.kz id as text, or the text slug of old links.';
comment on column mart_text_history.publisher_slug is 'Slug of the release''s publisher.';
comment on column mart_text_history.language is 'Language of the text.';
comment on column mart_text_history.origin is 'digest or portal.';
comment on column mart_text_history.version_no is 'Number of the version within its text, from 1.';
comment on column mart_text_history.valid_from is 'Since when this version stood (UTC).';
comment on column mart_text_history.valid_to is 'Until when, exclusive; 9999-12-31 for the current version.';
comment on column mart_text_history.is_current is 'True for the last version.';
comment on column mart_text_history.first_seen_at is 'When the warehouse first learnt of this version (as_of, UTC).';
comment on column mart_text_history.title is 'Title as received.';
comment on column mart_text_history.body is 'Body as received; NULL where there is none.';
comment on column mart_text_history.word_count is 'Words of the body; NULL without a body.';
comment on column mart_text_history.title_before is 'Title of the version before; NULL for the first.';
comment on column mart_text_history.word_count_before is 'Words of the version before.';
comment on column mart_text_history.title_changed is 'Whether the title differs from the version before; false for the first.';
comment on column mart_text_history.body_changed is 'Whether the body differs from the version before, or came or went; false for the first.';
comment on column mart_text_history.content_sha256 is 'SHA-256, in hex, of title and body.';
