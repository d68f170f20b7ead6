-- Attempts to fetch that the archive of answers has and the warehouse had not; and outcomes that these correct.
insert into fact_fetch by name
select
    staged_fetch.* exclude (language, portal_id),
    dim_language.language_key
from staged_fetch
inner join dim_language on staged_fetch.language = dim_language.code;

-- Outcomes of rendered pages that show a text of the site itself: pages of $many releases or more do, word for word. What
-- JSON names as a release's, by its id, is the release's. Learning so changes the outcomes of earlier attempts too, and
-- their releases are made again without these texts.
create or replace temp table site_text as
with staged as (
    select distinct fact_fetch.shown_key
    from fact_fetch
    where
        fact_fetch.shown_key is not null
        and (
            fact_fetch.shown_key in (select shown_key from staged_fetch)
            or fact_fetch.content_key in (select content_key from staged_fetch)
        )
),

shown as (
    select
        shown_key,
        release_key,
        list(distinct content_key) as content_keys,
        bool_or(route <> 'html') as is_named
    from fact_fetch
    where shown_key in (select shown_key from staged)
    group by shown_key, release_key
)

select
    release_key,
    unnest(content_keys) as content_key,
    not is_named and count(*) filter (where not is_named) over (partition by shown_key) >= $many as is_of_site
from shown;

create or replace temp table corrected_fetch as
select
    fact_fetch.fetch_key,
    fact_fetch.release_key,
    case when site_text.is_of_site then 'not_the_release' else fact_fetch.first_outcome end as outcome
from fact_fetch
inner join site_text
    on fact_fetch.release_key = site_text.release_key and fact_fetch.content_key = site_text.content_key
where
    fact_fetch.route = 'html'
    and fact_fetch.outcome
    <> case when site_text.is_of_site then 'not_the_release' else fact_fetch.first_outcome end;

update fact_fetch
set
    outcome = corrected_fetch.outcome,
    visit_outcome = case when fact_fetch.visit_outcome is not null then corrected_fetch.outcome end
from corrected_fetch
where fact_fetch.fetch_key = corrected_fetch.fetch_key;

insert into touched_release
with spoken_of as (
    select
        release_key,
        release_code,
        portal_id
    from staged_fetch
    where content_key is not null
    union all
    select
        release_key,
        release_code,
        portal_id
    from fact_release
    where release_key in (select release_key from corrected_fetch)
)

select
    release_key,
    any_value(release_code) as release_code,
    any_value(portal_id) as portal_id
from spoken_of
where release_key not in (select release_key from touched_release)
group by release_key;
