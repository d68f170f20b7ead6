-- Versions of texts: which content a text had since when. The version that follows says until when: dim_text.
-- Grain: one row per version of a text; a text is a release in one language from one origin.
create table if not exists text_version (
    text_key bigint not null,
    release_key bigint not null,
    version_no integer not null,
    content_key bigint not null,
    valid_from timestamp not null,
    first_seen_at timestamp not null
);
comment on table text_version is 'Versions of texts: which content a text had since when; read them in dim_text. Grain: one row per version of a text.';
comment on column text_version.text_key is 'The text: release_key xor language_key xor the first 63 bits of the MD5 of "origin" and the origin. All versions of a text share it.';
comment on column text_version.release_key is 'The release: fact_release.';
comment on column text_version.version_no is 'Number of the version within its text, from 1.';
comment on column text_version.content_key is 'What it said: text_content.';
comment on column text_version.valid_from is 'Since when this version stood (UTC): 00:00 of the day the digest lists it under; of a portal''s text the moment its page was asked for.';
comment on column text_version.first_seen_at is 'When the warehouse learnt of it (UTC): the as_of of the load that brought the digest, or the moment the page was asked for.';
