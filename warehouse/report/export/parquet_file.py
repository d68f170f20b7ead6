"""Parquet: one file, or a folder of files with a Frictionless `datapackage.json` that says what is in them."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from warehouse.database.connection import ROW_GROUP_SIZE
from warehouse.database.sql import literal_files
from warehouse.files import fingerprint
from warehouse.report.export.snapshot import LICENCE, RIGHTS, SOURCE, Snapshot
from warehouse.report.export.tables import Table, quoted

DESCRIPTOR = "datapackage.json"

WHOLE, NUMBER, ANY = "integer", "number", "any"

FIELD_TYPES = {
    "BOOLEAN": "boolean",
    **dict.fromkeys("TINYINT SMALLINT INTEGER BIGINT UTINYINT USMALLINT UINTEGER UBIGINT".split(), WHOLE),
    **dict.fromkeys(("FLOAT", "DOUBLE", "DECIMAL"), NUMBER),
    "DATE": "date",
    "TIME": "time",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "datetime"),
    "TIMESTAMP WITH TIME ZONE": "datetime",
}
"""Types of Table Schema by those of DuckDB; all others but lists and structures are strings.

Frictionless reads Parquet by pandas, which has no missing whole number and other lists than Python: whole numbers are
`number` where some are missing, and lists and structures `any`. `duckdbType` has what they are in the files.
"""


IN_PARQUET = {"HUGEINT": "decimal(38, 0)", "UHUGEINT": "decimal(38, 0)"}
"""Types that Parquet has none for, and DuckDB would round: those that stand for them."""


def write_parquet(con: duckdb.DuckDBPyConnection, table: Table, path: Path) -> int:
    """Write a table to one file; returns how many rows it has."""
    as_stored = {
        column.name: f"{quoted(column.name)}::{IN_PARQUET[column.type]}"
        for column in table.columns
        if column.type in IN_PARQUET
    }
    table.project(as_stored).write_parquet(str(path), compression="zstd", row_group_size=ROW_GROUP_SIZE)
    (rows,) = con.execute(f"select count(*) from read_parquet({literal_files([path])})").fetchone() or (0,)
    return int(rows)


def write_package(con: duckdb.DuckDBPyConnection, tables: Sequence[Table], folder: Path, snapshot: Snapshot) -> int:
    """Write a folder: a Parquet file for each table, and the descriptor by which Frictionless checks them.

    Returns how many rows they have.
    """
    folder.mkdir()
    total, resources = 0, []
    for table in tables:
        path = folder / f"{table.name}.parquet"
        rows = write_parquet(con, table, path)
        total += rows
        resources.append(_resource(table, path, rows, _incomplete(con, path)))
    descriptor = {
        "name": "press-warehouse",
        "title": "What the government of Kazakhstan publishes",
        "description": RIGHTS,
        "licenses": [LICENCE],
        "sources": [SOURCE],
        "created": snapshot.moment,
        "snapshot": {"file": snapshot.name, "sha256": snapshot.sha256, "run_id": snapshot.run_id},
        "resources": resources,
    }
    text = json.dumps(
        {name: value for name, value in descriptor.items() if value is not None}, ensure_ascii=False, indent=2
    )
    (folder / DESCRIPTOR).write_text(f"{text}\n", encoding="utf-8")
    return total


def _incomplete(con: duckdb.DuckDBPyConnection, path: Path) -> set[str]:
    """The columns of a Parquet file that have no value somewhere."""
    listed = con.execute(
        f"select distinct path_in_schema from parquet_metadata({literal_files([path])}) where stats_null_count > 0"
    )
    return {name for (name,) in listed.fetchall()}


def _resource(table: Table, path: Path, rows: int, incomplete: set[str]) -> dict[str, object]:
    sha256, _ = fingerprint(path)
    schema: dict[str, object] = {
        "fields": [
            {
                "name": column.name,
                "type": field_type(column.type, is_incomplete=column.name in incomplete),
                "description": column.words,
                "duckdbType": column.type,
            }
            for column in table.columns
        ]
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    return {
        "name": re.sub(r"[^a-z0-9._-]+", "-", table.name.lower()),
        "description": table.words,
        "path": path.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        # Not `bytes` beside it: Frictionless counts none of Parquet, and finds them wrong.
        "hash": f"sha256:{sha256}",
        "rows": rows,
        "schema": schema,
    }


def field_type(kind: str, *, is_incomplete: bool) -> str:
    """The type of Table Schema for a type of DuckDB, by whether a value is missing somewhere."""
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return ANY
    known = FIELD_TYPES.get(IN_PARQUET.get(kind, kind).upper().partition("(")[0], "string")
    return NUMBER if known == WHOLE and is_incomplete else known
