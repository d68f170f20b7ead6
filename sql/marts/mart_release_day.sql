-- When releases appeared: the one answer to “on which day”, whether a digest, the portal or both know a release.
-- Grain: one row per release.
create or replace view mart_release_day as
select
    release_key, -- The release: fact_release.
    release_day(first_listed_date_key, published_at, first_seen_at) as release_date, -- The day it appeared, in Almaty: the first one a digest lists it under, else the one gov.kz published it, else the one the warehouse learnt of it.
    release_day_is(first_listed_date_key, published_at) as dated_by -- What release_date is: listed, published or learnt of.
from fact_release;
