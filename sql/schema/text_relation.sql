-- How the digest's text of a release relates to the portal's in the same language.
-- Grain: one row per pair of contents that were both current.
create table if not exists text_relation (
    digest_content_key bigint not null,
    portal_content_key bigint not null,
    kind varchar not null,
    shared double not null
);
comment on table text_relation is 'How the digest''s text of a release relates to the portal''s in the same language. Grain: one row per pair of contents.';
comment on column text_relation.digest_content_key is 'What the digest printed: text_content.';
comment on column text_relation.portal_content_key is 'What the portal''s page says: text_content.';
comment on column text_relation.kind is 'same, shortened, different, other_release (the newspaper printed another release''s body), no_digest_body or no_portal_body.';
comment on column text_relation.shared is 'Share of the digest''s words that stand on the portal''s page in the same order.';
