"""What a run did: counted, in a sentence, and as a row of `load_run`."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.check.checks import CheckResult
from warehouse.check.observations import Observation
from warehouse.check.outcomes import CheckState
from warehouse.clock import clock_time
from warehouse.database.sql import rows, run_over
from warehouse.errors import cut
from warehouse.intake.paths import EXPECTED
from warehouse.load.star import LoadCounts
from warehouse.portal.visits.tally import Tally

STORED_STEPS = ("read", "fetch", "parse", "normalise", "load", "check")
"""The steps whose seconds are a column of `load_run`."""
STEPS = (*STORED_STEPS, "publish")

LISTED_REJECTS = 200
"""How many rejected records a run lists."""

NAMED_REASONS = 3
"""How many paths that were refused or passed over a sentence gives the reason for."""

LONGEST_REASON = 300
"""Characters of a reason in a sentence; names of files can be of any length."""

Progress = Callable[[str, int, int], None]
"""Takes a step, how much of it is done, and how much there is to do (bytes, texts or tables)."""


@dataclass(slots=True)
class LoadRun:
    """What a run did so far; `as_of` and `last_change` are UTC without zone."""

    run_id: str
    as_of: datetime
    warehouse: Path
    published: Path
    flow_run_id: str | None = None
    reference_sha256: str | None = None
    kind: str = "ingest"
    status: str = "failed"
    message: str = ""
    is_idle: bool = False
    """Whether nothing came in, so that there was nothing to load or check."""
    files_loaded: list[str] = field(default_factory=list)
    files_known: list[str] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    """Why files were refused, by path."""
    bystanders: dict[str, str] = field(default_factory=dict)
    """Why what lies beside digests in folders was passed over, by path."""
    listings: int = 0
    rejected: int = 0
    counts: LoadCounts = field(default_factory=LoadCounts)
    checks: list[CheckResult] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    states: list[CheckState] = field(default_factory=list)
    """Every check and observation with its last result, failing ones first."""
    last_change: datetime | None = None
    """The as_of of the last load that changed something, which may be this one."""
    rejects: list[dict[str, object]] = field(default_factory=list)
    tally: Tally | None = None
    """The visits of the run to gov.kz; None for one without."""
    outcomes: dict[str, int] = field(default_factory=dict)
    """Attempts to fetch that were loaded, by outcome."""
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def files_taken(self) -> set[str]:
        """The paths whose digests are in the warehouse now; none for a run that failed."""
        return {*self.files_loaded, *self.files_known} if self.status in ("loaded", "unchanged") else set()

    def forget_load(self) -> None:
        """Take back what was counted of a load that was undone; what was read and refused stays."""
        self.status, self.is_idle = "failed", False
        self.files_loaded, self.checks, self.rejects = [], [], []
        self.listings = self.rejected = 0
        self.counts = LoadCounts()

    @property
    def overlooked(self) -> dict[str, str]:
        """What was passed over and may be meant to be loaded: all but hidden files and what is the warehouse's own."""
        return {path: reason for path, reason in self.bystanders.items() if reason not in EXPECTED}

    @property
    def is_incomplete(self) -> bool:
        """Whether something was refused, or passed over by a run that loaded nothing."""
        return bool(self.refusals) or (self.status != "loaded" and bool(self.overlooked))

    def count_checks(self, outcome: str) -> int:
        """How many checks passed, warned or failed."""
        return sum(check.outcome == outcome for check in self.checks)

    def sentence(self) -> str:
        """What the run did in one line: “Loaded 41 releases: 38 new, 3 edited, 1 rejected.”."""
        counts = self.counts
        if self.kind != "ingest":
            attempts = sum(self.outcomes.values())
            source = self.tally.sentence() if self.tally else f"Read {attempts:,} attempts from the archive"
            texts = f"{counts.texts_new:,} new text{'s' * (counts.texts_new != 1)}"
            return f"{source}; {texts}, {counts.edits_new:,} edit{'s' * (counts.edits_new != 1)}."
        if self.status == "loaded":
            same = f", {counts.releases_unchanged:,} unchanged" if counts.releases_unchanged else ""
            releases = f"{counts.releases:,} release{'s' if counts.releases != 1 else ''}"
            kinds = f"{counts.releases_new:,} new, {counts.releases_changed:,} edited{same}"
            sentence = f"Loaded {releases}: {kinds}, {self.rejected:,} rejected."
        elif self.status == "failed":
            sentence = "Nothing loaded."
        elif self.last_change:
            sentence = f"No change since {clock_time(self.last_change, self.as_of)}."
        else:
            known = len(self.files_known) + len(self.files_loaded)
            sentence = f"No change: {known} digest{'s' if known != 1 else ''} known already."
        if refused := len(self.refusals):
            # What is wrong comes first, because the Prefect UI shows how a message begins.
            sentence = f"Refused {refused:,} file{'s' if refused > 1 else ''}: {_first(self.refusals)} {sentence}"
        if self.status != "loaded" and (overlooked := self.overlooked):
            reasons = {path: f"{path}: {reason}." for path, reason in overlooked.items()}
            sentence += f" Passed over {len(reasons):,} path{'s' if len(reasons) > 1 else ''}: {_first(reasons)}"
        return sentence


def _first(reasons: Mapping[str, str]) -> str:
    """The first `NAMED_REASONS` reasons by path, with names for paths, and how many more there are."""
    named = [
        cut(reason.replace(path, Path(path).name, 1), LONGEST_REASON)
        for path, reason in itertools.islice(reasons.items(), NAMED_REASONS)
    ]
    if more := len(reasons) - len(named):
        named.append(f"And {more:,} more.")
    return " ".join(named)


def write_down(load_run: LoadRun, con: duckdb.DuckDBPyConnection) -> None:
    """Insert a row into `load_run`."""
    values: dict[str, object] = {
        "run_id": load_run.run_id,
        "flow_run_id": load_run.flow_run_id,
        "as_of": load_run.as_of,
        "kind": load_run.kind,
        "status": load_run.status,
        "message": load_run.message,
        "reference_sha256": load_run.reference_sha256,
        "files_loaded": len(load_run.files_loaded),
        "files_known": len(load_run.files_known),
        "files_refused": len(load_run.refusals),
        "listings": load_run.listings,
        "releases_new": load_run.counts.releases_new,
        "releases_changed": load_run.counts.releases_changed,
        "releases_unchanged": load_run.counts.releases_unchanged,
        "texts_new": load_run.counts.texts_new,
        "without_body": load_run.counts.without_body,
        "rejected": load_run.rejected,
        "fetches": sum(load_run.outcomes.values()),
        "checks_passed": load_run.count_checks("passed"),
        "checks_warned": load_run.count_checks("warned"),
        "checks_failed": load_run.count_checks("failed"),
        **{f"{step}_s": load_run.seconds.get(step) for step in STORED_STEPS},
    }
    run_over(con, [values], "insert into load_run by name select * from given")


def rejected_records(con: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    """The first `LISTED_REJECTS` rejected records of the digests of `scope_file`."""
    return rows(
        con.execute(
            """
            select path, line_no, byte_start, byte_end, reason, detail, left(raw, 200) as raw
            from rejected_record inner join source_file using (source_file_key)
            where source_file_key in (select source_file_key from scope_file)
            order by path, byte_start limit $most
            """,
            {"most": LISTED_REJECTS},
        )
    )
