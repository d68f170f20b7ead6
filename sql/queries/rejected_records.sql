-- What could not be loaded, where does it stand, and why?
select
    rejected_record.reason,
    rejected_record.detail,
    source_file.path,
    rejected_record.line_no,
    rejected_record.byte_start,
    rejected_record.byte_end,
    left(rejected_record.raw, 200) as text
from rejected_record
inner join source_file on rejected_record.source_file_key = source_file.source_file_key
order by source_file.path, rejected_record.byte_start;
