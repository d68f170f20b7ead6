-- How many releases come from the bodies of each region?
-- The row without a region has those of central bodies, and of bodies whose region is unknown.
select
    dim_region.iso_code,
    dim_region.name_en as region,
    count(mart_release.release_key) as releases,
    count(mart_release.release_key) filter (where mart_release.has_body) as with_body
from dim_region
full join mart_release on dim_region.iso_code = mart_release.region_iso
group by dim_region.iso_code, dim_region.name_en
order by releases desc, dim_region.iso_code asc;
