"""Write the answer to a question: as a table for people, or as CSV, JSON or Parquet for programs."""

import csv
import json
import shutil
import sys
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryDirectory
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import UsageError

FORMATS = ("table", "csv", "json", "parquet")
BATCH_ROWS = 10_000


def write(answer: duckdb.DuckDBPyRelation, output: str) -> None:
    """Write an answer to standard output; raises UsageError for a format that is none of `FORMATS`."""
    if output not in FORMATS:
        raise UsageError(f"--format {output}: it can be {', '.join(FORMATS)}.")
    if output == "parquet":
        _write_parquet(answer)
    elif output == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.columns)
        while batch := answer.fetchmany(BATCH_ROWS):
            writer.writerows(batch)
    elif output == "json":
        _write_json(answer)
    else:
        _write_table(answer)


def _write_json(answer: duckdb.DuckDBPyRelation) -> None:
    """One JSON array, a row an object a line."""
    first = True
    sys.stdout.write("[")
    while batch := answer.fetchmany(BATCH_ROWS):
        for row in batch:
            record = json.dumps(dict(zip(answer.columns, row, strict=True)), ensure_ascii=False, default=_plain)
            sys.stdout.write(("\n" if first else ",\n") + record)
            first = False
    sys.stdout.write("]\n" if first else "\n]\n")


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


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

    rows = answer.fetchall()
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, kind in zip(answer.columns, answer.dtypes, strict=True):
        is_number = str(kind).split("(")[0] in ("INTEGER", "BIGINT", "DOUBLE", "HUGEINT", "UINTEGER", "DECIMAL")
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_shown(value)) for value in row))
    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False).print(table)
    print(f"{len(rows):,} rows" if len(rows) != 1 else "1 row")


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    text = str(value)
    return "".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text)
