"""What many tests need: digests written in code, and a warehouse in a folder of its own to load them into."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse.ingest import ingest
from warehouse.report import Report
from warehouse.settings import PROJECT, Settings

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
    def at(cls, folder: Path) -> "Desk":
        return cls(folder, Settings(warehouse=folder / "data" / "press.duckdb"))

    def another(self, name: str) -> "Desk":
        """Another warehouse for digests of the same folder."""
        home = self.folder / f"data-{name}"
        return replace(self, settings=replace(self.settings, warehouse=home / self.settings.warehouse.name))

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def load(self, *paths: Path, as_of: str = "2025-06-01T06:00:00Z", force: bool = False) -> Report:
        return ingest(paths, settings=self.settings, as_of=as_of, force=force)

    def press(self, *arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
        """The command line, in a process of its own, on this warehouse."""
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, check=False, env=self.environ, **options
        )

    @property
    def environ(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("PRESS_")},
            "PRESS_WAREHOUSE": str(self.settings.warehouse),
            "PRESS_SEEDS": str(self.settings.seeds),
        }

    def command(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "warehouse.cli", *map(str, arguments)]

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(self.settings.warehouse, read_only=True) as con:
            return con.execute(query).fetchall()

    def corrupt(self, statement: str) -> None:
        """Change the warehouse behind the program's back."""
        with duckdb.connect(self.settings.warehouse) as con:
            con.execute(statement)

    def dump(self) -> Dump:
        return dump(self.settings.warehouse)

    def runs(self) -> list[dict[str, Any]]:
        """The attempts written down, in their order."""
        with duckdb.connect(self.settings.warehouse, read_only=True) as con:
            result = con.execute("select * from load_run order by as_of, rowid")
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def dump(warehouse: Path, leave_out: Sequence[str] = ("load_run",)) -> Dump:
    """Every row of every table and view of a warehouse, in an order of their own."""
    with duckdb.connect(warehouse, read_only=True) as con:
        names = con.execute(
            "select table_name from information_schema.tables where table_schema = 'main' order by table_name"
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


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)
