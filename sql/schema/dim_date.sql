-- Calendar of Kazakhstan.
-- Grain: one row per day; whole years, from 2019 or the earliest date in use to two years after the latest.
create table if not exists dim_date (
    date_key integer primary key,
    date date not null,
    year integer not null,
    quarter integer not null,
    month integer not null,
    day integer not null,
    iso_year integer not null,
    iso_week integer not null,
    weekday integer not null,
    weekday_en varchar not null,
    weekday_ru varchar not null,
    weekday_kk varchar not null,
    is_weekend boolean not null,
    is_holiday boolean not null,
    holiday varchar
);
comment on table dim_date is 'Calendar of Kazakhstan. Grain: one row per day, whole years around the dates in use.';
comment on column dim_date.date_key is 'Key: YYYYMMDD as an integer.';
comment on column dim_date.date is 'The day.';
comment on column dim_date.year is 'Calendar year.';
comment on column dim_date.quarter is 'Quarter of the year, 1 to 4.';
comment on column dim_date.month is 'Month, 1 to 12.';
comment on column dim_date.day is 'Day of the month.';
comment on column dim_date.iso_year is 'Year that the ISO 8601 week belongs to.';
comment on column dim_date.iso_week is 'Week by ISO 8601, 1 to 53.';
comment on column dim_date.weekday is 'Day of the week by ISO 8601, 1 is Monday.';
comment on column dim_date.weekday_en is 'Name of the weekday in English.';
comment on column dim_date.weekday_ru is 'Name of the weekday in Russian.';
comment on column dim_date.weekday_kk is 'Name of the weekday in Kazakh.';
comment on column dim_date.is_weekend is 'Saturday or Sunday.';
comment on column dim_date.is_holiday is 'A public holiday of Kazakhstan, days off moved from weekends included.';
comment on column dim_date.holiday is 'Name of the public holiday in English, as the library "holidays" has it; NULL on other days.';
