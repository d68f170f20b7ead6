-- Names of the portal's directions of work (topics), as its answers gave them; read them in dim_topic.
-- Grain: one row per topic, language and name.
create table if not exists topic_name (
    topic_key bigint not null, -- Key: the first 63 bits of the MD5 of "topic" and the portal's id.
    portal_topic_id varchar not null, -- The portal's id of the topic.
    language_key bigint not null, -- Language of the page that gave the name: dim_language.
    name varchar not null, -- The name.
    last_seen_at timestamp not null -- When an answer last gave it (UTC).
);
