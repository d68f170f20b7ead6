-- Lines of a digest that are no item: the name of a site or of a section.
-- Grain: one row per header line of a source file.
create table if not exists source_header (
    source_file_key bigint not null, -- The digest: source_file.
    byte_start bigint not null, -- Where the line begins in the digest, in bytes from 0.
    byte_end bigint not null, -- Where the line ends, exclusive, without its line end.
    line_no bigint not null, -- The line, counted from 1.
    text varchar not null -- The line without white space around it.
);
