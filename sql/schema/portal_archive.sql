-- How far the archive of answers is loaded.
-- Grain: one row per file of the archive.
create table if not exists portal_archive (
    warc_file varchar not null,
    bytes_loaded bigint not null
);
comment on table portal_archive is 'How far the archive of answers is loaded. Grain: one row per file of the archive.';
comment on column portal_archive.warc_file is 'File in data/archive/portal.';
comment on column portal_archive.bytes_loaded is 'Bytes of it whose attempts are in fact_fetch.';
