-- What changed in which text since a day: the kind of edit, the figures, and the words before and after?
-- param since: DATE = 1900-01-01
select
    release_code,
    publisher_slug,
    language,
    origin,
    edited_at,
    kind,
    changed_share,
    numbers,
    changed,
    url,
    evidence
from mart_edits
where day_of(edited_at) >= $since
order by edited_at desc, release_code asc, language asc, origin asc, version_no asc;
