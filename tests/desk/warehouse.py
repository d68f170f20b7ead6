"""A warehouse in a folder of its own: to load digests into, to ask, and to compare with another."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import duckdb

from warehouse.cli import main as cli
from warehouse.database.connection import open_to_write
from warehouse.runs.ingest import ingest
from warehouse.runs.load_run import LoadRun
from warehouse.settings import Settings

Dump = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Desk:
    """A folder with digests in it and a warehouse beside them."""

    folder: Path
    settings: Settings

    @classmethod
    def at(cls, folder: Path, threads: int = 1) -> "Desk":
        """One that loads with so many threads of DuckDB; 0 is one for each core."""
        return cls(folder, Settings(warehouse=folder / "data" / "press.duckdb", threads=threads))

    def another(self, name: str) -> "Desk":
        """Another warehouse for digests of the same folder."""
        home = self.folder / f"data-{name}"
        return replace(
            self, settings=self.settings.model_copy(update={"warehouse": home / self.settings.warehouse.name})
        )

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def load(self, *paths: Path, as_of: str = "2025-06-01T06:00:00Z", force: bool = False) -> LoadRun:
        if not self.settings.warehouse.exists():
            self.settings.home.mkdir(parents=True, exist_ok=True)
            self.settings.warehouse.write_bytes(empty_warehouse())
        return ingest(paths, settings=self.settings, as_of=as_of, force=force)

    def press(self, *arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
        """The command line, in a process of its own, on this warehouse."""
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, check=False, env=self.environ, **options
        )

    def press_here(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """The command line, inside this process, on this warehouse: for what a process of its own adds nothing to."""
        return press_here(self.environ, *arguments)

    @property
    def environ(self) -> dict[str, str]:
        left_out = ("PRESS_", "POLARS_MAX_THREADS")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(left_out)},
            "PRESS_WAREHOUSE": str(self.settings.warehouse),
            "PRESS_SEEDS": str(self.settings.seeds),
        }

    def command(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "warehouse.cli.main", *map(str, arguments)]

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with read_only(self.settings.warehouse) as con:
            return con.execute(query).fetchall()

    def corrupt(self, statement: str) -> None:
        """Change the warehouse behind the program's back."""
        with duckdb.connect(self.settings.warehouse) as con:
            con.execute(statement)

    def dump(self) -> Dump:
        return dump(self.settings.warehouse)

    def tables(self) -> Dump:
        """`dump` without the views, which take a hundred times as long: for what must not have been touched."""
        return dump(self.settings.warehouse, views=False)

    def runs(self) -> list[dict[str, Any]]:
        """The attempts written down, in their order."""
        with read_only(self.settings.warehouse) as con:
            result = con.execute("select * from load_run order by as_of, rowid")
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def press_here(environ: Mapping[str, str], *arguments: object) -> subprocess.CompletedProcess[str]:
    """The command line, inside this process, with such an environment."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err), patch.dict(os.environ, environ, clear=True):
        code = cli.run([str(argument) for argument in arguments])
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


@cache
def empty_warehouse() -> bytes:
    """The file of a warehouse that has its schema and nothing else: half of what a small load takes is to make it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "press.duckdb"
        with open_to_write(Settings(warehouse=path)):
            pass
        return path.read_bytes()


def read_only(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """A warehouse of a test: so small that a second thread takes more time than it saves."""
    return duckdb.connect(warehouse, read_only=True, config={"threads": 1})


OF_ATTEMPTS = ("load_run", "check_outcome", "check_result", "mart_check_state")
"""What tells of attempts, which are others each time."""


def dump(warehouse: Path, leave_out: Sequence[str] = OF_ATTEMPTS, *, views: bool = True) -> Dump:
    """Every row of every table and view of a warehouse, in an order of their own."""
    with read_only(warehouse) as con:
        names = con.execute(
            "select table_name from information_schema.tables "
            "where table_schema = 'main' and ($views or table_type = 'BASE TABLE') order by table_name",
            {"views": views},
        ).fetchall()
        return {
            name: con.execute(f'select * from "{name}" order by all').fetchall()
            for (name,) in names
            if name not in leave_out
        }
