"""Load what is staged into the star, inside the caller's transaction.

The order of loading is written once, in `STEPS`; each step is the file of its name in `sql/load/`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.database.sql import SQL, run_sql
from warehouse.load.edits import record_edits
from warehouse.load.relations import record_relations
from warehouse.load.staged_tables import create_holiday_table, create_reference_tables, create_staged_tables
from warehouse.portal.visits.site_texts import MANY
from warehouse.reference.rows import Reference
from warehouse.stage.digests import Staging

STEPS = (
    "source_file",
    "source_header",
    "rejected_record",
    "portal_id_date",
    "dim_region",
    "publisher_change",
    "publisher_version",
    "dim_section",
    "dim_date",
    "text_content",
    "fact_fetch",
    "portal_archive",
    "portal_publisher",
    "topic_name",
    "bridge_release_topic",
    "fact_listing",
    "release_seen",
    "text_version",
    "headline_content",
    "fact_release",
)
"""The tables in the order they are loaded; a release's history first in temporary tables."""

OF_REFERENCE = ("portal_id_date", "dim_region", "publisher_change", "publisher_version")
"""Those that say what the reference rows say."""

OF_ANSWERS = ("fact_fetch", "portal_publisher", "topic_name", "bridge_release_topic")
"""Those that say what gov.kz answered."""


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """What a load did, in rows."""

    releases_new: int = 0
    releases_changed: int = 0
    releases_unchanged: int = 0
    without_body: int = 0
    texts_new: int = 0
    edits_new: int = 0

    @property
    def releases(self) -> int:
        """How many releases the load touched."""
        return self.releases_new + self.releases_changed + self.releases_unchanged


def load_star(
    con: duckdb.DuckDBPyConnection,
    staging: Staging,
    reference: Reference,
    as_of: datetime,
    progress: Callable[[str], None] = lambda _: None,
) -> LoadCounts:
    """Load staged frames and reference rows; `as_of` is UTC without zone. Run it inside a transaction.

    Leaves the temporary tables `scope_file` and `scope_release` with what it touched.
    """
    create_staged_tables(con, staging, as_of)
    create_reference_tables(con, staging, reference, as_of)
    first_day, last_day = create_holiday_table(con, staging, as_of)
    parameters: dict[str, object] = {
        "as_of": as_of,
        "next_load_at": _next_load_at(con, as_of),
        "first_day": first_day,
        "last_day": last_day,
        "many": MANY,
    }
    needless = {"publisher_version"}
    needless |= set() if staging.with_reference else {*OF_REFERENCE}
    needless |= set() if staging.files("fetch") else {*OF_ANSWERS}
    for step in STEPS:
        progress(step)
        if step in needless:
            continue
        run_sql(con, SQL / "load" / f"{step}.sql", parameters)
        if step == "publisher_change" and con.sql("from publisher_change limit 1").fetchone():
            # Versions that answers brought may be needless now.
            needless -= {"publisher_version", "portal_publisher"}
    edits_new = record_edits(con, staging.folder, reference)
    record_relations(con, staging.folder)
    con.execute("create or replace temp table scope_file as select source_file_key from staged_file")
    con.execute("create or replace temp table scope_release as select release_key from touched_release")
    counted = con.execute(
        """
        with compared as (
            select
                fact_release.has_body,
                release_before.release_key is not null as is_known,
                fact_release.content_key is distinct from release_before.content_key
                or fact_release.version_count is distinct from release_before.version_count as is_changed
            from touched_release
            inner join fact_release using (release_key)
            left join release_before using (release_key)
        )

        select
            count(*) filter (not is_known),
            count(*) filter (is_known and is_changed),
            count(*) filter (is_known and not is_changed),
            count(*) filter (not has_body),
            (select count(distinct content_key) from staged_text)
        from compared
        """
    ).fetchone()
    assert counted is not None
    new, changed, unchanged, without_body, texts_new = counted
    return LoadCounts(new, changed, unchanged, without_body, texts_new, edits_new)


def _next_load_at(con: duckdb.DuckDBPyConnection, as_of: datetime) -> datetime | None:
    """The earliest `as_of` of a load that was later than this one and came before it; None for the latest load."""
    later = "select min(as_of) from load_run where status = 'loaded' and as_of > $as_of"
    next_load_at: datetime | None
    (next_load_at,) = con.execute(later, {"as_of": as_of}).fetchone() or (None,)
    return next_load_at


def forget_portal(con: duckdb.DuckDBPyConnection) -> None:
    """Take out everything that came from the portal, inside the caller's transaction, for it to be read again.

    The load that follows brings back what digests list; what only answers brought is gone until then.
    """
    con.execute(
        """
        create or replace temp table forgotten_release as
        select release_key, release_code, portal_id from fact_release
        where release_key in (select release_key from fact_fetch) and listing_count > 0;
        create or replace temp table forgotten_content as
        select content_key from text_content where origin = 'portal';
        delete from fact_edit where content_key in (select content_key from forgotten_content);
        delete from text_version where content_key in (select content_key from forgotten_content);
        delete from text_content where origin = 'portal';
        delete from fact_release where listing_count = 0;
        delete from text_relation;
        delete from fact_fetch;
        delete from portal_archive;
        delete from topic_name;
        delete from bridge_release_topic;
        """
    )


def is_unchanged(con: duckdb.DuckDBPyConnection, staging: Staging) -> bool:
    """Whether digests read again gave just what is stored of them."""
    if any(part.new_contents for part in staging.parts):
        return False
    create_staged_tables(con, staging, None)
    same = con.execute(
        """
        with again as (
            select
                source_file_key, byte_start, byte_end, release_key, content_key, title, url, listed_date_key,
                dated_lines_in_body
            from staged_listing
        ),
        stored as (
            select
                source_file_key, byte_start, byte_end, release_key, content_key, title, url, listed_date_key,
                dated_lines_in_body
            from fact_listing
            where source_file_key in (select source_file_key from staged_file)
        )
        select
            (select count(*) from again) = (select count(*) from stored)
            and not exists (from again except from stored)
            and not exists (
                select source_file_key, listings, headers, rejects, blank_bytes from staged_file
                except
                select source_file_key, listings, headers, rejects, blank_bytes from source_file
            )
        """
    ).fetchone()
    return same == (True,)
