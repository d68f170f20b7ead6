"""The DuckDB file: open it for one writer or many readers, with its schema, and say plainly when that cannot be."""

import glob
import json
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock, Timeout

from warehouse.errors import WarehouseLocked, WarehouseUnusable
from warehouse.settings import PROJECT, Settings

SQL = PROJECT / "sql"
SCHEMA_VERSION = 4

# From this storage version on DuckDB compresses strings by zstd where the schema asks for it.
STORAGE_VERSION = "v1.5.0"

# Smaller than DuckDB's own 122,880: rows are compressed while they are inserted and by all threads, which halves the
# time of a load, at the same size.
ROW_GROUP_SIZE = 30_720

# Smaller than DuckDB's own 262,144: a load of a few rows takes a block for every column of every table it touches, in
# memory and on disk, which is most of what a run at the portal needs.
BLOCK_SIZE = 65_536

CATALOG = "warehouse"

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
    "region_version",
    "dim_region_history",
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


@contextmanager
def writing(settings: Settings, purpose: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for the one writer it may have, made or brought up to date where needed.

    Raises WarehouseLocked when another process writes it, naming that process, and WarehouseUnusable when it cannot be
    opened: corrupt, of another schema, in a folder that cannot be written.
    """
    with only_writer(settings, purpose), connected(settings) as con:
        yield con


@contextmanager
def only_writer(settings: Settings, purpose: str) -> Iterator[None]:
    """Hold the lock that makes this process the warehouse's only writer; a killed process lets go of it."""
    holder_file = settings.lock.with_suffix(".holder")
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(settings.lock, timeout=settings.lock_timeout_s)
        lock.acquire()
    except Timeout:
        told = f"{settings.warehouse} is being written by {_holder(holder_file)}. Try again later."
        raise WarehouseLocked(told) from None
    except OSError as error:
        raise WarehouseUnusable(f"{settings.home} cannot be written: {error.strerror or error}.") from error
    try:
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "purpose": purpose}
        try:
            holder_file.write_text(json.dumps(holder))
        except OSError as error:
            raise WarehouseUnusable(f"{settings.home} cannot be written: {error.strerror}.") from error
        yield
    finally:
        holder_file.unlink(missing_ok=True)
        lock.release()


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text())
        return f"process {holder['pid']} on {holder['host']} ({holder['purpose']})"
    except (OSError, ValueError, KeyError):
        return "another process"


@contextmanager
def connected(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for writing; the caller holds the lock of `only_writer`.

    Always in this way: opened with DuckDB's own row groups, it would be rewritten and double in size.
    """
    is_new = not settings.warehouse.exists()
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{settings.memory_limit_mb}MB",
        "temp_directory": str(settings.staging / "spill"),
        "preserve_insertion_order": False,
    }
    if settings.threads:
        config["threads"] = settings.threads
    # A file keeps the size it was made with.
    block_size = f", block_size {BLOCK_SIZE}" if is_new else ""
    con = duckdb.connect(config=config)
    try:
        with _translated(settings.warehouse):
            con.execute(
                f"attach {literal(settings.warehouse)} as {CATALOG} "
                f"(storage_version '{STORAGE_VERSION}', row_group_size {ROW_GROUP_SIZE}{block_size})"
            )
            con.execute(f"use {CATALOG}")
        if is_new:
            _make_schema(con)
        else:
            _check_schema(con, settings.warehouse)
        yield con
    finally:
        con.close()


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """DuckDB's errors about opening a file, in the words of the warehouse."""
    try:
        yield
    except duckdb.Error as error:
        told = str(error).splitlines()[0]
        if isinstance(error, duckdb.IOException) and "lock on file" in told:
            raise WarehouseLocked(f"{path} is open in another program: {told}") from error
        raise WarehouseUnusable(f"{path} cannot be opened as a warehouse: {told} {REMEDY}") from error


REMEDY = "If the file is damaged, `press rebuild` makes it again from the archive."


def _make_schema(con: duckdb.DuckDBPyConnection) -> None:
    con.begin()
    for name in SCHEMA:
        run_sql(con, SQL / "schema" / f"{name}.sql")
    for name in MARTS:
        run_sql(con, SQL / "marts" / f"{name}.sql")
    run_sql(con, SQL / "load" / "dim_language.sql")
    con.execute("insert into schema_version values (?)", [SCHEMA_VERSION])
    con.commit()


def _check_schema(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    try:
        found = con.execute("select max(version) from schema_version").fetchone()
    except duckdb.CatalogException:
        tables = con.execute("select count(*) from duckdb_tables() where database_name = current_database()").fetchone()
        if tables == (0,):
            _make_schema(con)
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


def reading(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a warehouse, best its published copy, for reading.

    Raises WarehouseUnusable when it does not exist or cannot be opened, WarehouseLocked when it is being written.
    """
    if not path.exists():
        raise WarehouseUnusable(f"{path} does not exist yet: load a digest first, with `press ingest` or `make run`.")
    with _translated(path):
        return duckdb.connect(path, read_only=True)


def literal_files(paths: Sequence[Path]) -> str:
    """A SQL list of exact file names, for `read_parquet`, which reads names as patterns."""
    return "[" + ", ".join(literal(glob.escape(str(path))) for path in paths) + "]"


def literal(text: str | Path) -> str:
    """A SQL string, for the few places where DuckDB takes no parameter."""
    return "'" + str(text).replace("'", "''") + "'"
