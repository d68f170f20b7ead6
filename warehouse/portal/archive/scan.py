"""The attempts in a file of the archive, read one after the other past damage; the last one is looked for from its end.

A member's bytes can contain anything, another archive too. So where reading has to take up again, an attempt counts
only if its id is that of this very place in this file.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import SEEK_CUR, SEEK_END
from pathlib import Path
from typing import BinaryIO, NamedTuple

from warehouse.errors import PressError
from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.archive.warc_records import GZIP_HEADER, Damage, Record, record_id, to_attempt, to_record

CHUNK = 1 << 18
SLICE = 1 << 12
HEAD = 1 << 10
GZIP = 16 + zlib.MAX_WBITS


class Entry(NamedTuple):
    """A whole attempt in the file: where it begins, where the next begins, its records and what they say."""

    offset: int
    end: int
    records: list[Record]
    attempt: Attempt


class Gap(NamedTuple):
    """Bytes that are no whole attempt: from where, up to the next attempt (None: to the end of the file), and why.

    `is_torn` where the file just ends too early: a write was cut off, or has not ended yet.
    """

    offset: int
    end: int | None
    reason: str
    is_torn: bool

    @property
    def sentence(self) -> str:
        """What is wrong, and what it costs."""
        if self.is_torn:
            return f"The last attempt is torn: {self.reason}. It is being written, or the next writer moves it aside."
        lost = "nothing behind it can be read" if self.end is None else f"{self.end - self.offset} bytes are lost"
        return f"No attempt can be read here, {lost}: {self.reason}."


class _CutOff(Damage):
    """The file ends within an attempt."""


def scan(path: Path, offset: int = 0) -> Iterator[Entry | Gap]:
    """Every attempt of a file from an offset on, and the gaps between; holds one attempt at a time.

    Raises PressError where the file cannot be read.
    """
    with _open(path) as file:
        behind: int | None = offset
        while behind is not None:
            file.seek(begin := behind)
            try:
                records = _records(file)
                if not records:
                    return
                attempt = to_attempt(records)
            except Damage as failure:
                behind = _next_begin(file, path.name, begin + 1)
                yield Gap(begin, behind, str(failure), isinstance(failure, _CutOff) and behind is None)
            else:
                behind = file.tell()
                yield Entry(begin, behind, records, attempt)


def next_begin(path: Path, offset: int) -> int | None:
    """Where the next attempt begins in a file, at an offset or behind it. Raises PressError where it cannot be read."""
    with _open(path) as file:
        return _next_begin(file, path.name, offset)


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb", buffering=CHUNK) as file:
            yield file
    except OSError as error:
        raise PressError(f"The archive {path} cannot be read: {error.strerror}.") from error


def _records(file: BinaryIO) -> list[Record]:
    """The records of one attempt, none at the end of the file. Raises Damage."""
    records: list[Record] = []
    while not records or records[-1].kind != "metadata":
        member = _member(file)
        if member is None:
            if records:
                raise _CutOff("the file ends between its records")
            break
        record = to_record(member)
        if record.kind not in (("request",), ("response", "metadata"), ("metadata",))[len(records)]:
            raise Damage(f"a {record.kind} record stands where none belongs")
        records.append(record)
    return records


def _member(file: BinaryIO) -> bytes | None:
    """Unpack the member at the file's position, which is then behind it; None at the end. Raises Damage."""
    begin = file.read(len(GZIP_HEADER))
    if not begin:
        return None
    if begin != GZIP_HEADER[: len(begin)]:
        raise Damage("no record begins here")
    unpacking = zlib.decompressobj(GZIP)
    parts = [unpacking.decompress(begin)]
    while not unpacking.eof:
        if not (piece := file.read(SLICE)):
            raise _CutOff("the file ends within a record")
        try:
            parts.append(unpacking.decompress(piece))
        except zlib.error as error:
            raise Damage(f"it cannot be unpacked: {error}") from error
    file.seek(-len(unpacking.unused_data), SEEK_CUR)
    return b"".join(parts)


def _next_begin(file: BinaryIO, name: str, offset: int) -> int | None:
    """Where the next attempt begins, at an offset or behind it."""
    for lower in range(offset, file.seek(0, SEEK_END), CHUNK):
        for place in _members(file, lower):
            if _begins(file, name, place):
                return place
    return None


def _members(file: BinaryIO, lower: int) -> list[int]:
    """Where members may begin in a chunk from an offset on."""
    file.seek(lower)
    chunk = file.read(CHUNK + len(GZIP_HEADER) - 1)
    return [lower + header.start() for header in re.finditer(re.escape(GZIP_HEADER), chunk)]


def _begins(file: BinaryIO, name: str, offset: int) -> bool:
    """Whether an attempt begins here, and was written to this place."""
    file.seek(offset)
    try:
        head = zlib.decompressobj(GZIP).decompress(file.read(HEAD), HEAD)
    except zlib.error:
        return False
    return record_id(name, offset, "request").encode() in head


def last_entry(path: Path) -> Entry | None:
    """The last whole attempt of a file, None if there is none. Raises PressError where it cannot be read.

    Looks from the end, so that it takes no longer in a file of 256 MB; from the beginning where that finds none.
    """
    with _open(path) as file:
        for lower in reversed(range(0, file.seek(0, SEEK_END), CHUNK)):
            for place in reversed(_members(file, lower)):
                if _begins(file, path.name, place) and isinstance(entry := next(scan(path, place)), Entry):
                    return entry
    last = None
    for part in scan(path):
        last = part if isinstance(part, Entry) else last
    return last
