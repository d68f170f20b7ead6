-- Which releases mention a word or phrase in title or body, and where?
-- param phrase: VARCHAR
-- param limit: INTEGER = 20
select
    first_listed_date,
    release_code,
    publisher_slug,
    title,
    case
        when contains(lower(body), lower($phrase))
            then substring(
                replace(body, chr(10), ' '),
                greatest(1, position(lower($phrase) in lower(body)) - 40),
                80 + length($phrase)
            )
    end as passage
from mart_release
where contains(lower(title), lower($phrase)) or contains(lower(body), lower($phrase))
order by first_listed_date desc, release_code desc
limit $limit;
