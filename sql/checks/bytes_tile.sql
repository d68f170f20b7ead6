-- fail: The spans of listings, headers and rejects overlap, or with the blanks do not add up to the file.
-- One row per source file and fault.
with span as (
    select
        source_file_key,
        byte_start,
        byte_end
    from scoped_listing
    union all
    select
        source_file_key,
        byte_start,
        byte_end
    from scoped_header
    union all
    select
        source_file_key,
        byte_start,
        byte_end
    from scoped_reject
),

followed as (
    select
        source_file_key,
        byte_start,
        byte_end,
        lead(byte_start) over (partition by source_file_key order by byte_start, byte_end) as next_start,
        coalesce(byte_end > next_start, false) or byte_end <= byte_start or byte_start < 0 as is_wrong
    from span
),

total as (
    select
        source_file_key,
        sum(byte_end - byte_start) as span_bytes,
        max(byte_end) as last_byte,
        count(*) filter (where is_wrong) as overlap_count,
        min(byte_start) filter (where is_wrong) as first_overlap
    from followed
    group by source_file_key
)

select
    scoped_file.path,
    scoped_file.bytes,
    coalesce(total.span_bytes, 0) + scoped_file.blank_bytes as bytes_accounted_for,
    total.overlap_count,
    total.first_overlap
from scoped_file
left join total on scoped_file.source_file_key = total.source_file_key
where
    coalesce(total.span_bytes, 0) + scoped_file.blank_bytes <> scoped_file.bytes
    or scoped_file.blank_bytes < 0
    or total.overlap_count > 0
    or total.last_byte > scoped_file.bytes;
