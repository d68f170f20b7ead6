-- When releases appeared: the one answer to “on which day”, whether a digest, the portal or both know a release.
-- Grain: one row per release.
create or replace view mart_release_day as
select
    release_key, -- The release: fact_release.
    coalesce(
        make_date(
            first_listed_date_key // 10000, first_listed_date_key // 100 % 100, first_listed_date_key % 100
        ),
        day_of(published_at),
        day_of(first_seen_at)
    ) as release_date, -- The day it appeared, in Almaty: the first one a digest lists it under, else the one gov.kz published it, else the one the warehouse learnt of it.
    case
        when first_listed_date_key is not null then 'listed'
        when published_at is not null then 'published'
        else 'learnt of'
    end as dated_by -- What release_date is: listed, published or learnt of.
from fact_release;
