-- Edits: what changed from one version of a text to the next.
-- Grain: one row per version of a text but the first.
create table if not exists fact_edit (
    edit_key bigint not null,
    text_key bigint not null,
    release_key bigint not null,
    version_no integer not null,
    content_key_before bigint not null,
    content_key bigint not null,
    kind varchar not null,
    kinds varchar[] not null,
    changed_share double not null,
    changes struct(
        part varchar, op varchar, "before" varchar, "after" varchar,
        before_start integer, before_end integer, after_start integer, after_end integer
    )[] not null,
    numbers struct("before" varchar, "after" varchar)[] not null,
    edited_at timestamp not null
);
comment on table fact_edit is 'Edits: what changed from one version of a text to the next. Grain: one row per version of a text but the first.';
comment on column fact_edit.edit_key is 'Key: the first 63 bits of the MD5 of "edit", text_key, version_no and both content keys.';
comment on column fact_edit.text_key is 'The text: dim_text.';
comment on column fact_edit.release_key is 'The release: fact_release.';
comment on column fact_edit.version_no is 'The version that the edit made: dim_text.';
comment on column fact_edit.content_key_before is 'What it said before: text_content.';
comment on column fact_edit.content_key is 'What it said afterwards: text_content.';
comment on column fact_edit.kind is 'The weightiest of its kinds: cosmetic, wording, number, name, date, body_added or body_removed.';
comment on column fact_edit.kinds is 'All kinds of change in it.';
comment on column fact_edit.changed_share is 'Words taken out and put in, over the words of both versions; 0 for a cosmetic edit.';
comment on column fact_edit.changes is 'The changes in their order: part (title or body), op (replace, delete, insert; rewrite where it is too long to be compared by words), the words before and after, and the characters of each version (from 0, half-open) that they stand at.';
comment on column fact_edit.numbers is 'Figures that changed, before and after.';
comment on column fact_edit.edited_at is 'Since when the later version stood (UTC).';
