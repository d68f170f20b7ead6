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

-- What GraphQL answers without a topic it does not file the release under; the other routes may leave all topics out.
create or replace temp table release_answer as
with answer as (
    select
        release_key,
        language_key,
        max(requested_at) as answered_at
    from fact_fetch
    where
        route = 'graphql'
        and http_status = 200
        and content_key is not null
        and release_key in (
            select release_key from staged_fetch
            where content_key is not null
        )
    group by release_key, language_key
)

select
    release_key,
    list(answered_at) as answered_at,
    max(answered_at) as last_answered_at
from answer
group by release_key;

update bridge_release_topic
set
    is_current
    = list_contains(release_answer.answered_at, bridge_release_topic.last_seen_at)
    or bridge_release_topic.last_seen_at > release_answer.last_answered_at
from release_answer
where bridge_release_topic.release_key = release_answer.release_key;
