-- Edits: what changed from one version of a text to the next.
-- Grain: one row per version of a text but the first.
create table if not exists fact_edit (
    edit_key bigint not null, -- Key: the first 63 bits of the MD5 of "edit", text_key, version_no and both content keys.
    text_key bigint not null, -- The text: dim_text.
    release_key bigint not null, -- The release: fact_release.
    version_no integer not null, -- The version that the edit made: dim_text.
    content_key_before bigint not null, -- What it said before: text_content.
    content_key bigint not null, -- What it said afterwards: text_content.
    kind varchar not null, -- The weightiest of its kinds: body_added, body_removed, number, date, name, wording, picture, video, link or cosmetic.
    kinds varchar[] not null, -- All kinds of change in it.
    changed_share double not null, -- Words taken out and put in, over the words of both versions; 0 for an edit that leaves the words as they are.
    changes struct( -- The changes in their order: part (title or body; picture, video or link, where words are addresses), op (replace, delete, insert; rewrite where it is too long to be compared by words), the words before and after, and the characters of each version (from 0, half-open) that they stand at; of addresses their numbers.
        part varchar, op varchar, "before" varchar, "after" varchar,
        before_start integer, before_end integer, after_start integer, after_end integer
    )[] not null,
    numbers struct("before" varchar, "after" varchar)[] not null, -- Figures that changed, before and after.
    edited_at timestamp not null -- Since when the later version stood (UTC).
);
