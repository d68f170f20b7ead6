-- What did a release say, from when until when, and since when does the warehouse know it?
-- param code: VARCHAR
select
    language,
    origin,
    version_no,
    valid_from,
    valid_to,
    first_seen_at,
    title,
    word_count,
    title_changed,
    body_changed,
    content_sha256
from mart_text_history
where release_key = release_of($code)
order by language, origin, version_no;
