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
from warehouse.load.staged_tables import (
    News,
    create_holiday_table,
    create_portal_publisher_table,
    create_reference_tables,
    create_section_table,
    create_staged_tables,
    look_for_news,
)
from warehouse.portal.visits.site_texts import MANY
from warehouse.reference.rows import Reference
from warehouse.stage.digests import Staging

STEPS = (
    "replaced_digest",
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
    "current_topic",
    "touched_release",
    "fact_listing",
    "release_seen",
    "text_sighting",
    "text_version",
    "headline_content",
    "release_text",
    "fact_release",
)
"""The tables in the order they are loaded; a release's history first in temporary tables."""

OF_KIND = {
    "header": ("source_header",),
    "reject": ("rejected_record",),
    "text": ("text_content",),
    "fetch": ("fact_fetch", "portal_publisher", "current_topic"),
    "topic": ("topic_name", "bridge_release_topic"),
    "listing": ("touched_release", "fact_listing"),
}
"""Steps that have nothing to do where no file of a kind is staged."""

OF_REFERENCE = ("portal_id_date", "dim_region", "publisher_change")
"""Those that say what the reference rows say."""

OF_TOUCHED = ("release_seen", "text_version", "fact_release")
"""Those that make releases again."""

OF_HISTORY = ("text_sighting", "headline_content", "release_text")
"""Those that put several contents of a release in order."""


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
    news = look_for_news(con, staging, as_of)
    parameters: dict[str, object] = {
        "as_of": as_of,
        "next_load_at": _next_load_at(con, as_of),
        "many": MANY,
        "replaces": any(digest.first_seen_at for digest in staging.digests),
    }
    due = _due(con, staging, reference, news, parameters)
    if staging.replays:
        con.execute("insert into touched_release from forgotten_release")
    for step in STEPS:
        progress(step)
        if step == "release_seen" and _has_rows(con, "touched_release"):
            due |= {*OF_TOUCHED}
        if step not in due:
            continue
        run_sql(con, SQL / "load" / f"{step}.sql", parameters)
        if step == "publisher_change" and _has_rows(con, "publisher_change"):
            due |= {"publisher_version"}
            if news.has_answers:
                # Versions that answers brought may be needless now.
                create_portal_publisher_table(con, staging, reference)
                due |= {"portal_publisher"}
        if step == "release_seen" and _has_rows(con, "release_seen where has_several_contents"):
            due |= {*OF_HISTORY}
    edits_new = 0
    if "release_seen" in due:
        if "text_sighting" in due or _has_rows(con, EDITS_OF_TOUCHED):
            edits_new = record_edits(con, staging.folder, reference)
        record_relations(con, staging.folder)
    return _count(con, staging, edits_new, is_any_touched="release_seen" in due)


EDITS_OF_TOUCHED = "fact_edit where release_key in (select release_key from touched_release)"


def _due(
    con: duckdb.DuckDBPyConnection,
    staging: Staging,
    reference: Reference,
    news: News,
    parameters: dict[str, object],
) -> set[str]:
    """The steps that have something to do, as far as is known before the first; makes the tables that they read.

    Adds the days that the calendar has to cover to the parameters.
    """
    as_of, replaces = parameters["as_of"], parameters["replaces"]
    assert isinstance(as_of, datetime)
    due = {step for kind, steps in OF_KIND.items() if staging.files(kind) for step in steps}
    due |= {"replaced_digest"} if replaces else set()
    due |= {"source_file"} if staging.digests else set()
    due |= {"portal_archive"} if staging.read_to else set()
    # What was known at an earlier moment may have been other than what is known now.
    if staging.with_reference or replaces or news.slugs or (staging.digests and parameters["next_load_at"]):
        create_reference_tables(con, reference, news.slugs, as_of)
        due |= {*OF_REFERENCE}
    if staging.with_reference or replaces or news.sections:
        create_section_table(con, reference, news.sections)
        due |= {"dim_section"}
    if days := create_holiday_table(con, news, _latest(con, staging, as_of)):
        parameters |= dict(zip(("first_day", "last_day"), days, strict=True))
        due |= {"dim_date"}
    if "portal_publisher" in due:
        create_portal_publisher_table(con, staging, reference)
    return due


def _has_rows(con: duckdb.DuckDBPyConnection, rows: str) -> bool:
    return con.execute(f"select exists (from {rows})").fetchone() == (True,)


def _latest(con: duckdb.DuckDBPyConnection, staging: Staging, as_of: datetime) -> datetime:
    """The latest moment that a load speaks of: its own, or that of its last answer."""
    last = con.execute("select max(requested_at) from staged_fetch").fetchone() if staging.files("fetch") else None
    moments: list[datetime] = [as_of, *(moment for moment in last or () if moment)]
    return max(moments)


def _count(con: duckdb.DuckDBPyConnection, staging: Staging, edits_new: int, *, is_any_touched: bool) -> LoadCounts:
    """Count what a load did, and leave what it touched to the checks, in `scope_file` and `scope_release`."""
    con.execute(
        """
        create or replace temp table scope_file as select source_file_key from staged_file;
        create or replace temp table scope_release as select release_key from touched_release;
        """
    )
    texts_new = 0
    if staging.files("text"):
        (texts_new,) = con.execute("select count(distinct content_key) from staged_text").fetchone() or (0,)
    counted = con.execute(
        f"""
        with compared as (
            {MADE_AGAIN if is_any_touched else LISTED_AGAIN}
        )

        select
            count(*) filter (not is_known),
            count(*) filter (is_known and is_changed),
            count(*) filter (is_known and not is_changed),
            count(*) filter (not has_body)
        from compared
        """
    ).fetchone()
    assert counted is not None
    new, changed, unchanged, without_body = counted
    return LoadCounts(new, changed, unchanged, without_body, texts_new, edits_new)


LISTED_AGAIN = """
select fact_release.has_body, true as is_known, false as is_changed
from release_again
inner join fact_release using (release_key)
"""

MADE_AGAIN = f"""
select
    fact_release.has_body,
    release_before.release_key is not null as is_known,
    fact_release.content_key is distinct from release_before.content_key
    or fact_release.version_count is distinct from release_before.version_count as is_changed
from touched_release
inner join fact_release using (release_key)
left join release_before using (release_key)
union all
{LISTED_AGAIN}
"""
"""Releases that a load brought: whether a body is known, and whether they are known and changed."""


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
