"""Checks: queries that return offending rows, in `sql/checks/`, one file each.

The first line of a file is `-- fail: …` or `-- warn: …` with what is wrong when a row comes back. A failed check undoes
the load; a warning is reported. A line `-- row: …` words an offending row: `{name}` stands for a column. They read the
source files and releases in `scope_file` and `scope_release`: those a load touched, or all of them.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from warehouse.database.sql import SQL, rows
from warehouse.errors import cut

LISTED_ROWS = 20
"""How many offending rows a result has."""

LONGEST_VALUE = 100
"""Characters of a value of an offending row in words; a name or title can be of any length."""

WORDING = re.compile(r"^-- row: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check: `severity` fail or warn, how many rows offend, and the first `LISTED_ROWS` of them.

    `wording` is how the check words a row; empty where it has no words of its own. `is_scoped` is false where it reads
    the whole warehouse whatever the scope.
    """

    name: str
    severity: str
    sentence: str
    offending: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    wording: str = ""
    is_scoped: bool = True

    @property
    def outcome(self) -> str:
        """passed, warned or failed."""
        if not self.offending:
            return "passed"
        return "failed" if self.severity == "fail" else "warned"

    @property
    def detail(self) -> str:
        """The first three offending rows."""
        return "; ".join(_row_text(row, self.wording) for row in self.rows[:3])

    def __str__(self) -> str:
        number = f"{self.offending:,} row{'' if self.offending == 1 else 's'}"
        return f"{self.name}: {self.sentence} ({number}, such as {self.detail})"


def run_checks(con: duckdb.DuckDBPyConnection, names: Container[str] | None = None) -> list[CheckResult]:
    """Run all checks, or those named, over `scope_file` and `scope_release`, in the order of their names."""
    paths = sorted((SQL / "checks").glob("*.sql"))
    return [_run(con, path) for path in paths if names is None or path.stem in names]


def _run(con: duckdb.DuckDBPyConnection, path: Path) -> CheckResult:
    query = path.read_text(encoding="utf-8")
    severity, _, sentence = opening_comment(query).partition(": ")
    if severity not in ("fail", "warn"):
        raise ValueError(f"{path} does not begin with “-- fail: ” or “-- warn: ”.")
    offending = rows(con.execute(query))
    wording = WORDING.search(query)
    return CheckResult(
        path.stem,
        severity,
        sentence,
        len(offending),
        offending[:LISTED_ROWS],
        wording[1] if wording else "",
        is_scoped="scope_" in query,
    )


def opening_comment(query: str) -> str:
    """The first line of a file of checks or observations: what is wrong when it finds something."""
    return query.partition("\n")[0].removeprefix("-- ")


def _row_text(row: Mapping[str, Any], wording: str) -> str:
    """An offending row in words: by the check's own wording, or else “release_code 997859, listings 2”."""
    values = {name: cut(value, LONGEST_VALUE) for name, value in row.items()}
    return wording.format_map(values) if wording else ", ".join(f"{name} {value}" for name, value in values.items())


def scope_everything(con: duckdb.DuckDBPyConnection) -> None:
    """Let checks read the whole warehouse."""
    con.execute("create or replace temp table scope_file as select source_file_key from source_file")
    con.execute("create or replace temp table scope_release as select release_key from fact_release")
