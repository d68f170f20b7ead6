-- What checks and observations found when they last looked at the whole warehouse.
-- Grain: one row per check.
create table if not exists check_result (
    check_name varchar not null, -- The check, a file of sql/checks, or the observation, a file of sql/observations.
    looked_at timestamp not null, -- The as_of (UTC) of the attempt that looked last.
    offending bigint not null, -- How many rows or values offend.
    detail varchar not null, -- What was found, as a sentence.
    run_id varchar not null -- The attempt that looked last: load_run.
);
