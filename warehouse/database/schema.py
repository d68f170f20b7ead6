"""The schema: which tables, views and marts a warehouse has, in the order in which they are made."""

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import duckdb

from warehouse.database.sql import SQL, literal, run_sql
from warehouse.errors import WarehouseUnusable

SCHEMA_VERSION = 5
"""Raised by a release whose schema is another, so that older programs can say that a newer one is needed.

Between releases nobody has to: a warehouse whose schema is another is found by its fingerprint.
"""

SCHEMA = (
    "macros",
    "schema_version",
    "source_file",
    "source_header",
    "rejected_record",
    "load_run",
    "check_outcome",
    "fact_fetch",
    "portal_archive",
    "portal_id_date",
    "dim_date",
    "dim_language",
    "dim_section",
    "dim_region",
    "publisher_version",
    "dim_publisher_history",
    "dim_publisher",
    "text_content",
    "text_version",
    "fact_edit",
    "text_relation",
    "topic_name",
    "dim_topic",
    "bridge_release_topic",
    "fact_listing",
    "fact_release",
    "dim_text",
)
"""Tables and views in the order they are made; each is the file of its name in `sql/schema/`."""

MARTS = (
    "mart_release",
    "mart_publisher_activity",
    "mart_missing_bodies",
    "mart_text_history",
    "mart_edits",
    "mart_fetch_state",
    "mart_vanished",
    "mart_language_coverage",
    "mart_digest_vs_portal",
    "mart_check_state",
)
"""Views for analysts in the order they are made; each is the file of its name in `sql/marts/`."""


def make_schema(con: duckdb.DuckDBPyConnection) -> None:
    """Make every table, view and mart of a new warehouse."""
    con.begin()
    for path in _files():
        run_sql(con, path)
    _inherit_comments(con)
    run_sql(con, SQL / "load" / "dim_language.sql")
    con.execute("insert into schema_version values (?, ?)", [SCHEMA_VERSION, schema_fingerprint()])
    con.commit()


def check_schema(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make the schema where the file at `path` is empty.

    Raises WarehouseUnusable where it is of something else, or of another schema.
    """
    try:
        version, fingerprint = _stored(con)
    except duckdb.CatalogException:
        tables = con.execute("select count(*) from duckdb_tables() where database_name = current_database()").fetchone()
        if tables == (0,):
            make_schema(con)
            return
        raise WarehouseUnusable(f"{path} is a DuckDB file of something else; name another file.") from None
    if version > SCHEMA_VERSION:
        raise WarehouseUnusable(
            f"{path} has schema {version}, and this program knows schema {SCHEMA_VERSION}: use a newer version of it."
        )
    if version < SCHEMA_VERSION:
        raise WarehouseUnusable(
            f"{path} has schema {version}, and this program needs schema {SCHEMA_VERSION}: run `press rebuild`."
        )
    if fingerprint != schema_fingerprint():
        raise WarehouseUnusable(f"{path} has other tables or views than this program needs: run `press rebuild`.")


def is_current(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a warehouse has the schema that this program makes."""
    return _stored(con) == (SCHEMA_VERSION, schema_fingerprint())


def _stored(con: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    """Version and fingerprint of the schema of a warehouse; before version 5 no fingerprint was written."""
    version, *fingerprint = con.execute("from schema_version").fetchone() or (0,)
    return version, fingerprint[0] if fingerprint else ""


@cache
def schema_fingerprint() -> str:
    """SHA-256, in hex, of the statements that make the schema: a comment or a line break more leaves it as it is."""
    return sha256(" ".join(word for path in _files() for word in _definition(path).split()).encode()).hexdigest()


def _files() -> Iterator[Path]:
    """The files that make the schema, in their order."""
    for folder, names in (("schema", SCHEMA), ("marts", MARTS)):
        for name in names:
            yield SQL / folder / f"{name}.sql"


def _definition(path: Path) -> str:
    """The statements of a file of the schema, without comments and without those that only comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith(("--", "comment on ")))


def _inherit_comments(con: duckdb.DuckDBPyConnection) -> None:
    """Give the columns of views that say nothing of their own the words of the column that they take over.

    That is the column of the same name in the table or view that the view names before it, else in the first one it
    reads that has such a column.
    """
    columns = con.execute(
        "select table_name, column_name, comment from duckdb_columns() where database_name = current_database()"
    ).fetchall()
    comments = {(name, column): comment for name, column, comment in columns}
    for path in _files():
        silent = [column for name, column in comments if name == path.stem and comments[name, column] is None]
        definition = _definition(path) if silent else ""
        for column in silent:
            sources = re.findall(rf"\b(\w+)\.{column}\b", definition) + re.findall(r"\b(?:from|join) (\w+)", definition)
            words = next((comments[source, column] for source in sources if comments.get((source, column))), None)
            if words:
                comments[path.stem, column] = words
                con.execute(f"comment on column {path.stem}.{column} is {literal(words)}")
