-- In which languages does each publisher publish on gov.kz?
select
    publisher_slug,
    publisher,
    releases,
    in_kk,
    in_ru,
    in_en,
    in_all_three,
    in_one_only
from mart_language_coverage
order by releases desc, publisher_slug asc;
