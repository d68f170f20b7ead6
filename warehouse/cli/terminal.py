"""Shared by the commands: options, exit codes and a progress bar."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

WarehouseOption = Annotated[
    Path | None, typer.Option("--warehouse", metavar="FILE", help="The warehouse to use instead of PRESS_WAREHOUSE.")
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="TIME", help="The moment to take as now, like 2025-06-01T06:00:00Z.")
]

DONE, FAILED, WRONG_USAGE = 0, 1, 2


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show a progress bar on a terminal, and nothing elsewhere; yields the function that reports progress."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step)
            bar.update(tasks[step], completed=done, total=total or None)

        yield report
