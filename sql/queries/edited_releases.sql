-- Which texts were changed after they were first listed, when, and was it the title or the body?
-- param since: DATE = 1900-01-01
select
    release_code,
    publisher_slug,
    language,
    version_no,
    valid_from,
    title_changed,
    body_changed,
    word_count_before,
    word_count,
    title_before,
    title
from mart_text_history
where version_no > 1 and day_of(valid_from) >= $since
order by valid_from desc, release_code asc, language asc, version_no asc;
