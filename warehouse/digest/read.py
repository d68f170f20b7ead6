"""Read a digest: bytes in, listings and rejects out.

A digest is a newspaper's list of government press releases. An item is a title line that ends in a date, a body
or none, and a trailer: the word Source (Источник, Дереккөз), a colon and the release's URL on gov.kz. The only thing
that reliably ends an item is its trailer; the only thing that reliably starts one is a line that ends in a date.

Pure: no files, clock or network. Every byte belongs to exactly one header, item, reject or blank; `Contents` has the
spans of the first three, and blanks are what lies between them.

How ambiguity is settled is written in `warehouse.digest.items`, which reads everything but the plainest items; what
ends an item in `warehouse.digest.source_line`.
"""

import hashlib
from collections.abc import Iterable, Iterator

from warehouse.digest.chunks import chunks
from warehouse.digest.headers import is_known
from warehouse.digest.items import SegmentReader
from warehouse.digest.lines import BOM, UNSEEN, holds_dated_line, line_feeds_only, listed_day, readable, received_lines
from warehouse.digest.records import LISTING, WHOLE, Contents, Extent, Listing
from warehouse.digest.source_line import (
    BEFORE_URL,
    DATE_BELOW,
    LINE_BELOW,
    LONGEST_TRAILER,
    SOURCE_OR_NUL,
    URLS,
    Source,
    last_url,
    trailer_end,
)
from warehouse.reference.header_names import HeaderNames

__all__ = [
    "BLOCK_BYTES",
    "LISTING",
    "LONGEST_TRAILER",
    "MAX_ITEM_BYTES",
    "Contents",
    "Extent",
    "Listing",
    "last_url",
    "parse",
    "trailer_end",
]

BLOCK_BYTES = 256 << 10
"""A good size of block to feed to `parse`: large enough for speed, small enough for memory."""

MAX_ITEM_BYTES = 8 << 20
"""Text without a trailer beyond this size is rejected as `item_too_long`; memory is bounded by it."""

LINE_FEED = ord("\n")
_UNSEEN = frozenset(UNSEEN)


def parse(
    blocks: Iterable[bytes], names: HeaderNames, part: Extent = WHOLE, *, max_item_bytes: int = MAX_ITEM_BYTES
) -> Iterator[Contents]:
    """Read a digest, given as blocks of any size, into pages of listings, headers and rejects.

    `names` are the header lines known beforehand. A `part` of a digest reads as it does within the whole; lines are
    counted from the first block. Text without a trailer beyond `max_item_bytes` is rejected. Raises nothing: what
    cannot be read becomes a `Reject`.
    """
    reader = SegmentReader(names, part)
    for chunk in chunks(blocks, names, max_item_bytes):
        if chunk.too_long:
            yield reader.skip(chunk.data, chunk.more_bytes, max_item_bytes)
        else:
            yield _read_chunk(chunk.data, reader, at_end=chunk.at_end and part.at_end)


def _read_chunk(data: bytes, reader: SegmentReader, *, at_end: bool) -> Contents:
    """Read a chunk that ends with a trailer, or with the digest.

    Plain items are taken here, and nearly all are plain. Everything else is left to the `SegmentReader`, which is ten
    times slower. Plain is only what the `SegmentReader` would read the same, for then it has nothing to decide:

    - The title is the line right below the trailer above, or below one blank line, so nothing above it is a header.
    - It ends in a blank and a date; or the next line is but a date, and the title ends in none and is no known header.
    - No line of the body ends in a date, so nothing else is a title.
    - No URL stands behind a colon, so nothing but the trailer is a source line.
    - The title begins and ends with a character that is seen, and the body ends with one: all is stripped already.
    - Title and body decode, and hold no NUL byte.
    - The digest does not end with the trailer's URL, so it is not cut off.
    """
    contents = Contents()
    text = line_feeds_only(data)
    base = reader.writer.byte_offset
    position = len(BOM) if base == 0 and text.startswith(BOM) else 0
    reader.begin_chunk(text, data, contents, at_end=at_end)
    dates, section, sha256, add = reader.dates, reader.section, hashlib.sha256, contents.listings.append
    very_end = len(text) if at_end else -1
    odd = odd_chunk = b"\0" in text
    below = LINE_BELOW.match(text, position)
    line, start = (below[1], below.start(1)) if below else (None, 0)
    for match in URLS.finditer(text):
        spelling, url, line_below = match.groups()
        if spelling is None:
            odd = True
            continue
        at, end = match.span()
        body_end = at - BEFORE_URL[spelling]
        texts = None
        if line and end != very_end:
            title, _, day = line.rpartition(b" ")
            listed, body_start = dates.get(day), start + len(line) + 1
            if listed is None:
                title, day, body_start = _title_lines(text, start, line, reader.names)
                listed = listed_day(day)
            if listed and body_start <= body_end and not (odd and SOURCE_OR_NUL.search(text, start, body_end)):
                body = text[body_start:body_end].strip()
                if text is not data and LINE_FEED in body:
                    body = received_lines(data[body_start:body_end]).strip()
                texts = _plain_texts(title, body)
        if texts and listed:
            content = sha256(title + b"\n" + body if body else title).digest()
            add((base + start, base + end, texts[0], listed, texts[1], "https://" + url.decode(), section, 0, content))
            dates[day] = listed
            contents.trailers += 1
        else:
            reader.read(position, Source(body_end, end, b"https://" + url, "release", ends_line=True))
            section = reader.section
        position, line, start, odd = end, line_below, match.start(3), odd_chunk
    if position < len(text):
        reader.read(position)
    reader.end_chunk()
    return contents


def _title_lines(text: bytes, start: int, line: bytes, names: HeaderNames) -> tuple[bytes, bytes, int]:
    """The title that begins with a line, its day, and where the body begins, if that line ends in no day known yet."""
    date_below = DATE_BELOW.match(text, start + len(line))
    if date_below is None:
        title, _, day = line.rpartition(b" ")
        return title, day, start + len(line) + 1
    if is_known(readable(line), names) or holds_dated_line(line):
        return b"", b"", 0
    return line, date_below[1], date_below.end() + 1


def _plain_texts(title: bytes, body: bytes) -> tuple[str, str | None] | None:
    """Title and body, without white space around them, as texts; None if they are not plain."""
    try:
        title_text, body_text = title.decode(), body.decode()
    except UnicodeDecodeError:
        return None
    if not title or title_text[0] in _UNSEEN or title_text[-1] in _UNSEEN:
        return None
    if not body:
        return title_text, None
    if body_text[-1] in _UNSEEN or ((body[-5:-4] == b"." or LINE_FEED in body) and holds_dated_line(body)):
        return None
    return title_text, body_text
