"""Evidence: what rows say they come from is opened, for a sample or all of them, from the folder of the warehouse."""

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

ALL = 1 << 62
"""As a number of rows: every one."""


def broken_evidence(con: duckdb.DuckDBPyConnection, home: Path, most: int = SAMPLE) -> Iterator[str]:
    """Sentences about rows whose evidence does not open, or is of something else; others are looked up after each load.

    `home` is the folder of the warehouse, from which rows name their files. Looks up `most` attempts and listings.
    """
    sample = {"sample": most}
    for attempt in rows(run_sql(con, SQL / "report" / "evidence_attempts.sql", sample)):
        if not _is_attempt(home / attempt["warc_file"], attempt):
            yield f"the attempt of {attempt['url']} is not in {attempt['warc_file']} at byte {attempt['warc_offset']}"
    for listing in rows(run_sql(con, SQL / "report" / "evidence_listings.sql", sample)):
        if not _is_listing(home / listing["archive_path"], listing):
            span = f"bytes {listing['byte_start']} to {listing['byte_end']}"
            yield f"the listing of {listing['url']} is not in {listing['archive_path']} at {span}"


def _is_listing(path: Path, listing: dict[str, Any]) -> bool:
    """Whether the title and the URL of a listing stand in its bytes."""
    try:
        with path.open("rb") as file:
            file.seek(listing["byte_start"])
            text = file.read(listing["byte_end"] - listing["byte_start"]).decode()
    except (OSError, UnicodeDecodeError):
        return False
    return listing["title"] in text and listing["url"] in text


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
