-- Attempts to fetch that the archive of answers has and the warehouse had not.
insert into fact_fetch
select
    staged_fetch.fetch_key,
    staged_fetch.run_id,
    staged_fetch.purpose,
    staged_fetch.release_key,
    staged_fetch.release_code,
    dim_language.language_key,
    staged_fetch.slug,
    staged_fetch.route,
    staged_fetch.url,
    staged_fetch.requested_at,
    staged_fetch.duration_s,
    staged_fetch.retries,
    staged_fetch.http_status,
    staged_fetch.outcome,
    staged_fetch.detail,
    staged_fetch.bytes,
    staged_fetch.body_sha256,
    staged_fetch.content_key,
    staged_fetch.published_at,
    staged_fetch.published_day_only,
    staged_fetch.etag,
    staged_fetch.last_modified,
    staged_fetch.visit_outcome,
    staged_fetch.next_due_at,
    staged_fetch.warc_file,
    staged_fetch.warc_offset
from staged_fetch
inner join dim_language on staged_fetch.language = dim_language.code;
