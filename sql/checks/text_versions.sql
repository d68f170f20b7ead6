-- fail: A text has no or more than one current version, or its versions overlap, leave a gap, are empty or misnumbered.
-- One row per text and fault.
with followed as (
    select
        text_key,
        release_key,
        version_no,
        valid_from,
        valid_to,
        is_current,
        lead(valid_from) over (partition by release_key, text_key order by valid_from) as next_valid_from
    from dim_text
    where release_key in (select release_key from scope_release)
)

select
    release_key,
    text_key,
    count(*) filter (where is_current) as current_versions,
    count(*) filter (where valid_to <= valid_from) as empty_ranges,
    max(version_no) - count(*) as missing_numbers,
    count(*) filter (where valid_to is distinct from coalesce(next_valid_from, timestamp '9999-12-31')) as gaps_or_overlaps
from followed
group by release_key, text_key
having
    count(*) filter (where is_current) <> 1
    or count(*) filter (where valid_to <= valid_from) > 0
    or max(version_no) <> count(*)
    or count(distinct version_no) <> count(*)
    or count(*) filter (where valid_to is distinct from coalesce(next_valid_from, timestamp '9999-12-31')) > 0;
