-- The releases of the days of brief_day, as a temporary table. One row per release, on the day it appeared.
create or replace temp table brief_release as
select
    fact_release.release_key,
    fact_release.publisher_key,
    fact_release.content_key,
    fact_release.has_body,
    fact_release.word_count,
    mart_release_day.dated_by,
    mart_release_day.release_date as date
from fact_release
inner join mart_release_day on fact_release.release_key = mart_release_day.release_key
where mart_release_day.release_date in (select date from brief_day);
