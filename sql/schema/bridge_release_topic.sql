-- Which topics the portal files a release under, or did.
-- Grain: one row per release and topic.
create table if not exists bridge_release_topic (
    release_key bigint not null,
    topic_key bigint not null,
    first_seen_at timestamp not null,
    last_seen_at timestamp not null,
    is_current boolean not null
);
comment on table bridge_release_topic is 'Which topics the portal files a release under, or did. Grain: one row per release and topic.';
comment on column bridge_release_topic.release_key is 'The release: fact_release.';
comment on column bridge_release_topic.topic_key is 'The topic: dim_topic.';
comment on column bridge_release_topic.first_seen_at is 'When an answer first named it (UTC).';
comment on column bridge_release_topic.last_seen_at is 'When an answer last named it (UTC).';
comment on column bridge_release_topic.is_current is 'False where the latest answers that tell topics, those of GraphQL, name it no more in any language.';
