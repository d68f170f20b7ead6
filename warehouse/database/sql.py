"""SQL: the files of `sql/`, their statements run with parameters, and rows as Python has them."""

import glob
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse.settings import SHIPPED

SQL = SHIPPED / "sql"


def run_sql(
    con: duckdb.DuckDBPyConnection, path: Path, parameters: Mapping[str, object] | None = None
) -> duckdb.DuckDBPyConnection:
    """Run every statement of a SQL file; each is given those of `parameters` that it names."""
    for statement in con.extract_statements(path.read_text(encoding="utf-8")):
        named = {name: (parameters or {})[name] for name in statement.named_parameters}
        con.execute(statement, named or None)
    return con


def rows(result: duckdb.DuckDBPyConnection | duckdb.DuckDBPyRelation) -> list[dict[str, Any]]:
    """The rows of a result as dictionaries."""
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


class _ArrowStream:
    """A frame that DuckDB reads by Arrow's C stream, which needs no pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def run_over(con: duckdb.DuckDBPyConnection, query: str, given: Sequence[Mapping[str, object]]) -> None:
    """Run a query over a few rows of Python, which it names `given`.

    Rows by rows with parameters take longer: of each value DuckDB asks whether it is pandas' NaT, and looks for pandas.
    """
    con.register("given", _ArrowStream(pl.DataFrame(given, infer_schema_length=None)))
    con.execute(query)
    con.unregister("given")


def literal_files(paths: Sequence[Path]) -> str:
    """A SQL list of exact file names, for `read_parquet`, which reads names as patterns."""
    return "[" + ", ".join(literal(glob.escape(str(path))) for path in paths) + "]"


def literal(text: str | Path) -> str:
    """A SQL string, for the few places where DuckDB takes no parameter."""
    return "'" + str(text).replace("'", "''") + "'"
