-- Where does the newspaper print something else than the portal's page says?
-- param kind: VARCHAR = all
-- values kind: all, same, shortened, different, other_release, no_digest_body, no_portal_body
select
    release_code,
    language,
    kind,
    shared,
    digest_words,
    portal_words,
    digest_title,
    portal_title,
    url
from mart_digest_vs_portal
where $kind in ('all', kind)
order by shared asc, release_code asc, language asc;
