-- Listings of the digests read in this load.
insert into fact_listing by name
with publisher_of_slug as (
    select
        slug,
        key_of('publisher' || chr(31) || slug) as publisher_key
    from staged_listing
    group by slug
)

select
    listing_of(staged_listing.source_file_key, staged_listing.byte_start) as listing_key,
    staged_listing.* exclude (part, number, listed_date, slug, release_code, portal_id, section),
    publisher_of_slug.publisher_key,
    dim_section.section_key,
    is_plausible(staged_listing.release_code, staged_listing.listed_date, staged_file.first_seen_at) as is_day_plausible,
    staged_part.listings_before + staged_listing.number + 1 as position
from staged_listing
inner join staged_part
    on
        staged_listing.source_file_key = staged_part.source_file_key
        and staged_listing.part = staged_part.part
inner join staged_file on staged_listing.source_file_key = staged_file.source_file_key
inner join publisher_of_slug on staged_listing.slug = publisher_of_slug.slug
inner join dim_section
    on
        coalesce(
            case when staged_listing.section = chr(1) then staged_part.section_before else staged_listing.section end,
            '(none)'
        ) = dim_section.name;
