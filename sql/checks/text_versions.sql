-- fail: Versions of a text are misnumbered, or one does not begin after the one before it.
-- One row per text. By this each has one current version, and their ranges in dim_text leave no gap and do not overlap.
-- Most texts have one version: only the others are put in order.
with several as (
    select
        release_key,
        text_key
    from scoped_version
    group by release_key, text_key
    having count(*) > 1 or max(version_no) <> 1
),

followed as (
    select
        release_key,
        text_key,
        version_no,
        valid_from,
        row_number() over (partition by release_key, text_key order by version_no) as expected_no,
        lag(valid_from) over (partition by release_key, text_key order by version_no) as valid_from_before
    from scoped_version
    where (release_key, text_key) in (select (release_key, text_key) from several)
)

select
    release_key,
    text_key,
    count(*) filter (where version_no <> expected_no) as misnumbered,
    count(*) filter (where valid_from <= valid_from_before) as out_of_order
from followed
group by release_key, text_key
having count(*) filter (where version_no <> expected_no or valid_from <= valid_from_before) > 0;
