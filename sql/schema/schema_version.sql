-- The schema that this warehouse has.
-- Grain: one row.
create table if not exists schema_version (
    version integer not null, -- Rises by one with each release whose schema is another: a warehouse must then be rebuilt.
    fingerprint varchar not null -- SHA-256, in hex, of the statements that made its tables and views.
);
