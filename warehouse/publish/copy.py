"""Publish: replace the read-only copy that analysts open, all at once.

Readers keep the copy they have open, and the next to open it gets the new one; the writer is never blocked.
"""

import shutil
from pathlib import Path

import duckdb

from warehouse.database.sql import literal
from warehouse.errors import PressError
from warehouse.files import AtomicFile
from warehouse.settings import Settings

HISTORY = (
    "select run_id from load_run where status = 'loaded'",
    "select check_name, changed_at from check_outcome",
    "select check_name, day_of(looked_at) from mart_check_state where outcome = 'failing'",
)
"""Queries whose rows a published copy must have: the loads, the outcomes of checks, and each day what fails."""


def is_published(con: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Whether the published copy opens and has every load and every outcome of a check that `con` has."""
    if not settings.published.exists():
        return False
    try:
        with duckdb.connect(settings.published, read_only=True) as published:
            rows = [set(published.execute(query).fetchall()) for query in HISTORY]
    except duckdb.Error:
        return False
    return all(there >= set(con.execute(query).fetchall()) for there, query in zip(rows, HISTORY, strict=True))


def publish(settings: Settings, con: duckdb.DuckDBPyConnection | None = None) -> Path:
    """Copy the checkpointed warehouse, which must be closed, onto the published one; returns its path.

    `con` is a connection that may open the copy to see whether it opens: to make one costs as much as a small load.
    Raises PressError when the copy cannot be written or does not open; the published copy is then as before.
    """
    target = settings.published
    try:
        for leftover in target.parent.glob(f".{target.name}.*"):
            leftover.unlink()
        with AtomicFile(target) as file:
            shutil.copyfile(settings.warehouse, file.partial)
            _open(file.partial, con or duckdb.connect())
            file.partial.chmod(0o444)
    except (OSError, duckdb.Error) as error:
        raise PressError(f"{target} cannot be replaced: {error}") from error
    return target


def _open(path: Path, con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"attach {literal(path)} as published (read_only); detach published")
