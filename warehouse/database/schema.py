"""The schema: which tables, views and marts a warehouse has, in the order in which they are made."""

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import duckdb

from warehouse.database.sql import SQL, literal, run_sql
from warehouse.errors import WarehouseUnusable

SCHEMA_VERSION = 6
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
    "check_result",
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
    "mart_release_day",
    "mart_release",
    "mart_publisher_activity",
    "mart_missing_bodies",
    "mart_text_history",
    "mart_edits",
    "mart_fetch_state",
    "mart_portal_trust",
    "mart_vanished",
    "mart_language_coverage",
    "mart_digest_vs_portal",
    "mart_check_state",
)
"""Views for analysts in the order they are made; each is the file of its name in `sql/marts/`."""


LANGUAGES = SQL / "load" / "dim_language.sql"
"""The one table whose rows the schema brings."""


def make_schema(con: duckdb.DuckDBPyConnection) -> None:
    """Make every table, view and mart of a new warehouse."""
    con.begin()
    for path in _files():
        run_sql(con, path)
    _comment(con)
    run_sql(con, LANGUAGES)
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
        version, fingerprint = None, ""
    if not isinstance(version, int):
        raise WarehouseUnusable(f"{path} is a DuckDB file of something else; name another file.")
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


def _stored(con: duckdb.DuckDBPyConnection) -> tuple[object, str]:
    """Version and fingerprint of the schema of a warehouse; before version 5 no fingerprint was written."""
    version, *fingerprint = con.execute("from schema_version").fetchone() or (0,)
    return version, fingerprint[0] if fingerprint else ""


@cache
def schema_fingerprint() -> str:
    """SHA-256, in hex, of the statements that make the schema: a comment or a line break more leaves it as it is."""
    return sha256(" ".join(word for path in _files() for word in _definition(path).split()).encode()).hexdigest()


@cache
def schema_content() -> str:
    """SHA-256, in hex, of all that a new warehouse's rows and words come from: the files of SQL and this module."""
    files = (*_files(), LANGUAGES, Path(__file__))
    return sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _files() -> Iterator[Path]:
    """The files that make the schema, in their order."""
    for folder, names in (("schema", SCHEMA), ("marts", MARTS)):
        for name in names:
            yield SQL / folder / f"{name}.sql"


def _definition(path: Path) -> str:
    """The statements of a file of the schema, without comments."""
    return re.sub(r"(?m)(?:^| ) *-- .*$", "", path.read_text(encoding="utf-8"))


def _comment(con: duckdb.DuckDBPyConnection) -> None:
    """Give tables and views the words at the head of their files, and columns those that stand behind them.

    A column of a view with nothing behind it has the words of the column that it takes over: the one of its name in the
    table or view that the view names before it, else in the first one it reads that has such a column.
    """
    columns = con.execute(
        "select table_name, column_name from duckdb_columns() where database_name = current_database()"
    ).fetchall()
    comments: dict[tuple[str, str], str] = {}
    for path in _files():
        name, text, definition = path.stem, path.read_text(encoding="utf-8"), _definition(path)
        kind = re.search(r"create (?:or replace )?(table|view)", definition)
        if kind is None:
            continue
        head = " ".join(re.findall(r"(?m)^-- (.*)$", text))
        con.execute(f"comment on {kind[1]} {name} is {literal(head)}")
        for _, column in filter(lambda known: known[0] == name, columns):
            sources = re.findall(rf"\b(\w+)\.{column}\b", definition) + re.findall(r"\b(?:from|join) (\w+)", definition)
            if words := next((comments[source, column] for source in sources if (source, column) in comments), None):
                comments[name, column] = words
        for code, words in re.findall(r"(?m)^ +(\S.*?),? -- (.+)$", text):
            comments[name, code.split()[0] if kind[1] == "table" else re.split("[ .]", code)[-1]] = words
    for (name, column), words in comments.items():
        con.execute(f"comment on column {name}.{column} is {literal(words)}")
