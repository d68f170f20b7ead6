"""Which state of the warehouse an export shows: the load it ends with, and the hash of the file it was read from."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import BufferedReader
from pathlib import Path

import duckdb

from warehouse.database.confine import confine
from warehouse.database.connection import reading
from warehouse.settings import Settings

LICENCE = {
    "name": "MIT",
    "title": "MIT License, for the tables, keys, reference rows and words of press-warehouse",
    "path": "https://opensource.org/license/mit",
}
"""Of what the project adds."""

RIGHTS = "Titles and bodies are the words of the bodies that published them on gov.kz; the licence is for all else."

SOURCE = {"title": "gov.kz, the portal of the government of Kazakhstan", "path": "https://www.gov.kz"}


@dataclass(frozen=True)
class Snapshot:
    """A published copy: the load that went into it last, with its moment (UTC), or None where there is none."""

    file: BufferedReader
    name: str
    run_id: str | None
    as_of: datetime | None

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the file, in hex; of the one that is read, whatever is published meanwhile."""
        self.file.seek(0)
        return hashlib.file_digest(self.file, "sha256").hexdigest()

    @property
    def moment(self) -> str | None:
        """The load's moment as ISO 8601 has it."""
        return f"{self.as_of.isoformat()}Z" if self.as_of else None


@contextmanager
def open_snapshot(settings: Settings, folder: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Snapshot]]:
    """A confined connection to the published copy, or to the warehouse while nothing is published, and what it is.

    DuckDB may write to `folder`. Raises what `reading` raises.
    """
    path = settings.published if settings.published.exists() else settings.warehouse
    while True:
        before = path.stat() if path.exists() else None
        with reading(path) as con, path.open("rb") as file:
            # Another copy may have been published between the two.
            if before and os.path.samestat(before, os.fstat(file.fileno())):
                con.execute(f"set memory_limit = '{settings.memory_limit_mb}MB'")
                # Inserts by several threads escape the limit, and cost more.
                con.execute("set threads = 1")
                confine(con, folder)
                last = con.execute(
                    "select run_id, as_of from load_run where status = 'loaded' order by rowid desc limit 1"
                ).fetchone()
                yield con, Snapshot(file, path.name, *(last or (None, None)))
                return
