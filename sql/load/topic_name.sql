-- Names of topics that the staged answers gave.
create or replace temp table topic_seen as
select
    staged_topic.topic_key,
    any_value(staged_topic.portal_topic_id) as portal_topic_id,
    dim_language.language_key,
    staged_topic.name,
    max(staged_topic.seen_at) as last_seen_at
from staged_topic
inner join dim_language on staged_topic.language = dim_language.code
group by staged_topic.topic_key, dim_language.language_key, staged_topic.name;

update topic_name
set last_seen_at = greatest(topic_name.last_seen_at, topic_seen.last_seen_at)
from topic_seen
where
    topic_name.topic_key = topic_seen.topic_key
    and topic_name.language_key = topic_seen.language_key
    and topic_name.name = topic_seen.name;

insert into topic_name by name
select * from topic_seen
where (topic_key, language_key, name) not in (select (topic_key, language_key, name) from topic_name);
