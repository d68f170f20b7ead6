"""A warehouse of what the government of Kazakhstan publishes.

    >>> import warehouse
    >>> report = warehouse.ingest_digests(["seeds/digests"])
    >>> warehouse.ask("busiest_publishers", since="2025-05-01")[0]["publisher_slug"]
    'mod'
    >>> with warehouse.connect() as con:
    ...     con.sql("select title from mart_release where has_body").show()

What stands in `__all__` is the public surface; everything else may change. Importing this is cheap: DuckDB, Polars
and Pydantic are loaded when a function first needs them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.errors import CheckFailed, InputRefused, PressError, UsageError, WarehouseLocked, WarehouseUnusable

if TYPE_CHECKING:
    import duckdb

    from warehouse.report.questions import Question
    from warehouse.runs.load_run import LoadRun
    from warehouse.settings import Settings, load_settings

__all__ = [
    "CheckFailed",
    "InputRefused",
    "PressError",
    "Settings",
    "UsageError",
    "WarehouseLocked",
    "WarehouseUnusable",
    "ask",
    "connect",
    "ingest_digests",
    "load_settings",
    "questions",
]


def __getattr__(name: str) -> object:
    if name in ("Settings", "load_settings"):
        return getattr(import_module("warehouse.settings"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# Not named `ingest`: that is the module, and Python would put the one in the place of the other.
def ingest_digests(
    paths: Iterable[Path | str] | Path | str,
    *,
    settings: Settings | None = None,
    as_of: datetime | str | None = None,
    force: bool = False,
) -> LoadRun:
    """Load digests, files or folders of `*.txt`, or one of them, and publish; see `warehouse.runs.ingest.ingest`.

    `settings` are those of the environment if None. What was refused stands in `LoadRun.refusals`.

    Raises PressError, and then the warehouse is as before.
    """
    from warehouse.runs.ingest import ingest
    from warehouse.settings import load_settings

    return ingest(paths, settings=settings or load_settings(), as_of=as_of, force=force)


def connect(warehouse: Settings | Path | str | None = None) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the published copy, or to the warehouse itself while nothing is published.

    `warehouse` is its file, or settings that name it; None takes those of the environment. Raises WarehouseUnusable
    when there is none yet or it cannot be opened, and UsageError for a path that is no file.
    """
    from warehouse.database.connection import reading
    from warehouse.settings import Settings, load_settings

    match warehouse:
        case None:
            settings = load_settings()
        case Settings():
            settings = warehouse
        case _:
            settings = Settings().at(Path(warehouse))
    return reading(settings.published if settings.published.exists() else settings.warehouse)


def questions() -> list[Question]:
    """All saved questions: name, text, parameters and SQL of each."""
    from warehouse.report.questions import questions as saved

    return saved()


def ask(name: str, *, settings: Settings | None = None, **parameters: object) -> list[dict[str, Any]]:
    """The answer to a saved question as one dictionary per row, values as Python has them.

    Raises UsageError for a question or parameter there is none of, and for a value that cannot be read.
    """
    from warehouse.database.sql import rows
    from warehouse.report.questions import ask as ask_saved
    from warehouse.report.questions import question

    asked = question(name)
    with connect(settings) as con:
        return rows(ask_saved(con, asked, parameters))
