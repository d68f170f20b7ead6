"""Write the answer to a question: as a table for people, or as CSV, JSON or Parquet for programs.

Titles and bodies are anybody's text. On a terminal no sign of theirs may act: control characters, escape sequences and
marks that turn the direction of writing are shown as U+FFFD there. Files get every sign as it is. A table is for
reading, so it is bounded and says what it leaves out; the other formats have all.
"""

import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb

from warehouse.errors import UsageError, cut
from warehouse.report.text import count, visible

if TYPE_CHECKING:
    from warehouse.report.table import Cells

BATCH_ROWS = 10_000
PIPED_WIDTH = 200
"""Columns of a table that goes to a file or a pipe."""

TABLE_ROWS, TABLE_CHARACTERS, CELL_CHARACTERS = 1_000, 1_000_000, 10_000
"""How many rows a table shows, how many characters in all of them, and how many in one cell."""

FORMATS = ("table", "csv", "json", "parquet")

NUMBERS = ("DECIMAL", "DOUBLE", "FLOAT", "HUGEINT", "BIGINT", "INTEGER", "SMALLINT", "UBIGINT", "UINTEGER")


def write(answer: duckdb.DuckDBPyRelation, output: str, folder: Path | None = None) -> None:
    """Write an answer to standard output; raises UsageError for a format that is none of `FORMATS`.

    `folder` is where DuckDB may write a file on the way, if it may not everywhere.
    """
    refuse_unknown(output)
    match output:
        case "csv":
            _write_csv(answer)
        case "json":
            _write_json(answer)
        case "parquet":
            _write_parquet(answer, folder)
        case _:
            _write_table(answer)


def refuse_unknown(output: str) -> None:
    """Raise UsageError for a format that is none of `FORMATS`."""
    if output not in FORMATS:
        raise UsageError(f"--format {output}: it can be {', '.join(FORMATS)}.")


def rows_of(answer: duckdb.DuckDBPyRelation) -> Iterator[tuple[object, ...]]:
    """The rows of an answer, a batch in memory at a time."""
    while batch := answer.fetchmany(BATCH_ROWS):
        yield from batch


def _write_csv(answer: duckdb.DuckDBPyRelation) -> None:
    """CSV by RFC 4180 but for line feeds as line ends: NULL is an empty field, an empty text is `""`."""
    render = visible if sys.stdout.isatty() else str
    sys.stdout.write(",".join(answer.columns) + "\n")
    for row in rows_of(answer):
        sys.stdout.write(",".join(render(csv_field(value)) for value in row) + "\n")


def csv_field(value: object) -> str:
    """A value as a field of CSV, quoted where it has to be."""
    # Not the csv module: it leaves a lone carriage return unquoted, which readers take for a line end.
    if value is None:
        return ""
    text = plain_text(value)
    if not text or any(sign in text for sign in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _write_json(answer: duckdb.DuckDBPyRelation) -> None:
    """One JSON array, a row an object a line; signs that no terminal should get are escaped."""
    between = "[\n"
    for row in rows_of(answer):
        sys.stdout.write(between + json_object(dict(zip(answer.columns, row, strict=True))))
        between = ",\n"
    sys.stdout.write("[]\n" if between == "[\n" else "\n]\n")


def json_object(row: dict[str, object]) -> str:
    """A row as a JSON object on one line, letters as they are and invisible signs escaped."""
    text = json.dumps(row, ensure_ascii=False, default=plain)
    if text.isprintable():
        return text
    return text.translate({ord(sign): json.dumps(sign)[1:-1] for sign in set(text) if not sign.isprintable()})


def plain_text(value: object) -> str:
    r"""A value as text in CSV: lists and structures are JSON, bytes outside ASCII `\xNN`."""
    known = plain(value)
    return str(known).lower() if isinstance(known, bool) else str(known)


def plain(value: object) -> object:
    """A value as JSON and CSV have it: moments in ISO 8601, decimals as numbers."""
    match value:
        case bool() | int() | float() | str():
            return value
        case date() | datetime() | time():
            return value.isoformat()
        case Decimal() if value.is_finite():
            return int(value) if value == value.to_integral_value() else float(value)
        case list() | tuple() | dict():
            return json.dumps(value, ensure_ascii=False, default=plain)
        case bytes():
            return value.decode("ascii", errors="backslashreplace")
    return str(value)


def _write_parquet(answer: duckdb.DuckDBPyRelation, folder: Path | None) -> None:
    if sys.stdout.isatty():
        raise UsageError("--format parquet writes bytes: send them to a file, like `… > answer.parquet`.")
    with TemporaryDirectory(dir=folder) as place:
        path = Path(place) / "answer.parquet"
        answer.write_parquet(str(path))
        with path.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)


def _write_table(answer: duckdb.DuckDBPyRelation) -> None:
    table, size = table_of(answer, visible)
    if sys.stdout.isatty():
        from rich.console import Console

        from warehouse.report.table import print_table

        print_table(Console(highlight=False), table)
        print(size)
    else:
        print(f"{table_text(table, PIPED_WIDTH)}\n{size}")


def table_of(answer: duckdb.DuckDBPyRelation, show: Callable[[str], str]) -> tuple["Cells", str]:
    """The first rows of an answer, as many as a person reads, and how many there are, as a line.

    `show` makes of the text of a cell what is shown of it.
    """
    from warehouse.report.table import Cells, Side

    sides: list[Side] = ["right" if str(kind).split("(")[0] in NUMBERS else "left" for kind in answer.dtypes]
    table = Cells(list(zip(map(show, answer.columns), sides, strict=True)), [])
    total = characters = 0
    for row in rows_of(answer):
        total += 1
        if len(table.rows) + 1 == total <= TABLE_ROWS and characters < TABLE_CHARACTERS:
            cells = ["–" if value is None else show(cut(_cell(value), CELL_CHARACTERS)) for value in row]
            characters += sum(map(len, cells))
            table.rows.append(cells)
    if total > len(table.rows):
        return table, f"{len(table.rows):,} of {count(total, 'row')}; --format csv gives all"
    return table, count(total, "row")


def table_text(table: "Cells", width: int) -> str:
    """A table as lines of at most `width` characters, in which longer cells are folded."""
    from rich.console import Console

    from warehouse.report.table import print_table

    plain = io.StringIO()
    print_table(Console(width=width, file=plain, highlight=False), table)
    return "\n".join(line.rstrip() for line in plain.getvalue().splitlines())


def _cell(value: object) -> str:
    """A value as a table has it: moments to the second."""
    return value.isoformat(" ", "seconds") if isinstance(value, datetime) else str(value)
