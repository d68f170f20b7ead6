-- What checks and observations found, wherever that changed.
-- Grain: one row per check and moment at which its outcome became another.
create table if not exists check_outcome (
    check_name varchar not null, -- The check, a file of sql/checks, or the observation, a file of sql/observations.
    changed_at timestamp not null, -- The as_of (UTC) of the attempt that found it; where the clock went back, the next moment after the change before.
    outcome varchar not null, -- passed, warned (a check found something worth a look) or failing (a check undid a load, or a value is outside what is expected).
    offending bigint not null, -- How many rows or values offended then.
    detail varchar not null, -- What was found then, as a sentence.
    run_id varchar not null -- The attempt that found it: load_run.
);
