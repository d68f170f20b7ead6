-- Publishers of the reference rows and of the staged listings, where what is known differs from what was in force.
create or replace temp table publisher_change as
select * from staged_publisher
except
select * exclude (valid_from, valid_to, is_current) from dim_publisher_history
where valid_from <= $as_of and $as_of < valid_to;
