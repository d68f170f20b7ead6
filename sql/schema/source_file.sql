-- Every digest that was loaded, as received.
-- Grain: one row per distinct content (SHA-256); the same bytes under another name are the same source file.
create table if not exists source_file (
    source_file_key bigint not null, -- Key: first 63 bits of the MD5 of "source_file" and the SHA-256.
    sha256 varchar not null, -- SHA-256 of the bytes, in hex; the archived copy has this name.
    path varchar not null, -- The path it had when it was first loaded; the file may be elsewhere by now.
    archive_path varchar not null, -- The archived copy, seen from the folder of the warehouse.
    bytes bigint not null, -- Size in bytes.
    first_seen_at timestamp not null, -- The as_of (UTC) of the load that brought it.
    listings bigint not null, -- How many listings were read from it.
    headers bigint not null, -- How many header lines it has.
    rejects bigint not null, -- How many records in it were rejected.
    blank_bytes bigint not null -- Bytes that belong to no listing, header or reject: white space and a byte-order mark.
);
