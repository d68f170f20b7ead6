-- The version of the schema that this file has.
-- Grain: one row.
create table if not exists schema_version (
    version integer not null
);
comment on table schema_version is 'The version of the schema that this warehouse has. Grain: one row.';
comment on column schema_version.version is 'Rises by one with each change of the schema that a warehouse must be rebuilt for.';
