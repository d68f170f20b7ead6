-- How many releases appeared each day, and was it a working day?
select
    date,
    weekday_en as weekday,
    is_weekend or is_holiday as is_day_off,
    sum(releases)::bigint as releases,
    sum(releases_with_body)::bigint as with_body
from mart_publisher_activity
group by date, weekday_en, is_weekend, is_holiday
order by date;
