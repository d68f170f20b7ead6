-- Whole years that the calendar lacks, so that it covers every date in use.
insert into dim_date
select
    strftime(day, '%Y%m%d')::integer as date_key,
    day::date as date,
    year(day) as year,
    quarter(day) as quarter,
    month(day) as month,
    day(day) as day,
    isoyear(day) as iso_year,
    weekofyear(day) as iso_week,
    isodow(day) as weekday,
    dayname(day) as weekday_en,
    ['понедельник', 'вторник', 'среда', 'четверг', 'пятница', 'суббота', 'воскресенье'][isodow(day)] as weekday_ru,
    ['дүйсенбі', 'сейсенбі', 'сәрсенбі', 'бейсенбі', 'жұма', 'сенбі', 'жексенбі'][isodow(day)] as weekday_kk,
    isodow(day) > 5 as is_weekend,
    staged_holiday.name is not null as is_holiday,
    staged_holiday.name as holiday
from generate_series($first_day::timestamp, $last_day::timestamp, interval 1 day) as days (day)
left join staged_holiday on days.day::date = staged_holiday.date
where not exists (select 1 from dim_date where dim_date.date = days.day::date);
