"""Cut a digest, received as blocks of any size, into chunks that end with a trailer.

What a chunk holds reads the same wherever the digest is cut, because everything starts again after a trailer that ends
its line. Memory follows the limit of an item, never the digest.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from warehouse.digest.headers import headers_above
from warehouse.digest.lines import line_feeds_only, text_lines
from warehouse.digest.source_line import (
    LONGEST_TRAILER,
    DateMark,
    last_trailer_end,
    line_end_trailers,
    marks,
    reads_like_title,
)
from warehouse.reference.header_names import HeaderNames

PIECE_BYTES = 256 << 10
"""Larger blocks are taken in pieces of this size: what is at work at a time stays in the processor's cache."""

RESUME_BYTES = 1 << 20
"""How far above the limit of a stretch without a trailer the title is looked for with which to go on."""


class Chunk(NamedTuple):
    """Bytes that end with a trailer; or with the digest, if `at_end`; or a stretch without a trailer, if `too_long`.

    `more_bytes` follow a stretch that is too long and are part of it; there is no line end among them.
    """

    data: bytes
    at_end: bool = False
    too_long: bool = False
    more_bytes: int = 0


def chunks(blocks: Iterable[bytes], names: HeaderNames, max_item_bytes: int) -> Iterator[Chunk]:
    """Cut blocks into chunks.

    Where no trailer ends within `max_item_bytes` of the last one, the stretch is too long. It ends above the last title
    in the last `RESUME_BYTES` of that limit and the headers of that title, or else with the line that goes beyond.
    """
    buffer = b""
    waiting: list[bytes] = []
    waiting_bytes = 0
    overlong: Chunk | None = None
    for piece in _pieces(blocks):
        rest = piece
        if overlong is not None:
            rest = _after_line(piece)
            overlong = overlong._replace(more_bytes=overlong.more_bytes + len(piece) - len(rest))
            if not rest:
                continue
            yield overlong
            overlong = None
        # A trailer this far down in a piece is one whatever stands above, so that the piece need not be copied first.
        cut = last_trailer_end(rest) if not waiting and len(buffer) + len(rest) <= max_item_bytes else 0
        if cut > 2 * LONGEST_TRAILER:
            yield Chunk(b"".join([buffer, memoryview(rest)[:cut]]))
            buffer = rest[cut:]
            continue
        waiting.append(rest)
        waiting_bytes += len(rest)
        # Small blocks are gathered as the buffer grows, or it would be copied for each of them.
        if 4 * waiting_bytes < len(buffer):
            continue
        buffer = b"".join([buffer, *waiting])
        waiting.clear()
        waiting_bytes = 0
        for chunk in _cut(buffer, names, max_item_bytes, at_end=False):
            buffer = buffer[len(chunk.data) + chunk.more_bytes :]
            if chunk.too_long and not buffer:
                overlong = chunk
            else:
                yield chunk
    if overlong is not None:
        yield overlong
    yield from _cut(b"".join([buffer, *waiting]), names, max_item_bytes, at_end=True)


def _cut(buffer: bytes, names: HeaderNames, max_item_bytes: int, *, at_end: bool) -> Iterator[Chunk]:
    """The chunks of a buffer: all where the digest ends with it, else those that are the same whatever follows it."""
    while len(buffer) > max_item_bytes + (0 if at_end else LONGEST_TRAILER):
        chunk = _cut_long(buffer, names, max_item_bytes)
        yield chunk
        buffer = buffer[len(chunk.data) + chunk.more_bytes :]
    if at_end and buffer:
        yield Chunk(buffer, at_end=True)
    elif not at_end and len(buffer) <= max_item_bytes and (cut := last_trailer_end(buffer)):
        yield Chunk(buffer[:cut])


def _pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    for block in blocks:
        for start in range(0, len(block), PIECE_BYTES):
            yield block[start : start + PIECE_BYTES]


def _cut_long(buffer: bytes, names: HeaderNames, max_item_bytes: int) -> Chunk:
    """The first chunk of a buffer that is larger than an item may be."""
    cut = 0
    for end in line_end_trailers(buffer):
        if end - cut > max_item_bytes:
            break
        cut = end
    if cut:
        return Chunk(buffer[:cut])
    if resume := _line_end_above_last_title(buffer[:max_item_bytes], names):
        return Chunk(buffer[:resume], too_long=True)
    rest = _after_line(buffer[max_item_bytes - 1 :])
    line = len(buffer) - len(rest) - max_item_bytes
    return Chunk(buffer[: max_item_bytes + min(line, 0)], too_long=True, more_bytes=max(line, 0))


def _line_end_above_last_title(data: bytes, names: HeaderNames) -> int:
    """Where in the last part of a stretch without a trailer the line above a title ends; 0 if there is no title."""
    text = line_feeds_only(data)
    first = next(text_lines(text, 0, len(text), own=True), None)
    start = max(first.end if first else 0, len(text) - RESUME_BYTES)
    title = 0
    for mark in marks(text, start, len(text), own=False, beside_trailer=False):
        if isinstance(mark, DateMark) and mark.title and reads_like_title(mark, mark.title) and mark.end < len(text):
            title = mark.start
    above = headers_above(text, start, title, names) if title else []
    line_end = text.rfind(b"\n", 0, above[0].start if above else title)
    return max(0, line_end - (data[line_end - 1 : line_end + 1] == b"\r\n"))


def _after_line(text: bytes) -> bytes:
    """The text from its first line end on."""
    ends = [at for end in (b"\n", b"\r") if (at := text.find(end)) >= 0]
    return text[min(ends) :] if ends else b""
