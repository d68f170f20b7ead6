-- Whole years that the calendar lacks, so that it covers every date in use.
insert into dim_date by name
select
    strftime(days.day, '%Y%m%d')::integer as date_key,
    days.day::date as date,
    year(days.day) as year,
    quarter(days.day) as quarter,
    month(days.day) as month,
    day(days.day) as day,
    isoyear(days.day) as iso_year,
    weekofyear(days.day) as iso_week,
    isodow(days.day) as weekday,
    dayname(days.day) as weekday_en,
    ['понедельник', 'вторник', 'среда', 'четверг', 'пятница', 'суббота', 'воскресенье'][isodow(days.day)] as weekday_ru,
    ['дүйсенбі', 'сейсенбі', 'сәрсенбі', 'бейсенбі', 'жұма', 'сенбі', 'жексенбі'][isodow(days.day)] as weekday_kk,
    isodow(days.day) > 5 as is_weekend,
    staged_holiday.name is not null as is_holiday,
    staged_holiday.name as holiday
from generate_series($first_day::timestamp, $last_day::timestamp, interval 1 day) as days (day)
left join staged_holiday on days.day::date = staged_holiday.date
where
    not exists (
        select 1 from dim_date
        where dim_date.date = days.day::date
    );
