"""What many tests need: digests written in code, and a warehouse in a folder of its own to load them into."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import duckdb
import pytest
from hypothesis import settings

from tests.desk.order import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401 - hooks
from warehouse.cli import main as cli
from warehouse.database.connection import open_to_write
from warehouse.runs.ingest import ingest
from warehouse.runs.load_run import LoadRun
from warehouse.settings import PROJECT, Settings

# How long an example takes is the machine's affair.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

SEED = PROJECT / "seeds" / "digests" / "law-2025-05-21.txt"

MEETING = "The ministry held a meeting on the state of the roads in the region and heard reports of its departments."
MEETING_EDITED = f"{MEETING} A second meeting is planned for the autumn, and the akims of all districts will take part."
MEETING_RU = "Министерство провело совещание о состоянии дорог в регионе и заслушало отчёты всех департаментов."


@dataclass(frozen=True)
class Item:
    """One item of a digest, as a person would write it down."""

    code: str
    body: str | None = MEETING
    title: str = "Roads of the region were discussed at the ministry"
    listed: str = "21.05.2025"
    slug: str = "transport"

    def __str__(self) -> str:
        body = f"{self.body}\n" if self.body else ""
        url = f"https://www.gov.kz/memleket/entities/{self.slug}/press/news/details/{self.code}?lang=kk"
        return f"{self.title} {self.listed}\n{body}Source : {url}\n"


def digest(*items: Item, section: str | None = "Law") -> str:
    """The text of a digest with these items under one header, or under none."""
    return "\n".join([*([section] if section else []), *map(str, items)])


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


OF_ATTEMPTS = ("load_run", "check_outcome", "mart_check_state")
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


def changed_seeds(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """A copy of the reference rows in which, by file, one text stands in place of another."""
    shutil.copytree(PROJECT / "seeds", folder, ignore=shutil.ignore_patterns("digests"))
    for file, old, new in changes:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} has no “{old}”"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Trace no line of a test marked no_cover: in a worker of xdist, pytest-cov's own pause goes on with a tracer that
    it began before."""
    if item.get_closest_marker("no_cover") is None:
        return (yield)
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A Prefect server for flows that are run in this process. Files that want it share it: see order.py."""
    # They are not there yet where only other tests run: importing them takes two seconds.
    import prefect.testing.utilities
    from prefect.testing.utilities import prefect_test_harness

    from tests.desk.prefect_database import put_database

    # The harness makes a folder and a new database in it; so it finds one that has its tables already.
    folder = put_database(tmp_path_factory.mktemp("prefect"), "prefect-test.db")
    with (
        patch.object(prefect.testing.utilities, "mkdtemp", lambda: str(folder)),
        prefect_test_harness(server_startup_timeout=120),
    ):
        yield


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


@pytest.fixture
def seeded(desk: Desk, seed_loaded: Path) -> Desk:
    """The desk with the seed loaded."""
    shutil.copytree(seed_loaded, desk.folder, dirs_exist_ok=True)
    return desk


@pytest.fixture(scope="session")
def seed_loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk with the seed loaded, to be copied."""
    folder = tmp_path_factory.mktemp("seed_loaded")
    Desk.at(folder).load(SEED)
    return folder
