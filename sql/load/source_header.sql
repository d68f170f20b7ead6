-- Header lines of the digests read in this load.
insert into source_header by name
select
    staged_header.* exclude (part)
    replace (staged_header.line_no + staged_part.lines_before as line_no)
from staged_header
inner join staged_part
    on
        staged_header.source_file_key = staged_part.source_file_key
        and staged_header.part = staged_part.part;
