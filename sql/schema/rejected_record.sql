-- What could not become a listing, with its place and the reason.
-- Grain: one row per rejected stretch of a source file.
create table if not exists rejected_record (
    source_file_key bigint not null,
    byte_start bigint not null,
    byte_end bigint not null,
    line_no bigint not null,
    reason varchar not null,
    detail varchar not null,
    raw varchar not null
);
comment on table rejected_record is 'Stretches of digests that could not become a listing. Grain: one row per rejected stretch of a source file.';
comment on column rejected_record.source_file_key is 'The digest: source_file.';
comment on column rejected_record.byte_start is 'Where it begins in the digest, in bytes from 0.';
comment on column rejected_record.byte_end is 'Where it ends, exclusive.';
comment on column rejected_record.line_no is 'The line it begins on, counted from 1.';
comment on column rejected_record.reason is 'Why, as a code: docs/digests.md lists them.';
comment on column rejected_record.detail is 'Why, as a sentence about this very record.';
comment on column rejected_record.raw is 'Its text, at most 64 KiB of it; bytes that are no UTF-8 stand as \xNN. The whole is in the archived digest.';
