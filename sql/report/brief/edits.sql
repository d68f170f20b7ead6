-- Texts whose version of this day replaced another one, the weightiest edits first. One row per edit; changes are its
-- first three, each with the later version's text around it.
-- Assumes: a digest's version stands from 00:00 of its day, and a page's from the moment it was asked for (UTC).
with edited as (
    select
        fact_edit.*,
        text_content.title,
        text_content.body,
        text_content.paragraph_breaks,
        text_content.origin,
        text_content.language_key,
        text_content.title_language_key
    from fact_edit
    inner join text_content
        on fact_edit.content_key = text_content.content_key and fact_edit.release_key = text_content.release_key
    where
        fact_edit.edited_at >= least($day::timestamp, $begins_at)
        and fact_edit.edited_at < $ends_at
        and case
            when text_content.origin = 'digest' then fact_edit.edited_at = $day::timestamp
            else fact_edit.edited_at >= $begins_at
        end
)

select
    fact_release.release_code,
    fact_release.url,
    coalesce(dim_publisher.name_en, dim_publisher.slug) as publisher,
    edited.title,
    title_language.code as title_language,
    dim_language.code as body_language,
    dim_language.name_en as language,
    edited.origin,
    edited.kind,
    edited.changed_share,
    edited.version_no,
    list_transform(
        edited.changes[:3],
        lambda change: {
            'part': change.part,
            'before': left(change.before, 200),
            'after': left(change.after, 200),
            'excerpt_start': greatest(change.after_start - 400, 0),
            'excerpt': substring(
                case when change.part = 'title' then edited.title else edited.body end,
                greatest(change.after_start - 400, 0) + 1,
                1000
            ),
            'breaks': case
                when change.part = 'title' then []
                else list_filter(
                    edited.paragraph_breaks,
                    lambda place: place > change.after_start - 400 and place < change.after_start + 600
                )
            end,
            'char_start': change.after_start,
            'char_end': least(change.after_end, change.after_start + 200)
        }
    ) as changes,
    len(edited.changes) as changes_in_all,
    count(*) over () as in_all
from edited
inner join fact_release on edited.release_key = fact_release.release_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
inner join dim_language on edited.language_key = dim_language.language_key
inner join dim_language as title_language on edited.title_language_key = title_language.language_key
order by
    edited.kind = 'cosmetic',
    edited.changed_share desc,
    fact_release.release_code asc,
    dim_language.code asc,
    edited.origin asc,
    edited.version_no asc
limit $shown;
