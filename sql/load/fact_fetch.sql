-- Attempts to fetch that the archive of answers has and the warehouse had not.
insert into fact_fetch by name
select
    staged_fetch.* exclude (language, portal_id),
    dim_language.language_key
from staged_fetch
inner join dim_language on staged_fetch.language = dim_language.code;
