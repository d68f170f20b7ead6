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
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from warehouse.errors import UsageError, cut
from warehouse.report.text import count, visible

BATCH_ROWS = 10_000
PIPED_WIDTH = 200
"""Columns of a table that goes to a file or a pipe."""

TABLE_ROWS, TABLE_CHARACTERS, CELL_CHARACTERS = 1_000, 1_000_000, 10_000
"""How many rows a table shows, how many characters in all of them, and how many in one cell."""

NUMBERS = ("DECIMAL", "DOUBLE", "FLOAT", "HUGEINT", "BIGINT", "INTEGER", "SMALLINT", "UBIGINT", "UINTEGER")


def write(answer: duckdb.DuckDBPyRelation, output: str) -> None:
    """Write an answer to standard output; raises UsageError for a format that is none of `FORMATS`."""
    if output not in FORMATS:
        raise UsageError(f"--format {output}: it can be {', '.join(FORMATS)}.")
    FORMATS[output](answer)


def _rows(answer: duckdb.DuckDBPyRelation) -> Iterator[tuple[object, ...]]:
    while batch := answer.fetchmany(BATCH_ROWS):
        yield from batch


def _write_csv(answer: duckdb.DuckDBPyRelation) -> None:
    """CSV by RFC 4180 but for line feeds as line ends: NULL is an empty field, an empty text is `""`."""
    render = visible if sys.stdout.isatty() else str
    sys.stdout.write(",".join(answer.columns) + "\n")
    for row in _rows(answer):
        sys.stdout.write(",".join(render(_csv_field(value)) for value in row) + "\n")


def _csv_field(value: object) -> str:
    # Not the csv module: it leaves a lone carriage return unquoted, which readers take for a line end.
    if value is None:
        return ""
    plain = _plain(value)
    text = str(plain).lower() if isinstance(plain, bool) else str(plain)
    if not text or any(sign in text for sign in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _write_json(answer: duckdb.DuckDBPyRelation) -> None:
    """One JSON array, a row an object a line; signs that no terminal should get are escaped."""
    between = "[\n"
    for row in _rows(answer):
        sys.stdout.write(between + json_object(dict(zip(answer.columns, row, strict=True))))
        between = ",\n"
    sys.stdout.write("[]\n" if between == "[\n" else "\n]\n")


def json_object(row: dict[str, object]) -> str:
    """A row as a JSON object on one line, letters as they are and invisible signs escaped."""
    text = json.dumps(row, ensure_ascii=False, default=_plain)
    if text.isprintable():
        return text
    return text.translate({ord(sign): json.dumps(sign)[1:-1] for sign in set(text) if not sign.isprintable()})


def _plain(value: object) -> object:
    """A value as JSON and CSV have it: moments in ISO 8601, decimals as numbers."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if isinstance(value, bool | int | float | str) else str(value)


def _write_parquet(answer: duckdb.DuckDBPyRelation) -> None:
    if sys.stdout.isatty():
        raise UsageError("--format parquet writes bytes: send them to a file, like `… > answer.parquet`.")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answer.parquet"
        answer.write_parquet(str(path))
        with path.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)


def _write_table(answer: duckdb.DuckDBPyRelation) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, kind in zip(answer.columns, answer.dtypes, strict=True):
        is_number = str(kind).split("(")[0] in NUMBERS
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    total = characters = 0
    for row in _rows(answer):
        total += 1
        if table.row_count + 1 == total <= TABLE_ROWS and characters < TABLE_CHARACTERS:
            cells = ["–" if value is None else visible(cut(_cell(value), CELL_CHARACTERS)) for value in row]
            characters += sum(map(len, cells))
            table.add_row(*map(Text, cells))
    if sys.stdout.isatty():
        Console(highlight=False).print(table)
    else:
        plain = Console(width=PIPED_WIDTH, file=io.StringIO(), highlight=False)
        with plain.capture() as captured:
            plain.print(table)
        print("\n".join(line.rstrip() for line in captured.get().splitlines()))
    if total > table.row_count:
        print(f"{table.row_count:,} of {count(total, 'row')}; --format csv gives all")
    else:
        print(count(total, "row"))


def _cell(value: object) -> str:
    """A value as a table has it: moments to the second."""
    return value.isoformat(" ", "seconds") if isinstance(value, datetime) else str(value)


FORMATS: dict[str, Callable[[duckdb.DuckDBPyRelation], None]] = {
    "table": _write_table,
    "csv": _write_csv,
    "json": _write_json,
    "parquet": _write_parquet,
}
