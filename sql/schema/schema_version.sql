-- The schema that this file has.
-- Grain: one row.
create table if not exists schema_version (
    version integer not null,
    fingerprint varchar not null
);
comment on table schema_version is 'The schema that this warehouse has. Grain: one row.';
comment on column schema_version.version is 'Rises by one with each release whose schema is another: a warehouse must then be rebuilt.';
comment on column schema_version.fingerprint is 'SHA-256, in hex, of the statements that made its tables and views.';
