-- fail: A key points to no row, or to one that another release owns.
-- One row per table, column and key without such a row.
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
    and not exists (
        select 1 from text_content
        where text_content.content_key = fact_listing.content_key and text_content.release_key = fact_listing.release_key
    )
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
    and not exists (
        select 1 from text_version
        where text_version.content_key = fact_listing.content_key and text_version.release_key = fact_listing.release_key
    )
union all
select
    'text_version' as in_table,
    'content_key' as in_column,
    content_key as key
from text_version
where
    release_key in (select release_key from scope_release)
    and not exists (
        select 1 from text_content
        where text_content.content_key = text_version.content_key and text_content.release_key = text_version.release_key
    )
union all
select
    'fact_release' as in_table,
    'content_key' as in_column,
    content_key as key
from fact_release
where
    release_key in (select release_key from scope_release)
    and not exists (
        select 1 from text_version
        where text_version.content_key = fact_release.content_key and text_version.release_key = fact_release.release_key
    )
union all
select
    'fact_fetch' as in_table,
    'content_key' as in_column,
    content_key as key
from fact_fetch
where
    content_key is not null
    and release_key in (select release_key from scope_release)
    and not exists (
        select 1 from text_content
        where text_content.content_key = fact_fetch.content_key and text_content.release_key = fact_fetch.release_key
    )
union all
select
    'fact_edit' as in_table,
    'content_key' as in_column,
    content_key as key
from fact_edit
where
    release_key in (select release_key from scope_release)
    and not exists (
        select 1 from text_content
        where text_content.content_key = fact_edit.content_key and text_content.release_key = fact_edit.release_key
    )
union all
select
    'fact_edit' as in_table,
    'content_key_before' as in_column,
    content_key_before as key
from fact_edit
where
    release_key in (select release_key from scope_release)
    and not exists (
        select 1 from text_content
        where text_content.content_key = fact_edit.content_key_before and text_content.release_key = fact_edit.release_key
    )
union all
select
    'text_relation' as in_table,
    'digest_content_key' as in_column,
    digest_content_key as key
from text_relation
where
    release_key in (select release_key from scope_release)
    and not exists (
        select 1 from text_content
        where
            text_content.content_key = text_relation.digest_content_key
            and text_content.release_key = text_relation.release_key
    )
union all
select
    'text_relation' as in_table,
    'portal_content_key' as in_column,
    portal_content_key as key
from text_relation
where
    release_key in (select release_key from scope_release)
    and not exists (
        select 1 from text_content
        where
            text_content.content_key = text_relation.portal_content_key
            and text_content.release_key = text_relation.release_key
    )
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
