"""`press sql`: SQL on the published copy, from the command line, a pipe or a prompt; it reads and changes nothing."""

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.cli.messages import print_error
from warehouse.cli.terminal import WarehouseOption, settings_at
from warehouse.errors import UsageError

if TYPE_CHECKING:
    import duckdb

    from warehouse.settings import Settings


def sql(
    text: Annotated[
        str | None, typer.Argument(metavar="[SQL]", help="Statements; without any, a prompt opens.")
    ] = None,
    output: Annotated[str, typer.Option("--format", help="table, csv, json or parquet.")] = "table",
    warehouse: WarehouseOption = None,
) -> None:
    """Ask in SQL, which reads the published copy and changes nothing."""
    from tempfile import TemporaryDirectory

    from warehouse.report.output import refuse_unknown
    from warehouse.report.sql import confined

    refuse_unknown(output)
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if text is None and sys.stdin.isatty() and not is_terminal:
        raise UsageError('The prompt needs a terminal to write to: say what to ask, like press sql "show tables".')
    settings = settings_at(warehouse)
    with TemporaryDirectory() as folder, confined(settings, Path(folder)) as con:
        if text is not None or not is_terminal:
            show(con, sys.stdin.read() if text is None else text, output, Path(folder))
        else:
            _converse(con, settings, output, Path(folder))


def _converse(con: "duckdb.DuckDBPyConnection", settings: "Settings", output: str, folder: Path) -> None:
    """Answer what is entered at the prompt; an error or Ctrl-C ends a statement, not the conversation."""
    from warehouse.cli.prompt import prompt

    for text in prompt(con, settings):
        try:
            show(con, text, output, folder)
        except (KeyboardInterrupt, RuntimeError) as error:
            # What DuckDB makes of Ctrl-C within a statement.
            if isinstance(error, RuntimeError) and not isinstance(error.__cause__, KeyboardInterrupt):
                raise
            # Its other threads would go on, and the next statement wait for them.
            con.interrupt()
            print_error("Stopped.")
        except UsageError as error:
            print_error(str(error))


def show(con: "duckdb.DuckDBPyConnection", text: str, output: str, folder: Path) -> None:
    """Print the answers to the statements of a text."""
    from warehouse.report.output import write
    from warehouse.report.sql import answer, errors_with_place, statements

    readings = statements(con, text)
    if not readings:
        raise UsageError("There is no statement to ask.")
    if len(readings) != 1 and output != "table":
        raise UsageError(f"--format {output} is for the answer to one statement, and there are {len(readings)}.")
    for reading in readings:
        with errors_with_place(text):
            rows = answer(con, reading)
            # A single column, such as a body or a plan, is for reading in full.
            if output == "table" and sys.stdout.isatty() and len(rows.columns) > 1 and not reading.is_plan:
                _page(rows)
            else:
                write(rows, output, folder)


LONGEST_CELL = 60
"""Characters of a cell on a terminal, where a row is a line."""

WIDEST_LINE = 100_000


def _page(rows: "duckdb.DuckDBPyRelation") -> None:
    """Show an answer a row a line, by a pager where the terminal is too small for it."""
    import pydoc

    from warehouse.report.output import table_of, table_text

    table, size = table_of(rows, _cell)
    text = f"{table_text(table, WIDEST_LINE)}\n{size}"
    width, height = shutil.get_terminal_size()
    lines = text.splitlines()
    if len(lines) < height and max(map(len, lines)) <= width:
        print(text)
        return
    # Lines stay whole and move to the side.
    os.environ.setdefault("LESS", "-SFRX")
    pydoc.pager(text)


def _cell(text: str) -> str:
    from warehouse.report.text import one_line

    line = one_line(text)
    return line if len(line) <= LONGEST_CELL else f"{line[: LONGEST_CELL - 1]}…"
