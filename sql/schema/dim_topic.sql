-- Directions of work (topics) that the portal files releases under, with their latest names.
-- Grain: one row per topic.
create or replace view dim_topic as
select
    topic_name.topic_key,
    any_value(topic_name.portal_topic_id) as portal_topic_id,
    arg_max(topic_name.name, row(topic_name.last_seen_at, topic_name.name)) filter (where dim_language.code = 'en')
        as name_en, -- Name on English pages; NULL where none gave it.
    arg_max(topic_name.name, row(topic_name.last_seen_at, topic_name.name)) filter (where dim_language.code = 'ru')
        as name_ru, -- Name on Russian pages; NULL where none gave it.
    arg_max(topic_name.name, row(topic_name.last_seen_at, topic_name.name)) filter (where dim_language.code = 'kk')
        as name_kk -- Name on Kazakh pages; NULL where none gave it.
from topic_name
inner join dim_language on topic_name.language_key = dim_language.language_key
group by topic_name.topic_key;
