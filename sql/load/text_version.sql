-- Versions of the texts of the releases that this load made again: only what differs is written, so that a version once
-- written stays the row it is.
delete from text_version
where
    release_key in (select release_key from touched_release)
    and not exists (
        select 1
        from version_now
        where
            version_now.release_key = text_version.release_key
            and version_now.text_key = text_version.text_key
            and version_now.version_no = text_version.version_no
            and version_now.content_key = text_version.content_key
            and version_now.source_content_key = text_version.source_content_key
            and version_now.valid_from = text_version.valid_from
            and version_now.first_seen_at = text_version.first_seen_at
    );

insert into text_version by name
select * from version_now
where
    not exists (
        select 1
        from text_version
        where
            text_version.release_key = version_now.release_key
            and text_version.text_key = version_now.text_key
            and text_version.version_no = version_now.version_no
    );
