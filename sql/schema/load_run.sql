-- Every attempt to load, failed ones too.
-- Grain: one row per attempt.
create table if not exists load_run (
    run_id varchar not null, -- A random UUID of the attempt.
    flow_run_id varchar, -- The Prefect flow run that made the attempt; NULL for the command line and Python.
    as_of timestamp not null, -- The time (UTC) that the attempt took as its now.
    kind varchar not null, -- ingest, refetch, discover or replay.
    status varchar not null, -- loaded, unchanged (nothing was new), or failed.
    message varchar not null, -- What happened, as a sentence; for failed ones the reason.
    reference_sha256 varchar, -- SHA-256 over the reference files in use; NULL if the attempt did not come so far.
    files_loaded bigint not null, -- Digests read and loaded.
    files_known bigint not null, -- Digests skipped because the same bytes were loaded before.
    files_refused bigint not null, -- Paths that could not be read as a digest.
    listings bigint not null, -- Listings in the digests loaded.
    releases_new bigint not null, -- Releases that the warehouse did not have.
    releases_changed bigint not null, -- Known releases whose texts got another version.
    releases_unchanged bigint not null, -- Known releases that were listed again without a new version.
    texts_new bigint not null, -- Contents (title and body) that the warehouse did not have.
    without_body bigint not null, -- Listed releases of which no text has a body.
    rejected bigint not null, -- Records rejected in the digests loaded.
    fetches bigint not null, -- Attempts to fetch pages of gov.kz that were loaded: fact_fetch.
    checks_passed bigint not null, -- Checks that found nothing.
    checks_warned bigint not null, -- Checks that found something worth a look.
    checks_failed bigint not null, -- Checks that found something wrong; the load was rolled back.
    read_s double, -- Seconds spent hashing and archiving digests.
    fetch_s double, -- Seconds spent asking gov.kz; NULL for digests.
    parse_s double, -- Seconds spent reading digests into listings, or answers of gov.kz into texts; most texts of large loads are normalised meanwhile.
    normalise_s double, -- Seconds spent normalising the new texts that were left when all was read.
    load_s double, -- Seconds spent loading the star.
    check_s double -- Seconds spent on checks.
);
