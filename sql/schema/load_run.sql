-- Every attempt to load, failed ones too.
-- Grain: one row per attempt.
create table if not exists load_run (
    run_id varchar not null,
    flow_run_id varchar,
    as_of timestamp not null,
    kind varchar not null,
    status varchar not null,
    message varchar not null,
    reference_sha256 varchar,
    files_loaded bigint not null,
    files_known bigint not null,
    files_refused bigint not null,
    listings bigint not null,
    releases_new bigint not null,
    releases_changed bigint not null,
    releases_unchanged bigint not null,
    texts_new bigint not null,
    without_body bigint not null,
    rejected bigint not null,
    fetches bigint not null,
    checks_passed bigint not null,
    checks_warned bigint not null,
    checks_failed bigint not null,
    read_s double,
    fetch_s double,
    parse_s double,
    normalise_s double,
    load_s double,
    check_s double,
    publish_s double
);
comment on table load_run is 'Every attempt to load, failed ones too. Grain: one row per attempt.';
comment on column load_run.run_id is 'A random UUID of the attempt.';
comment on column load_run.flow_run_id is 'The Prefect flow run that made the attempt; NULL for the command line and Python.';
comment on column load_run.as_of is 'The time (UTC) that the attempt took as its now.';
comment on column load_run.kind is 'ingest, refetch, discover or replay.';
comment on column load_run.status is 'loaded, unchanged (nothing was new), or failed.';
comment on column load_run.message is 'What happened, as a sentence; for failed ones the reason.';
comment on column load_run.reference_sha256 is 'SHA-256 over the reference files in use; NULL if the attempt did not come so far.';
comment on column load_run.files_loaded is 'Digests read and loaded.';
comment on column load_run.files_known is 'Digests skipped because the same bytes were loaded before.';
comment on column load_run.files_refused is 'Paths that could not be read as a digest.';
comment on column load_run.listings is 'Listings in the digests loaded.';
comment on column load_run.releases_new is 'Releases that the warehouse did not have.';
comment on column load_run.releases_changed is 'Known releases whose texts got another version.';
comment on column load_run.releases_unchanged is 'Known releases that were listed again without a new version.';
comment on column load_run.texts_new is 'Contents (title and body) that the warehouse did not have.';
comment on column load_run.without_body is 'Listed releases of which no text has a body.';
comment on column load_run.rejected is 'Records rejected in the digests loaded.';
comment on column load_run.fetches is 'Attempts to fetch pages of gov.kz that were loaded: fact_fetch.';
comment on column load_run.checks_passed is 'Checks that found nothing.';
comment on column load_run.checks_warned is 'Checks that found something worth a look.';
comment on column load_run.checks_failed is 'Checks that found something wrong; the load was rolled back.';
comment on column load_run.read_s is 'Seconds spent hashing and archiving digests.';
comment on column load_run.fetch_s is 'Seconds spent asking gov.kz; NULL for digests.';
comment on column load_run.parse_s is 'Seconds spent reading digests into listings, or answers of gov.kz into texts.';
comment on column load_run.normalise_s is 'Seconds spent normalising new texts.';
comment on column load_run.load_s is 'Seconds spent loading the star.';
comment on column load_run.check_s is 'Seconds spent on checks.';
comment on column load_run.publish_s is 'Seconds spent publishing the read-only copy; NULL in that copy itself.';
