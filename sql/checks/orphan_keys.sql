-- fail: A key points to no row.
-- One row per table, column and key without a row.
select
    'fact_listing' as in_table,
    'release_key' as in_column,
    release_key as key
from fact_listing
where
    source_file_key in (select source_file_key from scope_file)
    and release_key not in (select release_key from fact_release)
union all
select
    'fact_listing' as in_table,
    'content_key' as in_column,
    content_key as key
from fact_listing
where
    source_file_key in (select source_file_key from scope_file)
    and content_key not in (select content_key from text_content)
union all
select
    'fact_listing' as in_table,
    'content_key, as a version' as in_column,
    fact_listing.content_key as key
from fact_listing
inner join text_content on fact_listing.content_key = text_content.content_key
where
    fact_listing.source_file_key in (select source_file_key from scope_file)
    -- A title alone or a day that cannot be need not make one.
    and text_content.word_count is not null
    and fact_listing.is_day_plausible
    and fact_listing.content_key not in (select content_key from text_version)
union all
select
    'text_version' as in_table,
    'content_key' as in_column,
    content_key as key
from text_version
where
    release_key in (select release_key from scope_release)
    and content_key not in (select content_key from text_content)
union all
select
    'fact_release' as in_table,
    'content_key' as in_column,
    content_key as key
from fact_release
where
    release_key in (select release_key from scope_release)
    and content_key not in (select content_key from text_version)
union all
select distinct
    'fact_listing' as in_table,
    'publisher_key' as in_column,
    publisher_key as key
from fact_listing
where publisher_key not in (select publisher_key from dim_publisher)
union all
select distinct
    'fact_listing' as in_table,
    'section_key' as in_column,
    section_key as key
from fact_listing
where section_key not in (select section_key from dim_section)
union all
select distinct
    'fact_listing' as in_table,
    'listed_date_key' as in_column,
    listed_date_key as key
from fact_listing
where listed_date_key not in (select date_key from dim_date)
union all
select distinct
    'fact_listing' as in_table,
    'source_file_key' as in_column,
    source_file_key as key
from fact_listing
where source_file_key not in (select source_file_key from source_file)
union all
select distinct
    'fact_release' as in_table,
    'publisher_key' as in_column,
    publisher_key as key
from fact_release
where publisher_key not in (select publisher_key from dim_publisher)
union all
select distinct
    'fact_release' as in_table,
    'event_date_key' as in_column,
    event_date_key as key
from fact_release
where event_date_key not in (select date_key from dim_date)
union all
select distinct
    'text_content' as in_table,
    'language_key' as in_column,
    language_key as key
from text_content
where language_key not in (select language_key from dim_language)
union all
select
    'text_content' as in_table,
    'release_key' as in_column,
    release_key as key
from text_content
where release_key not in (select release_key from fact_release)
union all
select
    'dim_publisher' as in_table,
    'region_key' as in_column,
    region_key as key
from dim_publisher
where region_key not in (select region_key from dim_region);
