-- Sections of digests.
-- Grain: one row per name of a section, and one named (none) for listings above which no header stands.
create table if not exists dim_section (
    section_key bigint primary key, -- Key: first 63 bits of the MD5 of "section" and the name.
    name varchar not null, -- The header line as it stands in the digest.
    is_known boolean not null -- True when seeds/sections.csv has the name.
);
