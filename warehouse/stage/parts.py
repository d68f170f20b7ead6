"""Parts of archived digests: a digest is read in stretches, cut at trailers, by whoever is free.

Where a digest is cut depends on its bytes alone, and a part reads as it does within the whole, so that what is read
does not depend on who reads it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from warehouse.digest import read as digest
from warehouse.intake.receive import ArchivedDigest
from warehouse.reference.header_names import HeaderNames

PART_BYTES = 4 << 20
"""About how much of a digest is a part, at least."""

INHERITED = "\x01"
"""The section of listings that stand above the first header of a later part: that of the part before."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an archived digest to read: bytes `start` to `end` of `path`, as part `number` of it.

    `is_last` says that the digest ends with it.
    """

    source_file_key: int
    path: str
    number: int
    start: int
    end: int
    is_last: bool

    @property
    def bytes(self) -> int:
        """Its size in bytes."""
        return self.end - self.start


@dataclass(slots=True)
class PartCounts:
    """What reading a part found, in counts; `last_section` as the reader left it."""

    source_file_key: int
    part: int
    listings: int = 0
    rejects: int = 0
    headers: int = 0
    trailers: int = 0
    bytes: int = 0
    blank_bytes: int = 0
    line_ends: int = 0
    new_contents: int = 0
    last_section: str | None = None

    def add(self, page: digest.Contents) -> None:
        """Add what the next page of the part holds; its listings count when they are staged."""
        self.headers += len(page.headers)
        self.rejects += len(page.rejects)
        self.trailers += page.trailers
        self.bytes += page.bytes
        self.blank_bytes += page.blank_bytes
        self.line_ends += page.line_ends
        self.last_section = page.section


def cut(received: ArchivedDigest) -> list[Part]:
    """Cut a digest into parts of about `PART_BYTES`: behind the first trailer after each even share of it."""
    key, path, size = received.source_file_key, str(received.archived), received.bytes
    shares = max(1, size // PART_BYTES)
    starts = [0]
    if shares > 1:
        with received.archived.open("rb") as file:
            for share in range(1, shares):
                at = size * share // shares
                file.seek(at)
                end = _first_trailer_end(file.read, size - at)
                if end is not None and starts[-1] < at + end < size:
                    starts.append(at + end)
    ends = [*starts[1:], size]
    return [
        Part(key, path, number, start, end, is_last=end == size)
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def pages(part: Part, names: HeaderNames) -> Iterator[digest.Contents]:
    """Read a part page by page."""
    extent = digest.Extent(part.start, INHERITED if part.number else None, _url_above(part), part.is_last)
    return digest.parse(_blocks(part), names, extent)


def _first_trailer_end(read: Callable[[int], bytes], left: int) -> int | None:
    """Where the first trailer ends in what can be read: the window grows until it holds one, up to an item's limit."""
    window = b""
    while len(window) < min(left, digest.MAX_ITEM_BYTES):
        window += read(min(max(digest.BLOCK_BYTES, len(window)), digest.MAX_ITEM_BYTES - len(window)))
        end = digest.trailer_end(window)
        if end is not None:
            return end
    return None


def _url_above(part: Part) -> bytes:
    """The URL that the part before ends with; nothing above the first part."""
    if not part.start:
        return b""
    with Path(part.path).open("rb") as file:
        file.seek(max(0, part.start - digest.LONGEST_TRAILER))
        return digest.last_url(file.read(min(part.start, digest.LONGEST_TRAILER)))


def _blocks(part: Part) -> Iterator[bytes]:
    with Path(part.path).open("rb", buffering=0) as file:
        file.seek(part.start)
        left = part.bytes
        while left and (block := file.read(min(digest.BLOCK_BYTES, left))):
            left -= len(block)
            yield block
