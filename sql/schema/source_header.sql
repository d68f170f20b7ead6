-- Lines of a digest that are no item: the name of a site or of a section.
-- Grain: one row per header line of a source file.
create table if not exists source_header (
    source_file_key bigint not null,
    byte_start bigint not null,
    byte_end bigint not null,
    line_no bigint not null,
    text varchar not null
);
comment on table source_header is 'Header lines of digests: names of sites and sections. Grain: one row per header line of a source file.';
comment on column source_header.source_file_key is 'The digest: source_file.';
comment on column source_header.byte_start is 'Where the line begins in the digest, in bytes from 0.';
comment on column source_header.byte_end is 'Where the line ends, exclusive, without its line end.';
comment on column source_header.line_no is 'The line, counted from 1.';
comment on column source_header.text is 'The line without white space around it.';
