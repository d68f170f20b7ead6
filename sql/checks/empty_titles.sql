-- fail: A title is empty.
-- One row per listing or content without a title.
select
    'fact_listing' as in_table,
    listing_key as key
from fact_listing
where source_file_key in (select source_file_key from scope_file) and trim(title) = ''
union all
select
    'text_content' as in_table,
    content_key as key
from text_content
where release_key in (select release_key from scope_release) and trim(title) = '';
