-- Known days on which ids of gov.kz were given out: the id is one rising sequence over all publishers.
-- Grain: one row per known id.
create table if not exists portal_id_date (
    portal_id bigint primary key,
    published_on date not null
);
comment on table portal_id_date is 'Days on which ids of gov.kz are known to have been given out, to judge dates by. Grain: one row per known id.';
comment on column portal_id_date.portal_id is 'An id of gov.kz.';
comment on column portal_id_date.published_on is 'The day it was given out.';
