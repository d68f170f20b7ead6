-- fail: A key points to no row, or to one that another release owns.
-- One row per table, column and key without such a row. Each table that keys point to is looked through once, and a
-- statement has as few of them in memory as can be.
with to_content as (
    select
        'fact_listing' as in_table,
        'content_key' as in_column,
        release_key,
        content_key
    from scoped_listing
    union all
    select
        'text_version' as in_table,
        'content_key' as in_column,
        release_key,
        content_key
    from scoped_version
    union all
    select
        'fact_fetch' as in_table,
        'content_key' as in_column,
        release_key,
        content_key
    from scoped_fetch
    where content_key is not null
    union all
    select
        'fact_edit' as in_table,
        'content_key' as in_column,
        release_key,
        content_key
    from scoped_edit
    union all
    select
        'fact_edit' as in_table,
        'content_key_before' as in_column,
        release_key,
        content_key_before as content_key
    from scoped_edit
    union all
    select
        'text_relation' as in_table,
        'digest_content_key' as in_column,
        release_key,
        digest_content_key as content_key
    from scoped_relation
    union all
    select
        'text_relation' as in_table,
        'portal_content_key' as in_column,
        release_key,
        portal_content_key as content_key
    from scoped_relation
)

select
    in_table,
    in_column,
    content_key as key
from to_content
where
    not exists (
        select 1 from text_content
        where text_content.content_key = to_content.content_key and text_content.release_key = to_content.release_key
    );

with to_version as (
    select
        'fact_listing' as in_table,
        'content_key, as a version' as in_column,
        scoped_listing.release_key,
        scoped_listing.content_key
    from scoped_listing
    inner join text_content on scoped_listing.content_key = text_content.content_key
    -- A title alone or a day that cannot be need not make one.
    where scoped_listing.is_day_plausible and text_content.word_count is not null
    union all
    select
        'fact_release' as in_table,
        'content_key' as in_column,
        release_key,
        content_key
    from scoped_release
)

select
    in_table,
    in_column,
    content_key as key
from to_version
where
    not exists (
        select 1 from text_version
        where text_version.content_key = to_version.content_key and text_version.release_key = to_version.release_key
    );

with to_release as (
    select
        'fact_listing' as in_table,
        'release_key' as in_column,
        release_key
    from scoped_listing
    union all
    select
        'text_content' as in_table,
        'release_key' as in_column,
        release_key
    from scoped_content
)

select
    in_table,
    in_column,
    release_key as key
from to_release
where
    not exists (
        select 1 from fact_release
        where fact_release.release_key = to_release.release_key
    );

with of_listing as (
    select
        publisher_key,
        section_key,
        listed_date_key,
        source_file_key
    from scoped_listing
    group by grouping sets ((publisher_key), (section_key), (listed_date_key), (source_file_key))
),

of_release as (
    select
        publisher_key,
        event_date_key
    from scoped_release
    group by grouping sets ((publisher_key), (event_date_key))
),

to_dimension as (
    select
        'fact_listing' as in_table,
        'publisher_key' as in_column,
        'publisher' as dimension,
        publisher_key as key
    from of_listing
    where publisher_key is not null
    union all
    select
        'fact_listing' as in_table,
        'section_key' as in_column,
        'section' as dimension,
        section_key as key
    from of_listing
    where section_key is not null
    union all
    select
        'fact_listing' as in_table,
        'listed_date_key' as in_column,
        'date' as dimension,
        listed_date_key as key
    from of_listing
    where listed_date_key is not null
    union all
    select
        'fact_listing' as in_table,
        'source_file_key' as in_column,
        'file' as dimension,
        source_file_key as key
    from of_listing
    where source_file_key is not null
    union all
    select
        'fact_release' as in_table,
        'publisher_key' as in_column,
        'publisher' as dimension,
        publisher_key as key
    from of_release
    where publisher_key is not null
    union all
    select
        'fact_release' as in_table,
        'event_date_key' as in_column,
        'date' as dimension,
        event_date_key as key
    from of_release
    where event_date_key is not null
    union all
    select distinct
        'text_content' as in_table,
        'language_key' as in_column,
        'language' as dimension,
        language_key as key
    from scoped_content
    where language_key is not null
    union all
    select distinct
        'publisher_version' as in_table,
        'region_key' as in_column,
        'region' as dimension,
        region_key as key
    from publisher_version
    where region_key is not null
),

dimension_row as (
    select
        'publisher' as dimension,
        publisher_key as key
    from publisher_version
    union all
    select
        'section' as dimension,
        section_key as key
    from dim_section
    union all
    select
        'date' as dimension,
        date_key as key
    from dim_date
    union all
    select
        'file' as dimension,
        source_file_key as key
    from source_file
    union all
    select
        'language' as dimension,
        language_key as key
    from dim_language
    union all
    select
        'region' as dimension,
        region_key as key
    from dim_region
)

select
    in_table,
    in_column,
    key
from to_dimension
where
    not exists (
        select 1 from dimension_row
        where dimension_row.dimension = to_dimension.dimension and dimension_row.key = to_dimension.key
    );
