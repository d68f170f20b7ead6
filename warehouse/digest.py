"""Read a digest: bytes in, listings and rejects out.

A digest is a newspaper's list of government press releases. An item is a title line that ends in a date, a body
or none, and a trailer: the word Source (Источник, Дереккөз), a colon and the release's URL on gov.kz. The only thing
that reliably ends an item is its trailer; the only thing that reliably starts one is a line that ends in a date.

Pure: no files, clock or network. Every byte belongs to exactly one header, item, reject or blank; `Page` carries the
spans of the first three, and blanks are what lies between them.

How ambiguity is settled is written in `warehouse/segment.py`, which reads everything but the plainest items; what ends
an item in `warehouse/trailer.py`.
"""

import hashlib
from collections.abc import Iterable, Iterator

from warehouse.chunks import chunks
from warehouse.headers import is_known
from warehouse.lines import BOM, DOUBTFUL_LINE, FIRST_SEEN, LAST_PLAIN, has_seen_ends, line_feeds_only, shown
from warehouse.records import LISTING, HeaderNames, Listing, Page
from warehouse.segment import SegmentReader
from warehouse.trailer import BEFORE_URL, SOURCE_COLON, TITLE_BELOW, URLS, Source, trailer_end

__all__ = ["BLOCK_BYTES", "LISTING", "MAX_ITEM_BYTES", "Listing", "Page", "parse", "trailer_end"]

BLOCK_BYTES = 256 << 10
"""A good size of block to feed to `parse`: large enough for speed, small enough for memory."""

MAX_ITEM_BYTES = 8 << 20
"""Text without a trailer beyond this size is rejected as `item_too_long`; memory is bounded by it."""


def parse(
    blocks: Iterable[bytes],
    names: HeaderNames,
    *,
    byte_offset: int = 0,
    section: str | None = None,
    max_item_bytes: int = MAX_ITEM_BYTES,
) -> Iterator[Page]:
    """Read a digest, given as blocks of any size, into pages of listings, headers and rejects.

    `names` are the header lines known beforehand. A later part of a file, from where `trailer_end` cuts it, is read by
    giving its `byte_offset` and the `section` in force there; lines are counted from the first block. Text without a
    trailer beyond `max_item_bytes` is rejected. Raises nothing: what cannot be read becomes a `Reject`.
    """
    reader = SegmentReader(names, byte_offset=byte_offset, section=section)
    for chunk in chunks(blocks, names, max_item_bytes):
        if chunk.too_long:
            yield reader.skip(chunk.data, chunk.more_bytes, max_item_bytes)
        else:
            yield _read_chunk(chunk.data, reader, at_end=chunk.at_end)


def _read_chunk(data: bytes, reader: SegmentReader, *, at_end: bool) -> Page:
    page = Page()
    text = line_feeds_only(data)
    base = reader.writer.byte_offset
    position = len(BOM) if base == 0 and text.startswith(BOM) else 0
    reader.begin_chunk(text, data, page, at_end=at_end)
    dates, section, sha256, add = reader.dates, reader.section, hashlib.sha256, page.listings.append
    very_end = len(text) if at_end else -1
    always_careful = b"\0" in text
    first = TITLE_BELOW.match(text, position)
    line, start = (first[1], first.start(1)) if first else (None, 0)
    links = False
    for match in URLS.finditer(text):
        spelling, url, line_below = match.groups()
        if spelling is None:
            links = True
            continue
        at, end = match.span()
        body_end = at - BEFORE_URL[spelling]
        listing = None
        if line and not always_careful:
            title, _, day = line.rpartition(b" ")
            if day not in dates:
                title, day = _date_below_title(line, reader.names)
            listed = dates.get(day)
            body_start = start + len(line)
            if listed and title and body_start < body_end and end != very_end:
                body = text[body_start:body_end].strip()
                if (
                    not links
                    and title[0] in FIRST_SEEN
                    and title[-1] in LAST_PLAIN
                    and (not body or (body[0] in FIRST_SEEN and body[-1] in LAST_PLAIN and b"\n" not in body))
                ) or _reads_plainly(text[start:body_end], title, body):
                    if text is not data and b"\n" in body:
                        body = data[body_start:body_end].replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip()
                    content = sha256(title + b"\n" + body if body else title).digest()
                    try:
                        listing = (base + start, base + end, title.decode(), listed, body.decode() if body else None,
                                   "https://" + url.decode(), section, 0, content)  # fmt: skip
                    except UnicodeDecodeError:
                        listing = None
        if listing:
            page.trailers += 1
            add(listing)
        else:
            reader.read(position, Source(body_end, end, b"https://" + url, "release", ends_line=True))
            section = reader.section
        position, line, start, links = end, line_below, match.start(3), False
    reader.read(position)
    reader.end_chunk()
    return page


def _date_below_title(line: bytes, names: HeaderNames) -> tuple[bytes, bytes]:
    title, _, day = line.rpartition(b"\n")
    title = title.rstrip()
    if is_known(shown(title), names) or DOUBTFUL_LINE.search(title + b"\n"):
        return b"", b""
    return title, day


def _reads_plainly(item: bytes, title: bytes, body: bytes) -> bool:
    return (
        has_seen_ends(title)
        and has_seen_ends(body)
        and not SOURCE_COLON.search(item)
        and not DOUBTFUL_LINE.search(body + b"\n")
    )
