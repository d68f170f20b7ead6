-- Which texts, title and body, were published under more than one id?
with current_text as (
    select
        release_key,
        language_key,
        content_key,
        hash(title, body) as alike
    from dim_text
    where is_current and body is not null
),

-- SHA-256 is computed of these alone.
printed_twice as (
    select alike
    from current_text
    group by alike
    having min(release_key) < max(release_key)
)

select
    any_value(clean_text(text_content.title)) as title,
    any_value(dim_language.code) as language,
    count(distinct current_text.release_key) as releases,
    string_agg(distinct fact_release.release_code, ', ' order by fact_release.release_code) as release_codes,
    string_agg(distinct dim_publisher.slug, ', ' order by dim_publisher.slug) as publisher_slugs
from printed_twice
inner join current_text on printed_twice.alike = current_text.alike
inner join text_content
    on current_text.content_key = text_content.content_key and current_text.release_key = text_content.release_key
inner join fact_release on current_text.release_key = fact_release.release_key
inner join dim_publisher on fact_release.publisher_key = dim_publisher.publisher_key
inner join dim_language on current_text.language_key = dim_language.language_key
group by sha256(concat(text_content.title, chr(10) || text_content.body))
having count(distinct current_text.release_key) > 1
order by releases desc, release_codes asc;
