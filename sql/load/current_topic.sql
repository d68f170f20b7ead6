-- Which topics releases still have. What GraphQL answers without a topic it does not file the release under; the other
-- routes may leave all topics out.
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
