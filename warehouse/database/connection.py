"""The DuckDB file: open it for one writer or many readers, with its schema, and say plainly when that cannot be."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import duckdb

from warehouse.database.schema import check_schema, make_schema, schema_content
from warehouse.database.sql import literal
from warehouse.database.template import copy_template
from warehouse.errors import WarehouseLocked, WarehouseUnusable, first_line
from warehouse.locks import single_writer
from warehouse.settings import Settings

# From this storage version on DuckDB compresses strings by zstd where the schema asks for it.
STORAGE_VERSION = "v1.5.0"

# Smaller than DuckDB's own 122,880: rows are compressed while they are inserted and by all threads, which halves the
# time of a load, at the same size.
ROW_GROUP_SIZE = 30_720

# Smaller than DuckDB's own 262,144: a load of a few rows takes a block for every column of every table it touches, in
# memory and on disk, which is most of what a run at the portal needs.
BLOCK_SIZE = 65_536

CORES_FROM = 64 << 20
"""Bytes of a warehouse from which more than one thread is worth its price."""

CATALOG = "warehouse"


@contextmanager
def writing(settings: Settings, purpose: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for the one writer it may have, made or brought up to date where needed.

    Raises WarehouseLocked when another process writes it, naming that process, and WarehouseUnusable when it cannot be
    opened: corrupt, of another schema, in a folder that cannot be written.
    """
    with only_writer(settings, purpose), open_to_write(settings) as con:
        yield con


def only_writer(settings: Settings, purpose: str) -> AbstractContextManager[None]:
    """The lock that makes this process the warehouse's only writer; raises what `single_writer` raises."""
    return single_writer(str(settings.warehouse), settings.lock, purpose, settings.lock_timeout_s)


@contextmanager
def open_to_write(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for writing; the caller holds the lock of `only_writer`.

    Always in this way: opened with DuckDB's own row groups, it would be rewritten and double in size. One thread
    inserts: two are no faster under a small limit of memory, and pack less.
    """
    if not settings.warehouse.exists():
        copy_template(settings.cache, _template_name(), _make, settings.warehouse)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{settings.memory_limit_mb}MB",
        "temp_directory": str(settings.staging / "spill"),
        "preserve_insertion_order": False,
        "threads": 1,
    }
    con = duckdb.connect(config=config)
    try:
        with _translate_errors(settings.warehouse):
            _attach(con, settings.warehouse)
        check_schema(con, settings.warehouse)
        yield con
    finally:
        con.close()


def _make(path: Path) -> None:
    """Make the file of a warehouse with its schema and nothing else."""
    with duckdb.connect(config={"threads": 1}) as con:
        # A file keeps the size of blocks that it was made with.
        _attach(con, path, f", block_size {BLOCK_SIZE}")
        make_schema(con)


def _attach(con: duckdb.DuckDBPyConnection, path: Path, more: str = "") -> None:
    """Open a warehouse for writing, which is then what statements are about."""
    options = f"storage_version '{STORAGE_VERSION}', row_group_size {ROW_GROUP_SIZE}{more}"
    con.execute(f"attach {literal(path)} as {CATALOG} ({options}); use {CATALOG}")


def use_cores(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Let statements that only read a large warehouse use as many threads as the settings allow."""
    if settings.warehouse.stat().st_size >= CORES_FROM:
        con.execute(f"set threads = {settings.threads or os.cpu_count()}")


def close_warehouse(con: duckdb.DuckDBPyConnection) -> None:
    """Close the file that a connection has open, and keep the connection."""
    con.execute(f"use memory; detach {CATALOG}")


def _template_name() -> str:
    """A name for all that the file of a new warehouse depends on."""
    return f"{schema_content()[:16]}-{duckdb.__version__}-{STORAGE_VERSION}-{BLOCK_SIZE}-{ROW_GROUP_SIZE}.duckdb"


@contextmanager
def _translate_errors(path: Path) -> Iterator[None]:
    """DuckDB's errors about opening a file, in the words of the warehouse."""
    try:
        yield
    except duckdb.Error as error:
        reason = first_line(error)
        if isinstance(error, duckdb.IOException) and "lock on file" in reason:
            raise WarehouseLocked(f"{path} is open in another program: {reason}") from error
        raise WarehouseUnusable(f"{path} cannot be opened as a warehouse: {reason} {REMEDY}") from error


REMEDY = "If the file is damaged, `press rebuild` makes it again from the archive."


def reading(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a warehouse, best its published copy, for reading.

    Raises WarehouseUnusable when it does not exist or cannot be opened, WarehouseLocked when it is being written.
    """
    if not path.exists():
        raise WarehouseUnusable(f"{path} does not exist yet: load a digest first, with `press ingest` or `make run`.")
    with _translate_errors(path):
        return duckdb.connect(path, read_only=True)


@contextmanager
def reading_published(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Read the published copy, or the warehouse itself while nothing is published.

    Raises what `reading` raises, and WarehouseUnusable where a query meets damage.
    """
    path = settings.published if settings.published.exists() else settings.warehouse
    with reading(path) as con:
        try:
            yield con
        except duckdb.Error as error:
            raise WarehouseUnusable(f"{path} cannot be read: {first_line(error)}") from error
