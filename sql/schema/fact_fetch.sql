-- Attempts to fetch pages of gov.kz, failed ones too; each is kept word for word in the archive.
-- Grain: one row per attempt and release that its answer speaks of: one for a page, several for a publisher's list, and one
-- without a release for a list that brought none.
create table if not exists fact_fetch (
    fetch_key bigint not null,
    run_id varchar not null,
    purpose varchar not null,
    release_key bigint,
    release_code varchar,
    language_key bigint not null,
    slug varchar not null,
    route varchar not null,
    url varchar not null,
    requested_at timestamp not null,
    duration_s double not null,
    retries integer not null,
    http_status integer,
    outcome varchar not null,
    detail varchar not null,
    bytes bigint not null,
    body_sha256 varchar,
    content_key bigint,
    published_at timestamp,
    published_day_only boolean,
    etag varchar,
    last_modified varchar,
    visit_outcome varchar,
    next_due_at timestamp,
    warc_file varchar not null,
    warc_offset bigint not null
);
comment on table fact_fetch is 'Attempts to fetch pages of gov.kz, failed ones too. Grain: one row per attempt and release that its answer speaks of; one without a release for a list that brought none.';
comment on column fact_fetch.fetch_key is 'Key: the first 63 bits of the MD5 of "fetch", the file and offset in the archive and the release''s code.';
comment on column fact_fetch.run_id is 'The run that asked: load_run.';
comment on column fact_fetch.purpose is 'page, or list where a publisher''s newest releases were asked for.';
comment on column fact_fetch.release_key is 'The release: fact_release, unless no digest and no answer ever showed it; NULL for a list that brought none.';
comment on column fact_fetch.release_code is 'The gov.kz id as text, or the text slug of old links; NULL for a list that brought none.';
comment on column fact_fetch.language_key is 'The language asked for: dim_language.';
comment on column fact_fetch.slug is 'The publisher''s slug that was asked under.';
comment on column fact_fetch.route is 'graphql, html or rest.';
comment on column fact_fetch.url is 'What was asked, as requested.';
comment on column fact_fetch.requested_at is 'When it was asked (UTC).';
comment on column fact_fetch.duration_s is 'Seconds from asking to the end of the answer, retries included.';
comment on column fact_fetch.retries is 'How often it was asked again before the outcome stood.';
comment on column fact_fetch.http_status is 'The last HTTP status; NULL where nothing was answered.';
comment on column fact_fetch.outcome is 'ok, unchanged, no_body, not_found, refused, shell, throttled, transport_error or unreadable.';
comment on column fact_fetch.detail is 'What happened, as a sentence; empty where the outcome says it all.';
comment on column fact_fetch.bytes is 'Size of the answer''s body, decompressed.';
comment on column fact_fetch.body_sha256 is 'SHA-256, in hex, of the answer''s body; NULL where there is none.';
comment on column fact_fetch.content_key is 'The text it showed: text_content; NULL where it showed none.';
comment on column fact_fetch.published_at is 'When the portal says the release was published (UTC); NULL where it does not say.';
comment on column fact_fetch.published_day_only is 'True where the portal knows the day of publication and no time.';
comment on column fact_fetch.etag is 'The answer''s ETag, sent with the next request; NULL without one.';
comment on column fact_fetch.last_modified is 'The answer''s Last-Modified, likewise.';
comment on column fact_fetch.visit_outcome is 'What the visit found, which is all attempts of one run at one page: ok, unchanged or no_body where a route brought the page, not_found where every route asked says so, else what kept it from being known. NULL but for the last attempt of a visit, and where that was cut short.';
comment on column fact_fetch.next_due_at is 'When the page is to be asked next (UTC), as seen after this visit; NULL for never again, and but for the last attempt of a visit.';
comment on column fact_fetch.warc_file is 'File in data/archive/portal that keeps request and answer.';
comment on column fact_fetch.warc_offset is 'Byte in that file where they begin.';
