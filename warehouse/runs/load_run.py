"""What an attempt to ingest did: counted, told in a sentence, and written down in `load_run`."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.check.checks import CheckResult
from warehouse.check.observations import CheckState, Observed
from warehouse.database.sql import rows
from warehouse.load.order import Loaded

STEPS = ("read", "fetch", "parse", "normalise", "load", "check", "publish")

SHOWN_REJECTS = 200
"""How many rejected records a report shows."""

SHOWN_REASONS = 3
"""Of how many refused files a sentence says why."""

Progress = Callable[[str, int, int], None]
"""Told of a step, how much of it is done, and how much there is to do (bytes, texts or tables)."""


@dataclass(slots=True)
class Report:
    """What an attempt to ingest did."""

    run_id: str
    as_of: datetime
    warehouse: Path
    published: Path
    flow_run_id: str | None = None
    reference_sha256: str | None = None
    kind: str = "ingest"
    status: str = "failed"
    message: str = ""
    files_loaded: list[str] = field(default_factory=list)
    files_known: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    listings: int = 0
    texts_new: int = 0
    rejected: int = 0
    loaded: Loaded = field(default_factory=Loaded)
    checks: list[CheckResult] = field(default_factory=list)
    observed: list[Observed] = field(default_factory=list)
    states: list[CheckState] = field(default_factory=list)
    """Every check and observation with what it found last, failing ones first."""
    last_change: datetime | None = None
    """The as_of (UTC) of the last load that changed something, this one or one before."""
    rejects: list[dict[str, object]] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    """Attempts to fetch that were loaded, by outcome."""
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def files_taken(self) -> set[str]:
        """The paths whose digests are in the warehouse now: none of an attempt that failed."""
        return {*self.files_loaded, *self.files_known} if self.status in ("loaded", "unchanged") else set()

    def count_checks(self, outcome: str) -> int:
        """How many checks passed, warned or failed."""
        return sum(check.outcome == outcome for check in self.checks)

    def reasons(self) -> str:
        """Why files were refused: the first `SHOWN_REASONS` of them, so that it stays a sentence."""
        shown = list(itertools.islice(self.refused.values(), SHOWN_REASONS))
        if more := len(self.refused) - len(shown):
            shown.append(f"And {more:,} more.")
        return " ".join(shown)

    def sentence(self) -> str:
        """What the attempt did, in one sentence."""
        loaded = self.loaded
        if self.status == "unchanged":
            known = len(self.files_known) + len(self.files_loaded)
            said = f"No change: {known} digest{'s' if known != 1 else ''} known already"
        elif self.status == "failed":
            said = "Nothing loaded"
        else:
            releases = loaded.releases_new + loaded.releases_changed + loaded.releases_unchanged
            said = (
                f"Loaded {releases} releases: {loaded.releases_new} new, {loaded.releases_changed} changed, "
                f"{loaded.releases_unchanged} unchanged; {self.rejected} records rejected"
            )
        if self.refused:
            said += f"; refused {len(self.refused)}: {self.reasons()}"
        return said if said.endswith(".") else said + "."


def write_down(report: Report, con: duckdb.DuckDBPyConnection) -> None:
    """Insert the attempt into `load_run`."""
    values: dict[str, object] = {
        "run_id": report.run_id,
        "flow_run_id": report.flow_run_id,
        "as_of": report.as_of,
        "kind": report.kind,
        "status": report.status,
        "message": report.message,
        "reference_sha256": report.reference_sha256,
        "files_loaded": len(report.files_loaded),
        "files_known": len(report.files_known),
        "files_refused": len(report.refused),
        "listings": report.listings,
        "releases_new": report.loaded.releases_new,
        "releases_changed": report.loaded.releases_changed,
        "releases_unchanged": report.loaded.releases_unchanged,
        "texts_new": report.texts_new,
        "without_body": report.loaded.without_body,
        "rejected": report.rejected,
        "fetches": sum(report.outcomes.values()),
        "checks_passed": report.count_checks("passed"),
        "checks_warned": report.count_checks("warned"),
        "checks_failed": report.count_checks("failed"),
        **{f"{step}_s": report.seconds.get(step) for step in STEPS},
    }
    names = ", ".join(values)
    places = ", ".join(f"${name}" for name in values)
    con.execute(f"insert into load_run ({names}) values ({places})", values)


def rejected_records(con: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    """The first `SHOWN_REJECTS` records that were rejected in the digests of `scope_file`, for people to look at."""
    return rows(
        con.execute(
            """
            select path, line_no, byte_start, byte_end, reason, detail, left(raw, 200) as raw
            from rejected_record inner join source_file using (source_file_key)
            where source_file_key in (select source_file_key from scope_file)
            order by path, byte_start limit $shown
            """,
            {"shown": SHOWN_REJECTS},
        )
    )
