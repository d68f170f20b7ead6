-- What checks and observations found, wherever that changed.
-- Grain: one row per check and moment at which its outcome became another.
create table if not exists check_outcome (
    check_name varchar not null,
    changed_at timestamp not null,
    outcome varchar not null,
    offending bigint not null,
    detail varchar not null,
    run_id varchar not null
);
comment on table check_outcome is 'What checks and observations found, wherever that changed. Grain: one row per check and moment at which its outcome became another.';
comment on column check_outcome.check_name is 'The check, a file of sql/checks, or the observation, a file of sql/observations.';
comment on column check_outcome.changed_at is 'The as_of (UTC) of the attempt that found it; where the clock went back, the next moment after the change before.';
comment on column check_outcome.outcome is 'passed, warned (a check found something worth a look) or failing (a check undid a load, or a value is outside what is expected).';
comment on column check_outcome.offending is 'How many rows or values offended then.';
comment on column check_outcome.detail is 'What was found then, as a sentence.';
comment on column check_outcome.run_id is 'The attempt that found it: load_run.';
