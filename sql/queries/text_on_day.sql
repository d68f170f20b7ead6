-- What did a release say on a given day?
-- param code: VARCHAR
-- param day: DATE = 9999-01-01
select
    mart_text_history.language,
    mart_text_history.version_no,
    mart_text_history.valid_from,
    mart_text_history.title,
    mart_text_history.body
from mart_text_history
where
    mart_text_history.release_code = $code
    and mart_text_history.valid_from < $day + interval 1 day
    and $day + interval 1 day <= mart_text_history.valid_to
order by mart_text_history.language;
