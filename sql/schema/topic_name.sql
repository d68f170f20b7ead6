-- Names of the portal's directions of work (topics), as its answers gave them.
-- Grain: one row per topic, language and name.
create table if not exists topic_name (
    topic_key bigint not null,
    portal_topic_id varchar not null,
    language_key bigint not null,
    name varchar not null,
    last_seen_at timestamp not null
);
comment on table topic_name is 'Names of the portal''s directions of work, as its answers gave them; read them in dim_topic. Grain: one row per topic, language and name.';
comment on column topic_name.topic_key is 'Key: the first 63 bits of the MD5 of "topic" and the portal''s id.';
comment on column topic_name.portal_topic_id is 'The portal''s id of the topic.';
comment on column topic_name.language_key is 'Language of the page that gave the name: dim_language.';
comment on column topic_name.name is 'The name.';
comment on column topic_name.last_seen_at is 'When an answer last gave it (UTC).';
