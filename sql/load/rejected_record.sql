-- Records rejected in the digests read in this load.
insert into rejected_record by name
select
    staged_reject.* exclude (part)
    replace (staged_reject.line_no + staged_part.lines_before as line_no)
from staged_reject
inner join staged_part
    on
        staged_reject.source_file_key = staged_part.source_file_key
        and staged_reject.part = staged_part.part;
