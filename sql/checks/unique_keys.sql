-- fail: A key stands for more than one row.
-- One row per table and key that is there twice.
select
    'fact_listing' as in_table,
    listing_key as key,
    count(*) as row_count
from scoped_listing
group by listing_key
having count(*) > 1
union all
select
    'fact_release' as in_table,
    release_key as key,
    count(*) as row_count
from scoped_release
group by release_key
having count(*) > 1
union all
select
    'text_content' as in_table,
    content_key as key,
    count(*) as row_count
from text_content
where content_key in (select content_key from scoped_content)
group by content_key
having count(*) > 1
union all
select
    'text_version' as in_table,
    text_key as key,
    count(*) as row_count
from scoped_version
group by text_key, version_no
having count(*) > 1
union all
select
    'publisher_version' as in_table,
    publisher_key as key,
    count(*) as row_count
from publisher_version
group by publisher_key, valid_from
having count(*) > 1
union all
select
    'source_file' as in_table,
    source_file_key as key,
    count(*) as row_count
from scoped_file
group by source_file_key
having count(*) > 1;
