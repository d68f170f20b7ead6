-- How far the archive of answers is loaded.
-- Grain: one row per file of the archive.
create table if not exists portal_archive (
    warc_file varchar not null, -- Name of a file in the archive of answers.
    bytes_loaded bigint not null -- Bytes of it whose attempts are in fact_fetch.
);
