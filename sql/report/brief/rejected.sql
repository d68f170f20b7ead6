-- What was rejected in digests that list releases under the day. One row per digest and reason, with the first such
-- record.
select
    parse_filename(source_file.path) as digest,
    rejected_record.reason,
    count(*) as records,
    min(rejected_record.line_no) as line_no,
    arg_min(rejected_record.detail, rejected_record.byte_start) as detail
from rejected_record
inner join source_file on rejected_record.source_file_key = source_file.source_file_key
where
    rejected_record.source_file_key in (
        select fact_listing.source_file_key
        from fact_listing
        where fact_listing.listed_date_key = $date_key
    )
group by source_file.path, rejected_record.reason
order by records desc, source_file.path asc, rejected_record.reason asc
limit $shown;
