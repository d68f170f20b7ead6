-- What did a release say at the end of a given day?
-- param code: VARCHAR
-- param day: DATE = 9999-12-31
select
    language,
    origin,
    version_no,
    valid_from,
    title,
    body
from mart_text_history
where
    release_key = release_of($code)
    and day_of(valid_from) <= $day
    and (is_current or $day < day_of(valid_to))
order by language, origin;
