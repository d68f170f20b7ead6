"""The schema: which tables, views and marts a warehouse has, in the order in which they are made."""

from pathlib import Path

import duckdb

from warehouse.database.sql import SQL, run_sql
from warehouse.errors import WarehouseUnusable

SCHEMA_VERSION = 5

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
    for name in SCHEMA:
        run_sql(con, SQL / "schema" / f"{name}.sql")
    for name in MARTS:
        run_sql(con, SQL / "marts" / f"{name}.sql")
    run_sql(con, SQL / "load" / "dim_language.sql")
    con.execute("insert into schema_version values (?)", [SCHEMA_VERSION])
    con.commit()


def check_schema(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make the schema where the file at `path` is empty.

    Raises WarehouseUnusable where it is of something else, or of another version of the schema.
    """
    try:
        found = con.execute("select max(version) from schema_version").fetchone()
    except duckdb.CatalogException:
        tables = con.execute("select count(*) from duckdb_tables() where database_name = current_database()").fetchone()
        if tables == (0,):
            make_schema(con)
            return
        raise WarehouseUnusable(f"{path} is a DuckDB file of something else; name another file.") from None
    version = found[0] if found else None
    if version == SCHEMA_VERSION:
        return
    if version is not None and version > SCHEMA_VERSION:
        raise WarehouseUnusable(
            f"{path} has schema {version}, and this program knows schema {SCHEMA_VERSION}: use a newer version of it."
        )
    raise WarehouseUnusable(
        f"{path} has schema {version}, and this program needs schema {SCHEMA_VERSION}: run `press rebuild`."
    )
