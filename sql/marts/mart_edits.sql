-- Edits of texts, readable: which release, when, what kind, what changed.
-- Grain: one row per edit.
create or replace view mart_edits as
with edit as (
    select
        fact_edit.*,
        text_version.source_content_key
    from fact_edit
    inner join text_version
        on fact_edit.text_key = text_version.text_key and fact_edit.version_no = text_version.version_no
),

sighting as (
    select
        release_key,
        content_key,
        requested_at as seen_at,
        min(warc_file || ' byte ' || warc_offset) as place
    from fact_fetch
    where (release_key, content_key) in (select (release_key, source_content_key) from edit)
    group by release_key, content_key, requested_at
    union all
    select
        fact_listing.release_key,
        fact_listing.content_key,
        start_of_day(fact_listing.listed_date_key) as seen_at,
        min(source_file.path || ', ' || source_file.archive_path || ' byte ' || fact_listing.byte_start) as place
    from fact_listing
    inner join source_file on fact_listing.source_file_key = source_file.source_file_key
    where (fact_listing.release_key, fact_listing.content_key) in (select (release_key, source_content_key) from edit)
    group by fact_listing.release_key, fact_listing.content_key, fact_listing.listed_date_key
)

select
    fact_release.release_code,
    dim_publisher.slug as publisher_slug, -- Slug of the release's publisher.
    dim_language.code as language, -- Language of the text.
    text_content.origin, -- digest or portal: where both versions come from.
    edit.version_no,
    edit.edited_at,
    edit.kind,
    edit.kinds,
    edit.changed_share,
    array_to_string(list_transform(edit.numbers, lambda pair: pair.before || ' → ' || pair.after), '; ') as numbers, -- Figures that changed, before → after.
    array_to_string(
        list_transform(
            edit.changes[:5],
            lambda change: '[-' || left(change.before, 120) || '-]{+' || left(change.after, 120) || '+}'
        ),
        ' … '
    ) as changed, -- The first five changes: [-taken out-]{+put in+}.
    before.title as title_before, -- Title of the version before.
    text_content.title, -- Title of the version.
    fact_release.url,
    sighting.place as evidence, -- Where the version was read: file, seen from the folder of the warehouse, and byte of the archived answer, or of the item in the archived digest, after the digest's path.
    edit.edit_key -- The edit: fact_edit.
from edit
asof left join sighting
    on
        edit.release_key = sighting.release_key
        and edit.source_content_key = sighting.content_key
        and edit.edited_at >= sighting.seen_at
inner join text_content
    on edit.content_key = text_content.content_key and edit.release_key = text_content.release_key
inner join text_content as before
    on edit.content_key_before = before.content_key and edit.release_key = before.release_key
inner join dim_language on text_content.language_key = dim_language.language_key
inner join fact_release on edit.release_key = fact_release.release_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key;
