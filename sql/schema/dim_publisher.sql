-- Publishers as they are known now.
-- Grain: one row per publisher, that is per slug.
create or replace view dim_publisher as
select
    publisher_key,
    slug,
    name_en,
    name_ru,
    name_kk,
    kind,
    region_key,
    is_known,
    note
from dim_publisher_history
where is_current;
