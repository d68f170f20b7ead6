-- The languages that detection tells apart.
insert into dim_language
select
    key_of('language' || chr(31) || code) as language_key,
    code,
    name_en
from (
    values
    ('kk', 'Kazakh'),
    ('ru', 'Russian'),
    ('en', 'English'),
    ('other', 'another language'),
    ('mixed', 'two languages in one text'),
    ('und', 'undetermined')
) as language (code, name_en); -- noqa: AL05
