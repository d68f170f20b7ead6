"""Whether the archive is as it was written, and has all that the warehouse loaded from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.database.sql import literal_files
from warehouse.portal.archive.scan import Entry, Gap, scan
from warehouse.portal.archive.warc import archive_files
from warehouse.portal.archive.warc_records import digest, record_id


def loaded_bytes(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many bytes of each file of the archive a warehouse has loaded."""
    return dict(con.execute("select warc_file, bytes_loaded from portal_archive").fetchall())


class Problem(NamedTuple):
    """What is wrong at an offset of a file, as a sentence."""

    file: str
    offset: int
    sentence: str


def losses(folder: Path, loaded: Mapping[str, int]) -> list[Problem]:
    """The files that are missing, or shorter than what was loaded of them (bytes by name)."""
    problems = []
    for file, count in sorted(loaded.items()):
        path = folder / file
        size = path.stat().st_size if path.is_file() else 0
        if count > size:
            what, then = ("ends here", ": the rest was cut off since") if path.is_file() else ("is missing", "")
            problems.append(Problem(file, size, f"The file {what}, and {count:,} bytes of it were loaded{then}."))
    return problems


@dataclass(frozen=True, slots=True)
class Verification:
    """What a reading of the whole archive brought: files, whole attempts, bytes as they are on disk, and problems.

    `asides` are answers that came on the way to attempts.
    """

    files: int
    attempts: int
    bytes: int
    problems: tuple[Problem, ...]
    asides: int = 0


def verify(folder: Path, loaded: Mapping[str, int] | None = None) -> Verification:
    """Read the whole archive: gzip checksums, digests, whole attempts in their places, and nothing else between them.

    `loaded` is how many bytes of each file the warehouse has: what is missing of them is a problem, too.
    Raises PressError where a file cannot be read.
    """
    files, attempts, asides, size = archive_files(folder), 0, 0, 0
    problems = losses(folder, loaded or {})
    for path in files:
        size += path.stat().st_size
        for part in scan(path):
            if isinstance(part, Gap):
                problems.append(Problem(path.name, part.offset, part.sentence))
            else:
                attempts += not part.attempt.is_aside
                asides += part.attempt.is_aside
                problems += (Problem(path.name, part.offset, sentence) for sentence in _faults(path.name, part))
    return Verification(len(files), attempts, size, tuple(problems), asides)


def _faults(file: str, entry: Entry) -> Iterator[str]:
    for record in entry.records:
        headers, name = record.headers, f"{record.kind} record"
        if headers.get("WARC-Record-ID") != record_id(file, entry.offset, record.kind):
            yield f"The {name} was not written to this place: was the file renamed or put together from others?"
        if headers.get("WARC-Block-Digest") != digest(record.block):
            yield f"The {name} is not what its digest says."
        if headers.get("WARC-Payload-Digest") != digest(record.payload):
            yield f"The payload of the {name} is not what its digest says."


def save_attempts(con: duckdb.DuckDBPyConnection) -> None:
    """Save in the temporary table `attempt_before` which attempts the warehouse has, and in which files they are."""
    con.execute(
        """
        create or replace temp table attempt_before as
        select distinct warc_file, run_id, route, url, requested_at from fact_fetch
        """
    )


def find_lost_attempts(con: duckdb.DuckDBPyConnection, staged: list[Path]) -> list[str]:
    """The files of the archive of which the staged fetches lack an attempt of `attempt_before`, wherever it stands."""
    fetches = f"anti join read_parquet({literal_files(staged)}) as staged" if staged else ""
    anti_join = f"{fetches} using (run_id, route, url, requested_at)" if staged else ""
    rows = con.execute(f"select distinct warc_file from attempt_before {anti_join} order by all").fetchall()
    return [file for (file,) in rows]
