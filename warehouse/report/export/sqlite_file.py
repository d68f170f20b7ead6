"""SQLite: tables with their types, keys and indexes, and a full-text index of titles and bodies (FTS5).

Beside it goes what Datasette shows on its pages: `NAME.metadata.json` with the words of tables and columns, facets,
licence and source.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from warehouse.report.export.snapshot import LICENCE, RIGHTS, SOURCE, Snapshot
from warehouse.report.export.tables import Column, Table, quoted
from warehouse.report.output import rows_of

METADATA = ".metadata.json"

TYPES = {
    **dict.fromkeys("BOOLEAN TINYINT SMALLINT INTEGER BIGINT UTINYINT USMALLINT UINTEGER".split(), "INTEGER"),
    # No type: as an INTEGER, text of more digits than SQLite's numbers have would be rounded.
    **dict.fromkeys(("UBIGINT", "HUGEINT", "UHUGEINT"), ""),
    **dict.fromkeys(("FLOAT", "DOUBLE", "DECIMAL"), "REAL"),
    "BLOB": "BLOB",
}
"""Types of SQLite by those of DuckDB; all others are TEXT: dates and moments as in ISO 8601, lists in JSON."""

WIDE = ("UBIGINT", "HUGEINT", "UHUGEINT")
"""Whole numbers that may be too large for SQLite, and are text then."""

ISO = "'%Y-%m-%dT%H:%M:%S.%f'"

FACETS = (
    *("publisher_kind", "publisher_slug", "region", "language", "origin", "kind", "outcome", "reason", "status"),
    *("has_body", "is_current", "is_known", "dated_by"),
)
"""Columns of few values, by which people narrow down a page of Datasette."""

LABELS = ("title", "name_en", "name", "slug", "code", "release_code", "date", "path")
"""What stands for a row where another refers to it: the first of these that its table has."""

SEARCHED = ("title", "body")
"""Columns whose words are indexed, in tables that have all of them."""

REFERENCE = re.compile(r": (\w+)(?:[.,;]|$)")
"""How the words of a column name the table that it refers to."""


def write_sqlite(tables: Sequence[Table], path: Path, snapshot: Snapshot) -> int:
    """Write each table, and beside the file its metadata for Datasette; returns how many rows they have."""
    total = 0
    keys = {table.name: table.key[0] for table in tables if len(table.key) == 1}
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        # Nobody reads the file before it is whole.
        for setting in ("journal_mode", "synchronous"):
            con.execute(f"pragma {setting} = off")
        con.execute("begin")
        for table in tables:
            total += _write_table(con, table, keys)
        con.execute("commit")
        con.execute("analyze")
    metadata = json.dumps(_metadata(tables, path.stem, snapshot), ensure_ascii=False, indent=2)
    path.with_suffix(METADATA).write_text(f"{metadata}\n", encoding="utf-8")
    return total


def _write_table(con: sqlite3.Connection, table: Table, keys: dict[str, str]) -> int:
    name = quoted(table.name)
    key = f", primary key ({', '.join(map(quoted, table.key))})" if table.key else ""
    definitions = ", ".join(_definition(column, table, keys) for column in table.columns)
    con.execute(f"create table {name} ({definitions}{key})")
    places = ", ".join("?" * len(table.columns))
    con.executemany(f"insert into {name} values ({places})", _rows(table))
    (rows,) = con.execute(f"select count(*) from {name}").fetchone()
    for column in table.columns:
        if column.name in FACETS or (_reference(column, keys) and table.key != (column.name,)):
            con.execute(f"create index {quoted(f'{table.name}_{column.name}')} on {name} ({quoted(column.name)})")
    if set(SEARCHED) <= {column.name for column in table.columns}:
        index, words = quoted(f"{table.name}_fts"), ", ".join(SEARCHED)
        # Letters with marks are letters of their own: й is not и.
        options = f"content={name}, tokenize='unicode61 remove_diacritics 0'"
        con.execute(f"create virtual table {index} using fts5({words}, {options})")
        con.execute(f"insert into {index}({index}) values ('rebuild')")
    return int(rows)


def _definition(column: Column, table: Table, keys: dict[str, str]) -> str:
    other = _reference(column, keys)
    reference = f" references {quoted(other)} ({quoted(keys[other])})" if other and other != table.name else ""
    return f"{quoted(column.name)} {_type(column)}{reference}"


def _reference(column: Column, keys: dict[str, str]) -> str | None:
    """The table that a column refers to by its words, if it is exported too."""
    if not column.name.endswith("_key"):
        return None
    return next((name for name in REFERENCE.findall(column.words) if name in keys), None)


def _type(column: Column) -> str:
    return TYPES.get(column.type.partition("(")[0], "TEXT")


def _rows(table: Table) -> Iterator[Sequence[object]]:
    expressions = {column.name: _expression(column) for column in table.columns}
    rows = rows_of(table.project(expressions))
    if not any(column.type in WIDE for column in table.columns):
        return rows
    return (
        [str(value) if isinstance(value, int) and abs(value) >= 1 << 63 else value for value in row] for row in rows
    )


def _expression(column: Column) -> str:
    """A column as SQL that gives what Python's sqlite3 takes."""
    name, kind = quoted(column.name), column.type
    if kind == "BOOLEAN":
        return f"{name}::integer"
    if kind.startswith("DECIMAL"):
        return f"{name}::double"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"replace(strftime(make_timestamp(epoch_us({name})), {ISO}), '.000000', '') || 'Z'"
    if kind.startswith("TIMESTAMP"):
        return f"replace(strftime({name}::timestamp, {ISO}), '.000000', '')"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"to_json({name})::varchar"
    return name if _type(column) != "TEXT" else f"{name}::varchar"


def _metadata(tables: Sequence[Table], database: str, snapshot: Snapshot) -> dict[str, object]:
    described = {}
    for table in tables:
        names = {column.name for column in table.columns}
        described[table.name] = {
            "description": table.words,
            "columns": {column.name: column.words for column in table.columns},
            "facets": [name for name in FACETS if name in names],
            **({"label_column": label} if (label := next((name for name in LABELS if name in names), None)) else {}),
        }
    state = f"Read from {snapshot.name} (SHA-256 {snapshot.sha256}) as of {snapshot.moment}, load {snapshot.run_id}."
    return {
        "title": "What the government of Kazakhstan publishes",
        "description": f"{RIGHTS} {state}",
        "license": LICENCE["title"],
        "license_url": LICENCE["path"],
        "source": SOURCE["title"],
        "source_url": SOURCE["path"],
        "databases": {database: {"tables": described}},
    }
