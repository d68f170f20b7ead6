"""Shared by the commands: options, exit codes, a progress bar, and the answer to a question."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.errors import UsageError

if TYPE_CHECKING:
    from warehouse.settings import Settings


def _note(context: typer.Context, warehouse: Path | None) -> Path | None:
    """Leave the warehouse of a command where the edge finds it when the command fails."""
    context.find_root().obj = warehouse
    return warehouse


WarehouseOption = Annotated[
    Path | None,
    typer.Option(
        "--warehouse", metavar="FILE", callback=_note, help="The warehouse to use instead of PRESS_WAREHOUSE."
    ),
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="TIME", help="The moment to take as now, like 2025-06-01T06:00:00Z.")
]

DONE, FAILED, WRONG_USAGE = 0, 1, 2


def settings_at(warehouse: Path | None) -> "Settings":
    """The settings of the environment, for this warehouse if one is named."""
    # Commands import what they need when they run: `press --help` answers at once.
    from warehouse.settings import load_settings

    return load_settings().at(warehouse)


def print_answer(question: str, values: Mapping[str, str], output: str, warehouse: Path | None) -> None:
    """Ask the published copy a saved question and print the answer in the format `output`."""
    from warehouse.database.connection import reading_published
    from warehouse.report import questions as saved
    from warehouse.report.output import write

    query = saved.question(question)
    with reading_published(settings_at(warehouse)) as con:
        write(saved.ask(con, query, values), output)


def key_values(pairs: Sequence[str]) -> dict[str, str]:
    """The values of `--param KEY=VALUE` options; raises UsageError for one without an equals sign."""
    values = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign:
            raise UsageError(f"--param {pair}: write it as KEY=VALUE.")
        values[key] = value
    return values


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
