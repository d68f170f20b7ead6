-- Which texts were changed after they were first listed, and when?
select
    release_code,
    publisher_slug,
    language,
    version_no,
    valid_from,
    title_changed,
    body_changed,
    word_count_before,
    word_count
from mart_text_history
where version_no > 1
order by valid_from desc, release_code, version_no;
