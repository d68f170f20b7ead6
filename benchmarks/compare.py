"""Compare two warehouses row for row: every table and view of both, over the columns that both have.

    python benchmarks/compare.py BEFORE.duckdb AFTER.duckdb [--except TABLE …]

Prints a table and exits with 1 where they differ, but for the tables and views excepted. What tells of attempts to load
is left out: an attempt has a random id, and its durations are its own.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.database.sql import literal

OF_ATTEMPTS = ("load_run", "check_outcome", "check_result", "mart_check_state")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table or view of either warehouse.

    `before` and `after` count its rows, None where it is not there; `only_before` and `only_after` those that the other
    lacks, and the columns that the other lacks or has in another type.
    """

    name: str
    before: int | None
    after: int | None
    only_before: int
    only_after: int
    columns_only_before: list[str]
    columns_only_after: list[str]

    @property
    def is_equal(self) -> bool:
        """Whether both warehouses have it, with the same columns and the same rows."""
        is_in_both = self.before is not None and self.after is not None
        odd = self.only_before or self.only_after or self.columns_only_before or self.columns_only_after
        return is_in_both and not odd


def compare(before: Path, after: Path) -> list[Comparison]:
    """Compare every table and view of two warehouses, but for those of attempts, in the order of their names."""
    with duckdb.connect() as con:
        for alias, path in (("before", before), ("after", after)):
            con.execute(f'attach {literal(path)} as "{alias}" (read_only)')
        columns = {alias: _columns(con, alias) for alias in ("before", "after")}
        names = sorted({*columns["before"], *columns["after"]} - {*OF_ATTEMPTS})
        return [_compare(con, name, columns["before"].get(name), columns["after"].get(name)) for name in names]


def _columns(con: duckdb.DuckDBPyConnection, alias: str) -> dict[str, dict[str, str]]:
    """The columns of each table and view, with their types."""
    columns: dict[str, dict[str, str]] = {}
    found = con.execute(
        "select table_name, column_name, data_type from duckdb_columns() where database_name = $alias and not internal",
        {"alias": alias},
    )
    for name, column, kind in found.fetchall():
        columns.setdefault(name, {})[column] = kind
    return columns


def _compare(
    con: duckdb.DuckDBPyConnection, name: str, before: dict[str, str] | None, after: dict[str, str] | None
) -> Comparison:
    before_rows = None if before is None else _count(con, f'from "before".main."{name}"')
    after_rows = None if after is None else _count(con, f'from "after".main."{name}"')
    if before is None or after is None:
        return Comparison(name, before_rows, after_rows, before_rows or 0, after_rows or 0, [], [])
    both = ", ".join(f'"{column}"' for column in before if column in after)
    rows_before, rows_after = (f'(select {both} from "{alias}".main."{name}")' for alias in ("before", "after"))
    return Comparison(
        name,
        before_rows,
        after_rows,
        _count(con, f"from ({rows_before} except all {rows_after})") if both else before_rows or 0,
        _count(con, f"from ({rows_after} except all {rows_before})") if both else after_rows or 0,
        [column for column, kind in before.items() if after.get(column) != kind],
        [column for column, kind in after.items() if before.get(column) != kind],
    )


def _count(con: duckdb.DuckDBPyConnection, rows: str) -> int:
    (count,) = con.execute(f"select count(*) {rows}").fetchone() or (0,)
    return int(count)


def as_table(comparisons: list[Comparison], excepted: list[str]) -> str:
    """The comparisons as lines of text."""
    lines = [f"{'':26}{'before':>10}{'after':>10}{'only before':>13}{'only after':>12}"]
    for one in comparisons:
        before, after = ("–" if rows is None else f"{rows:,}" for rows in (one.before, one.after))
        verdict = "" if one.is_equal else "  excepted" if one.name in excepted else "  DIFFERS"
        odd = [
            f"; {side}: {', '.join(columns)}"
            for side, columns in (("only before", one.columns_only_before), ("only after", one.columns_only_after))
            if columns
        ]
        counts = f"{before:>10}{after:>10}{one.only_before:>13,}{one.only_after:>12,}"
        lines.append(f"{one.name:26}{counts}{verdict}{''.join(odd)}")
    return "\n".join(lines)


def main() -> int:
    """Compare the warehouses named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--except", dest="excepted", nargs="*", default=[], metavar="TABLE")
    arguments = parser.parse_args()
    comparisons = compare(arguments.before, arguments.after)
    differing = [one.name for one in comparisons if not one.is_equal and one.name not in arguments.excepted]
    print(as_table(comparisons, arguments.excepted))
    print(f"{len(differing)} of {len(comparisons)} tables and views differ: {', '.join(differing)}." if differing else
          f"{len(comparisons)} tables and views: equal row for row, but for what is excepted.")  # fmt: skip
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
