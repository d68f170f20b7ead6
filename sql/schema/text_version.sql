-- Versions of texts: which content a text had since when. Read them in dim_text, for the version that follows says until when.
-- Grain: one row per version of a text; a text is a release in one language from one origin.
create table if not exists text_version (
    text_key bigint not null, -- The text: the first 63 bits of the MD5 of "text", release_key, language_key and origin. All versions of a text share it.
    release_key bigint not null, -- The release: fact_release.
    language_key bigint not null, -- Language of the text: of a portal's page that which it was asked in; else that of its body, or of its title while no digest gives a body: dim_language.
    version_no integer not null, -- Number of the version within its text, from 1.
    content_key bigint not null, -- What it said: text_content.
    source_content_key bigint not null, -- What the digest or page gave: text_content. Another than content_key where a digest gave the title alone and the body is the one that stood before.
    valid_from timestamp not null, -- Since when this version stood (UTC): 00:00 of the day the digest lists it under; of a portal's text the moment its page was asked for; when the warehouse first saw the release where no day it is listed under can be.
    first_seen_at timestamp not null -- When the warehouse learnt of it (UTC): the as_of of the load that brought the digest, or the moment the page was asked for.
);
