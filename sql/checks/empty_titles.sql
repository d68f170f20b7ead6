-- fail: A title is empty.
-- One row per listing or content without a title. Grouped, so that no title out of scope is read.
select
    'fact_listing' as in_table,
    listing_key as key
from scoped_listing
group by listing_key
having bool_or(trim(title) = '')
union all
select
    'text_content' as in_table,
    content_key as key
from scoped_content
group by content_key
having bool_or(trim(title) = '');
