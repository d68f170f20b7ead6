"""SQL: the files of `sql/`, their statements run with parameters, and rows as Python has them."""

import glob
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.project import SHIPPED

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


SQL_TYPES = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", datetime: "TIMESTAMP"}
"""The type of DuckDB that takes values of a type of Python."""


def create_table(
    con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]
) -> None:
    """Create a temporary table of rows of Python; `columns` have their types of DuckDB, and the rows their order.

    The rows are one parameter, for of each DuckDB asks whether it is pandas' NaT, and looks for pandas; and not given
    by Arrow, for which DuckDB imports pyarrow if it is there, 40 MB.
    """
    given = json.dumps([dict(zip(columns, row, strict=True)) for row in rows], default=str)
    shape = literal(json.dumps([columns]))
    con.execute(
        f"create or replace temp table {name} as select unnest(from_json($rows, {shape}), recursive := true)",
        {"rows": given},
    )


def run_over(con: duckdb.DuckDBPyConnection, given: Sequence[Mapping[str, object]], *queries: str) -> None:
    """Run queries over a few rows of Python, which they find in the table `given`."""
    values = {name: next((row[name] for row in given if row[name] is not None), "") for name in given[0]}
    types = {name: SQL_TYPES[type(value)] for name, value in values.items()}
    create_table(con, "given", types, [tuple(row.values()) for row in given])
    for query in queries:
        con.execute(query)


def literal_files(paths: Sequence[Path]) -> str:
    """A SQL list of exact file names, for `read_parquet`, which reads names as patterns."""
    return "[" + ", ".join(literal(glob.escape(str(path))) for path in paths) + "]"


def literal(text: str | Path) -> str:
    """A SQL string, for the few places where DuckDB takes no parameter."""
    return "'" + str(text).replace("'", "''") + "'"
