-- What the newspaper printed of a release beside what the portal's page says, in the same language.
-- Grain: one row per release and language with a current text from both.
create or replace view mart_digest_vs_portal as
select
    fact_release.release_code,
    dim_language.code as language, -- Language of both texts.
    text_relation.kind,
    text_relation.shared,
    digest_text.title as digest_title, -- Title in the digest, as received.
    portal_text.title as portal_title, -- Title on the portal.
    digest_text.word_count as digest_words, -- Words of the digest's body; NULL without a body.
    portal_text.word_count as portal_words, -- Words of the portal's body; NULL without a body.
    digest_text.valid_from as digest_since, -- Since when the digest's text stood (UTC).
    portal_text.valid_from as portal_since, -- Since when the portal's text stood (UTC).
    fact_release.url
from text_relation
inner join dim_text as digest_text
    on
        text_relation.digest_content_key = digest_text.content_key
        and text_relation.release_key = digest_text.release_key
        and digest_text.is_current
inner join dim_text as portal_text
    on
        text_relation.portal_content_key = portal_text.content_key
        and text_relation.release_key = portal_text.release_key
        and portal_text.is_current
inner join fact_release on digest_text.release_key = fact_release.release_key
inner join dim_language on portal_text.language_key = dim_language.language_key;
