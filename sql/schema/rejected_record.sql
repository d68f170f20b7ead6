-- What could not become a listing, with its place and the reason.
-- Grain: one row per rejected stretch of a source file.
create table if not exists rejected_record (
    source_file_key bigint not null, -- The digest: source_file.
    byte_start bigint not null, -- Where it begins in the digest, in bytes from 0.
    byte_end bigint not null, -- Where it ends, exclusive.
    line_no bigint not null, -- The line it begins on, counted from 1.
    reason varchar not null, -- Why, as a code: docs/digests.md lists them.
    detail varchar not null, -- Why, as a sentence about this very record.
    raw varchar not null -- Its text, at most 64 KiB of it; bytes that are no UTF-8 stand as \xNN. The whole is in the archived digest.
);
