-- How the digest's text of a release relates to the portal's in the same language.
-- Grain: one row per pair of contents that were both current.
create table if not exists text_relation (
    release_key bigint not null, -- The release of both: fact_release.
    digest_content_key bigint not null, -- What the digest printed: text_content.
    portal_content_key bigint not null, -- What the portal's page says: text_content.
    kind varchar not null, -- same, shortened, different, other_release (the newspaper printed another release's body), no_digest_body or no_portal_body.
    shared double not null -- Share of the digest's words that stand on the portal's page in the same order.
);
