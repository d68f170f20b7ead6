"""What the commands share: options, a progress bar, and the warehouse opened for reading."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WarehouseOption = Annotated[
    Path | None, typer.Option("--warehouse", metavar="FILE", help="The warehouse to use instead of PRESS_WAREHOUSE.")
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="TIME", help="The moment to take as now, like 2025-06-01T06:00:00Z.")
]

DONE, FAILED, WRONG_USAGE = 0, 1, 2


@contextmanager
def reading(settings: Settings) -> Iterator["DuckDBPyConnection"]:
    """The published copy, or the warehouse itself when it was never published."""
    import duckdb

    from warehouse import WarehouseUnusable, connect

    with connect(settings) as con:
        try:
            yield con
        except duckdb.Error as error:
            told = str(error).splitlines()[0]
            raise WarehouseUnusable(f"{settings.published} cannot be read: {told}") from error


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on a terminal, nothing elsewhere; gives the function to tell of progress."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step)
            bar.update(tasks[step], completed=done, total=total or None)

        yield tell
