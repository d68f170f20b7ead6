-- Records rejected in the digests read in this load.
delete from rejected_record
where source_file_key in (select source_file_key from staged_file);

insert into rejected_record
select
    staged_reject.source_file_key,
    staged_reject.byte_start,
    staged_reject.byte_end,
    staged_reject.line_no + staged_part.lines_before as line_no,
    staged_reject.reason,
    staged_reject.detail,
    staged_reject.raw
from staged_reject
inner join staged_part
    on
        staged_reject.source_file_key = staged_part.source_file_key
        and staged_reject.part = staged_part.part;
