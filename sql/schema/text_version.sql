-- Versions of texts: which content a text had since when. Read them in dim_text, for the version that follows says until when.
-- Grain: one row per version of a text; a text is a release in one language from one origin.
create table if not exists text_version (
    text_key bigint not null, -- The text: the first 63 bits of the MD5 of "text", release_key, language_key and origin. All versions of a text share it.
    release_key bigint not null, -- The release: fact_release.
    version_no integer not null, -- Number of the version within its text, from 1.
    content_key bigint not null, -- What it said: text_content.
    valid_from timestamp not null, -- Since when this version stood (UTC): 00:00 of the day the digest lists it under; of a portal's text the moment its page was asked for.
    first_seen_at timestamp not null -- When the warehouse learnt of it (UTC): the as_of of the load that brought the digest, or the moment the page was asked for.
);
