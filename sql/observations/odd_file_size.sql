-- A digest is far smaller or larger than those before it.
-- One row per digest (value: bytes); the latest are those of the last load that brought any.
with last_load as (
    select
        run_id,
        as_of
    from load_run
    where
        kind = 'ingest'
        and status = 'loaded'
        and files_loaded > 0
        -- Not after this run: a clock that once was ahead would have its load judged for ever.
        and as_of <= $as_of
        and as_of in (select first_seen_at from source_file)
    order by as_of desc, rowid desc
    limit 1
)

select
    parse_filename(source_file.path) as item,
    source_file.first_seen_at as measured_at,
    source_file.bytes as value,
    last_load.run_id,
    last_load.run_id is not null as is_latest
from source_file
left join last_load on source_file.first_seen_at = last_load.as_of
order by is_latest, measured_at, source_file.path;
