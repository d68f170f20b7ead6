-- Sections of digests.
-- Grain: one row per name of a section, and one named (none) for listings above which no header stands.
create table if not exists dim_section (
    section_key bigint primary key,
    name varchar not null,
    is_known boolean not null
);
comment on table dim_section is 'Sections of digests. Grain: one row per name; listings under no header are in the section named (none).';
comment on column dim_section.section_key is 'Key: first 63 bits of the MD5 of "section" and the name.';
comment on column dim_section.name is 'The header line as it stands in the digest.';
comment on column dim_section.is_known is 'True when seeds/sections.csv has the name.';
