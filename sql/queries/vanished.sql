-- Which pages are gone from gov.kz, or were and came back, and which visits say so?
select
    release_code,
    language,
    status,
    last_found_at,
    missing_from,
    missing_to,
    returned_at,
    title,
    url,
    evidence
from mart_vanished
order by missing_to desc, release_code asc, language asc;
