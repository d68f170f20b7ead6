"""One export: what is to be had, in which format, and where it goes."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from xlsxwriter.exceptions import XlsxWriterException

from warehouse.errors import PressError, UsageError
from warehouse.report.export.csv_file import write_csv, write_csv_for_excel
from warehouse.report.export.draft import draft, refuse_taken
from warehouse.report.export.duckdb_file import write_duckdb
from warehouse.report.export.parquet_file import write_package, write_parquet
from warehouse.report.export.snapshot import open_snapshot
from warehouse.report.export.spreadsheet import Notes
from warehouse.report.export.sqlite_file import METADATA, write_sqlite
from warehouse.report.export.tables import Table, answer_to_question, answer_to_sql, stored_tables
from warehouse.report.export.xlsx_file import write_xlsx
from warehouse.report.questions import question
from warehouse.report.sql import errors_with_place, sentence
from warehouse.settings import Settings

SUFFIXES = {
    "xlsx": ".xlsx",
    "csv": ".csv",
    "parquet": ".parquet",
    "sqlite": ".sqlite",
    "datapackage": "-datapackage",
    "duckdb": ".duckdb",
}
"""Formats, and how names end that nobody chose."""

OF_ONE_TABLE = ("csv", "parquet")
"""Formats that hold one table a file."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to export: tables and views by name, a saved question with values, or SQL; everything where none is set.

    And as what: `out` is a path, or a folder to put it in; `force` replaces what is there. Raises UsageError for a wish
    that makes no sense.
    """

    output: str
    tables: Sequence[str] = ()
    question: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    sql: str | None = None
    out: Path | None = None
    for_excel: bool = False
    force: bool = False

    def __post_init__(self) -> None:
        if self.output not in SUFFIXES:
            raise UsageError(f"--format {self.output}: it can be {', '.join(SUFFIXES)}.")
        if self.for_excel and self.output not in ("csv", "xlsx"):
            raise UsageError("--for-excel goes with --format csv; a workbook of --format xlsx needs nothing else.")
        if sum((bool(self.tables), self.question is not None, self.sql is not None)) > 1:
            raise UsageError("An export is of tables, of --query or of --sql: choose one of the three.")
        if self.values and self.question is None:
            raise UsageError("--param goes with --query.")

    def tables_of(self, con: duckdb.DuckDBPyConnection) -> list[Table]:
        """The tables that are wished for; raises UsageError where there are none such, or more than a file takes."""
        if self.sql is not None:
            return [answer_to_sql(con, self.sql)]
        if self.question is not None:
            return [answer_to_question(con, question(self.question), self.values)]
        tables = stored_tables(con, self.tables)
        if self.output in OF_ONE_TABLE and len(tables) != 1:
            raise UsageError(f"--format {self.output} holds one table: name one, or take --query or --sql.")
        return tables

    @property
    def path(self) -> Path:
        """Where it goes."""
        if self.out and not (self.out.is_dir() and self.output != "datapackage"):
            return self.out
        name = "answer" if self.sql is not None else self.question
        name = name or (self.tables[0] if len(self.tables) == 1 else "warehouse")
        return (self.out or Path()) / f"{name}{SUFFIXES[self.output]}"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written where, how many tables and rows, and what Excel has otherwise, a line for each kind."""

    path: Path
    tables: int
    rows: int
    notes: list[str]


def export(settings: Settings, wish: Wish) -> Exported:
    """Export from the published copy to a file, or a folder for `datapackage`; nothing half written is ever left.

    Raises UsageError for what is not there or a place that is taken, PressError where it cannot be written, and what
    `open_snapshot` raises.
    """
    path, notes = wish.path, Notes()
    targets = [path, path.with_suffix(METADATA)] if wish.output == "sqlite" else [path]
    refuse_taken(settings, targets, force=wish.force)
    with draft(targets) as folder, open_snapshot(settings, folder) as (con, snapshot):
        tables = wish.tables_of(con)
        writers: dict[str, Callable[[Sequence[Table], Path], int]] = {
            "xlsx": lambda tables, path: write_xlsx(tables, path, snapshot, notes),
            "csv": lambda tables, path: (
                write_csv_for_excel(tables[0], path, notes) if wish.for_excel else write_csv(tables[0], path)
            ),
            "parquet": lambda tables, path: write_parquet(con, tables[0], path),
            "sqlite": lambda tables, path: write_sqlite(tables, path, snapshot),
            "datapackage": lambda tables, path: write_package(con, tables, path, snapshot),
            "duckdb": lambda tables, path: write_duckdb(con, tables, path),
        }
        with _errors_about(wish):
            rows = writers[wish.output](tables, folder / path.name)
    return Exported(path, len(tables), rows, notes.lines())


@contextmanager
def _errors_about(wish: Wish) -> Iterator[None]:
    """Say of errors met while rows are read and written what they are about: the SQL, or the file."""
    try:
        with errors_with_place(wish.sql) if wish.sql else nullcontext():
            yield
    except (sqlite3.Error, XlsxWriterException) as error:
        raise PressError(f"{wish.path} cannot be written: {error}.") from error
    except duckdb.Error as error:
        raise PressError(f"{wish.path} cannot be written: {sentence(error)}") from error
