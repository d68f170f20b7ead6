-- Which topics the portal files a release under, or did.
-- Grain: one row per release and topic.
create table if not exists bridge_release_topic (
    release_key bigint not null, -- The release: fact_release.
    topic_key bigint not null, -- The topic: dim_topic.
    first_seen_at timestamp not null, -- When an answer first named it (UTC).
    last_seen_at timestamp not null, -- When an answer last named it (UTC).
    is_current boolean not null -- False where the latest answers that tell topics, those of GraphQL, name it no more in any language.
);
