-- Topics of releases that the staged answers named.
create or replace temp table release_topic_seen as
select
    release_key,
    topic_key,
    min(seen_at) as first_seen_at,
    max(seen_at) as last_seen_at
from staged_topic
group by release_key, topic_key;

update bridge_release_topic
set
    first_seen_at = least(bridge_release_topic.first_seen_at, release_topic_seen.first_seen_at),
    last_seen_at = greatest(bridge_release_topic.last_seen_at, release_topic_seen.last_seen_at)
from release_topic_seen
where
    bridge_release_topic.release_key = release_topic_seen.release_key
    and bridge_release_topic.topic_key = release_topic_seen.topic_key;

insert into bridge_release_topic by name
select
    *,
    true as is_current
from release_topic_seen
where (release_key, topic_key) not in (select (release_key, topic_key) from bridge_release_topic);
