-- Calendar of Kazakhstan.
-- Grain: one row per day; whole years, from 2019 or the earliest date in use to two years after the latest.
create table if not exists dim_date (
    date_key integer primary key, -- Key: YYYYMMDD as an integer.
    date date not null, -- The day.
    year integer not null, -- Calendar year.
    quarter integer not null, -- Quarter of the year, 1 to 4.
    month integer not null, -- Month, 1 to 12.
    day integer not null, -- Day of the month.
    iso_year integer not null, -- Year that the ISO 8601 week belongs to.
    iso_week integer not null, -- Week by ISO 8601, 1 to 53.
    weekday integer not null, -- Day of the week by ISO 8601, 1 is Monday.
    weekday_en varchar not null, -- Name of the weekday in English.
    weekday_ru varchar not null, -- Name of the weekday in Russian.
    weekday_kk varchar not null, -- Name of the weekday in Kazakh.
    is_weekend boolean not null, -- Saturday or Sunday.
    is_holiday boolean not null, -- A public holiday of Kazakhstan, days off moved from weekends included.
    holiday varchar -- Name of the public holiday in English, as the library "holidays" has it; NULL on other days.
);
