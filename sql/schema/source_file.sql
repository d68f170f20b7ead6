-- Every digest that was loaded, as received.
-- Grain: one row per distinct content (SHA-256); the same bytes under another name are the same source file.
create table if not exists source_file (
    source_file_key bigint not null,
    sha256 varchar not null,
    path varchar not null,
    bytes bigint not null,
    first_seen_at timestamp not null,
    listings bigint not null,
    headers bigint not null,
    rejects bigint not null,
    blank_bytes bigint not null
);
comment on table source_file is 'Digests that were loaded, as received. Grain: one row per distinct content (SHA-256).';
comment on column source_file.source_file_key is 'Key: first 63 bits of the MD5 of "source_file" and the SHA-256.';
comment on column source_file.sha256 is 'SHA-256 of the bytes, in hex; the archived copy has this name.';
comment on column source_file.path is 'The path it had when it was first loaded.';
comment on column source_file.bytes is 'Size in bytes.';
comment on column source_file.first_seen_at is 'The as_of (UTC) of the load that brought it.';
comment on column source_file.listings is 'How many listings were read from it.';
comment on column source_file.headers is 'How many header lines it has.';
comment on column source_file.rejects is 'How many records in it were rejected.';
comment on column source_file.blank_bytes is 'Bytes that belong to no listing, header or reject: white space and a byte-order mark.';
