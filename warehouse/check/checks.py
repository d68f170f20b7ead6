"""Checks: queries that return offending rows, in `sql/checks/`, one file each, of one statement or several.

The first line of a file is `-- fail: …` or `-- warn: …` with what is wrong when a row comes back. A failed check undoes
the load; a warning is reported. A line `-- row: …` words an offending row: `{name}` stands for a column. They read what
is in scope in views, `scoped_listing` and so on: of the source files in `scope_file` and the releases in
`scope_release`, which a load touched, or everything.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from warehouse.database.sql import SQL
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
    """Run all checks, or those named, over what is in scope, in the order of their names."""
    paths = sorted((SQL / "checks").glob("*.sql"))
    return [_run(con, path) for path in paths if names is None or path.stem in names]


def _run(con: duckdb.DuckDBPyConnection, path: Path) -> CheckResult:
    query = path.read_text(encoding="utf-8")
    severity, _, sentence = opening_comment(query).partition(": ")
    if severity not in ("fail", "warn"):
        raise ValueError(f"{path} does not begin with “-- fail: ” or “-- warn: ”.")
    offending, listed = 0, list[dict[str, Any]]()
    for statement in con.extract_statements(query):
        found = con.execute(statement)
        names = [column[0] for column in found.description or ()]
        first = found.fetchmany(LISTED_ROWS + 1)
        listed += (dict(zip(names, row, strict=True)) for row in first)
        number = len(first)
        if number > LISTED_ROWS:
            (number,) = con.execute(
                f"select count(*) from ({statement.query.strip().removesuffix(';')})"
            ).fetchone() or (0,)
        offending += number
    wording = WORDING.search(query)
    return CheckResult(
        path.stem,
        severity,
        sentence,
        offending,
        listed[:LISTED_ROWS],
        wording[1] if wording else "",
        is_scoped="scoped_" in query,
    )


def opening_comment(query: str) -> str:
    """The first line of a file of checks or observations: what is wrong when it finds something."""
    return query.partition("\n")[0].removeprefix("-- ")


def _row_text(row: Mapping[str, Any], wording: str) -> str:
    """An offending row in words: by the check's own wording, or else “release_code 997859, listings 2”."""
    values = {name: cut(value, LONGEST_VALUE) for name, value in row.items()}
    return wording.format_map(values) if wording else ", ".join(f"{name} {value}" for name, value in values.items())


OF_FILES = {
    "scoped_file": "source_file",
    "scoped_header": "source_header",
    "scoped_reject": "rejected_record",
    "scoped_listing": "fact_listing",
}
"""Views of what is in scope by its source file, with their tables."""

OF_RELEASES = {
    "scoped_release": "fact_release",
    "scoped_content": "text_content",
    "scoped_version": "text_version",
    "scoped_edit": "fact_edit",
    "scoped_relation": "text_relation",
    "scoped_fetch": "fact_fetch",
}
"""Views of what is in scope by its release, with their tables."""


def scope_touched(con: duckdb.DuckDBPyConnection) -> None:
    """Let checks read the source files in the table `scope_file` and the releases in `scope_release`."""
    _create_views(con, OF_FILES, "where source_file_key in (select source_file_key from scope_file)")
    _create_views(con, OF_RELEASES, "where release_key in (select release_key from scope_release)")


def scope_everything(con: duckdb.DuckDBPyConnection) -> None:
    """Let checks read the whole warehouse."""
    _create_views(con, OF_FILES | OF_RELEASES, "")


def _create_views(con: duckdb.DuckDBPyConnection, tables: Mapping[str, str], condition: str) -> None:
    con.execute(
        "; ".join(
            f"create or replace temp view {view} as select * from {table} {condition}" for view, table in tables.items()
        )
    )
