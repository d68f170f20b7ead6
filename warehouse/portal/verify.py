"""Whether the archive is as it was written: everything read, every checksum computed again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from warehouse.portal.members import digest, record_id
from warehouse.portal.scan import Found, Gap, scan
from warehouse.portal.warc import archive_files


class Problem(NamedTuple):
    """What is wrong at an offset of a file, as a sentence."""

    file: str
    offset: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a reading of the whole archive found: files, whole attempts, bytes as they are on disk, and problems."""

    files: int
    attempts: int
    bytes: int
    problems: tuple[Problem, ...]


def verify(folder: Path) -> Verified:
    """Read the whole archive: gzip checksums, digests, whole attempts in their places, and nothing else between them.

    Raises PressError where a file cannot be read.
    """
    files, attempts, size, problems = archive_files(folder), 0, 0, []
    for path in files:
        size += path.stat().st_size
        for found in scan(path):
            if isinstance(found, Gap):
                problems.append(Problem(path.name, found.offset, found.sentence))
            else:
                attempts += 1
                problems += (Problem(path.name, found.offset, sentence) for sentence in _wrongs(path.name, found))
    return Verified(len(files), attempts, size, tuple(problems))


def _wrongs(file: str, found: Found) -> Iterator[str]:
    for kind, headers, block in found.records:
        if headers.get("WARC-Record-ID") != record_id(file, found.offset, kind):
            yield f"The {kind} record was not written to this place: was the file renamed or put together from others?"
        if headers.get("WARC-Block-Digest") != digest(block):
            yield f"The {kind} record is not what its digest says."
    for record in found.records:
        if record.headers.get("WARC-Payload-Digest") != digest(record.payload):
            yield f"The payload of the {record.kind} record is not what its digest says."
