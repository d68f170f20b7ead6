-- Digests read in this load. A digest read again (--force) replaces what was read from it before.
delete from source_file
where source_file_key in (select source_file_key from staged_file);

insert into source_file
select
    source_file_key,
    sha256,
    path,
    bytes,
    first_seen_at,
    listings,
    headers,
    rejects,
    blank_bytes
from staged_file;
