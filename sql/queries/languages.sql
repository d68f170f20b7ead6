-- In which languages are the texts that digests list, and what does the URL claim? Of pages: languages_on_portal.
select
    dim_language.code as language,
    coalesce(fact_listing.url_language, '(none)') as url_claims,
    count(*) as listings
from fact_listing
inner join text_content
    on fact_listing.content_key = text_content.content_key and fact_listing.release_key = text_content.release_key
inner join dim_language on text_content.language_key = dim_language.language_key
group by dim_language.code, fact_listing.url_language
order by listings desc, language asc, url_claims asc;
