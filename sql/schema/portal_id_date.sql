-- Known days on which ids of gov.kz were given out, to judge dates by: the id is one rising sequence over all publishers.
-- Grain: one row per known id.
create table if not exists portal_id_date (
    portal_id bigint primary key, -- An id of gov.kz.
    published_on date not null -- The day it was given out.
);
