-- Where exactly does a release stand in the digests: file, section, position and bytes?
-- param code: VARCHAR
select
    dim_date.date as listed_date,
    source_file.path,
    source_file.sha256,
    dim_section.name as section,
    fact_listing.position,
    fact_listing.byte_start,
    fact_listing.byte_end,
    fact_listing.url,
    fact_listing.title
from fact_listing
inner join fact_release on fact_listing.release_key = fact_release.release_key
inner join dim_date on fact_listing.listed_date_key = dim_date.date_key
inner join source_file on fact_listing.source_file_key = source_file.source_file_key
inner join dim_section on fact_listing.section_key = dim_section.section_key
where fact_release.release_code = $code
order by listed_date, source_file.path, fact_listing.byte_start;
