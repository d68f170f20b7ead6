-- The languages that detection tells apart.
insert into dim_language
select
    ('0x' || left(md5('language' || chr(31) || code), 16))::ubigint >> 1 as language_key,
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
