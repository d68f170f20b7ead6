-- Listings of the digests read in this load.
delete from fact_listing
where source_file_key in (select source_file_key from staged_file);

insert into fact_listing by name
select
    listing_of(staged_listing.source_file_key, staged_listing.byte_start) as listing_key,
    staged_listing.* exclude (part, number, listed_date, slug, release_code, portal_id, section),
    staged_slug.publisher_key,
    staged_section.section_key,
    is_plausible(staged_listing.release_code, staged_listing.listed_date, staged_file.first_seen_at) as is_day_plausible,
    staged_part.listings_before + staged_listing.number + 1 as position
from staged_listing
inner join staged_part
    on
        staged_listing.source_file_key = staged_part.source_file_key
        and staged_listing.part = staged_part.part
inner join staged_file on staged_listing.source_file_key = staged_file.source_file_key
inner join staged_slug on staged_listing.slug = staged_slug.slug
inner join staged_section
    on
        coalesce(
            case when staged_listing.section = chr(1) then staged_part.section_before else staged_listing.section end,
            '(none)'
        ) = staged_section.name;
