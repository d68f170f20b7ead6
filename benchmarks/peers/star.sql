-- The star of the dict peer, from staging.listing: every statement may run again.
create table if not exists main.dim_publisher (publisher_key varchar primary key, slug varchar);
create table if not exists main.dim_language (language_key varchar primary key, code varchar);
create table if not exists main.dim_section (section_key varchar primary key, name varchar);
create table if not exists main.dim_date (date_key integer primary key, day date);
create table if not exists main.dim_text (
    text_key varchar, release_key varchar, language_key varchar, title varchar, body varchar, content_sha256 varchar,
    title_language varchar, body_language varchar, body_clean varchar, lookalike_words varchar, event_place varchar,
    event_date date, valid_from timestamp
);
create table if not exists main.fact_listing (
    listing_key varchar, release_key varchar, text_key varchar, section_key varchar, listed_date_key integer,
    source_file varchar, position bigint, title varchar, url varchar, url_language varchar
);
create table if not exists main.fact_release (
    release_key varchar, release_code varchar, url varchar, publisher_key varchar, first_listed_date_key integer,
    has_body boolean, word_count bigint, listing_count bigint
);

insert or ignore into main.dim_publisher select distinct md5(slug), slug from staging.listing;
insert or ignore into main.dim_language select distinct md5(language), language from staging.listing;
insert or ignore into main.dim_section select distinct md5(section), section from staging.listing;
insert or ignore into main.dim_date
select distinct cast(strftime(listed, '%Y%m%d') as integer), listed from staging.listing;

insert into main.dim_text
select
    text_key, md5(release_code), md5(language), title, body, content_sha256, title_language, body_language, body_clean,
    lookalike_words, event_place, event_date, cast('{as_of}' as timestamp)
from staging.listing as listing
where not exists (from main.dim_text as known where known.text_key = listing.text_key)
qualify row_number() over (partition by text_key order by listed) = 1;

merge into main.fact_listing as target
using (
    select
        listing_key, md5(release_code) as release_key, text_key, md5(section) as section_key,
        cast(strftime(listed, '%Y%m%d') as integer) as listed_date_key, source_file, position, title, url, url_language
    from staging.listing
) as source
on target.listing_key = source.listing_key
when matched then update
when not matched then insert;

merge into main.fact_release as target
using (
    select
        md5(release_code) as release_key, release_code, arg_min(url, listed) as url,
        md5(arg_min(slug, listed)) as publisher_key,
        min(cast(strftime(listed, '%Y%m%d') as integer)) as first_listed_date_key,
        bool_or(body is not null) as has_body, max(word_count) as word_count, count(*) as listing_count
    from staging.listing
    group by release_code
) as source
on target.release_key = source.release_key
when matched then update
when not matched then insert;
