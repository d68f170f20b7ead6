-- In which bodies does a line end in a date, as titles do, so that another reading of the digest is possible?
select
    source_file.path,
    fact_listing.byte_start,
    fact_listing.byte_end,
    fact_release.release_code,
    fact_listing.title,
    fact_listing.dated_lines_in_body
from fact_listing
inner join source_file on fact_listing.source_file_key = source_file.source_file_key
inner join fact_release on fact_listing.release_key = fact_release.release_key
where fact_listing.dated_lines_in_body > 0
order by source_file.path, fact_listing.byte_start;
