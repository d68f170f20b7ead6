-- Attempts to fetch pages of gov.kz, failed ones too; each is kept word for word in the archive.
-- Grain: one row per attempt and release that its answer speaks of: one for a page, several for a publisher's list, and one
-- without a release for a list that brought none.
create table if not exists fact_fetch (
    fetch_key bigint not null, -- Key: the first 63 bits of the MD5 of "fetch", the file and offset in the archive and the release's code.
    run_id varchar not null, -- The run that asked: load_run.
    purpose varchar not null, -- page, or list where a publisher's newest releases were asked for.
    release_key bigint, -- The release: fact_release, unless no digest and no answer ever showed it; NULL for a list that brought none.
    release_code varchar, -- The gov.kz id as text, or the text slug of old links; NULL for a list that brought none.
    language_key bigint not null, -- The language asked for: dim_language.
    slug varchar not null, -- The publisher's slug that was asked under.
    route varchar not null, -- graphql, html or rest.
    url varchar not null, -- What was asked, as requested.
    requested_at timestamp not null, -- When it was asked (UTC).
    duration_s double not null, -- Seconds from asking to the end of the answer, retries included.
    retries integer not null, -- How often it was asked again before the outcome stood.
    http_status integer, -- The last HTTP status; NULL where nothing was answered.
    outcome varchar not null, -- ok, unchanged, picture_body, video_body, no_body, not_found, not_the_release, refused, shell, throttled, transport_error or unreadable.
    first_outcome varchar not null, -- The outcome by what was known when the answer came: another than outcome where the text that it showed was later learnt to be the site's own, and no release's.
    detail varchar not null, -- What happened, as a sentence; empty where the outcome says it all.
    bytes bigint not null, -- Size of the answer's body, decompressed.
    body_sha256 varchar, -- SHA-256, in hex, of the answer's body; NULL where there is none.
    content_key bigint, -- The text it showed: text_content; NULL where it showed none, or one that was known to be the site's own.
    shown_key bigint, -- Key of the title and body it showed, equal for equal ones of any release: the first 63 bits of the MD5 of "shown", the title and the body. NULL where it showed none.
    published_at timestamp, -- When the portal says the release was published (UTC; 00:00 of the day where it tells no time); NULL where it does not say.
    published_day_only boolean, -- True where the portal knows the day of publication and no time.
    etag varchar, -- The answer's ETag, sent with the next request; NULL without one.
    last_modified varchar, -- The answer's Last-Modified, likewise.
    visit_outcome varchar, -- What the visit found, which is all attempts of one run at one page: ok, unchanged, picture_body, video_body or no_body where a route brought the page, not_found or not_the_release where every route asked denies it, else what kept it from being known. NULL but for the last attempt of a visit, and where that was cut short.
    next_due_at timestamp, -- When the page is to be asked next (UTC), as seen after this visit; NULL for never again, and but for the last attempt of a visit.
    warc_file varchar not null, -- File that keeps request and answer, seen from the folder of the warehouse.
    warc_offset bigint not null -- Byte in that file where they begin.
);
