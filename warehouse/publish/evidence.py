"""Evidence: what rows say they come from is opened, for a sample of them, from the folder of the warehouse."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb

from warehouse.database.sql import SQL, rows, run_sql
from warehouse.errors import PressError
from warehouse.portal.archive.scan import Entry, scan

SAMPLE = 50
"""How many attempts, and how many listings, are looked up each time."""


def broken_evidence(con: duckdb.DuckDBPyConnection, home: Path) -> Iterator[str]:
    """Sentences about rows whose evidence does not open, or is of something else; others are looked up after each load.

    `home` is the folder of the warehouse, from which rows name their files.
    """
    sample = {"sample": SAMPLE}
    for attempt in rows(run_sql(con, SQL / "report" / "evidence_attempts.sql", sample)):
        if not _is_attempt(home / attempt["warc_file"], attempt):
            yield f"the attempt of {attempt['url']} is not in {attempt['warc_file']} at byte {attempt['warc_offset']}"
    for listing in rows(run_sql(con, SQL / "report" / "evidence_listings.sql", sample)):
        path = home / listing["archive_path"]
        if not path.is_file() or path.stat().st_size < listing["byte_end"]:
            span = f"bytes {listing['byte_start']} to {listing['byte_end']}"
            yield f"the listing of {listing['url']} is not in {listing['archive_path']} at {span}"


def _is_attempt(path: Path, attempt: dict[str, Any]) -> bool:
    try:
        entry = next(scan(path, attempt["warc_offset"]), None)
    except PressError:
        return False
    if not isinstance(entry, Entry):
        return False
    request, answer = entry.attempt.request, entry.attempt.answer
    body_sha256 = sha256(answer.body).hexdigest() if answer.body else None
    there = (entry.attempt.run_id, request.url, answer.requested_at, body_sha256)
    return there == tuple(attempt[name] for name in ("run_id", "url", "requested_at", "body_sha256"))
