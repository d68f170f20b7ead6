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
from warehouse.lines import BOM, DOUBTFUL_LINE, has_seen_ends, line_feeds_only
from warehouse.records import LISTING, HeaderNames, Listing, Page
from warehouse.segment import SegmentReader
from warehouse.trailer import URLS, Source, trailer_end

__all__ = ["BLOCK_BYTES", "LISTING", "MAX_ITEM_BYTES", "Listing", "Page", "parse", "trailer_end"]

BLOCK_BYTES = 2 << 20
"""A good size of block to feed to `parse`: large enough for speed, small enough for memory."""

MAX_ITEM_BYTES = 8 << 20
"""Text without a trailer beyond this size is rejected as `item_too_long`; memory is bounded by it."""

SPACE = ord(" ")
ASCII = 127


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
    """Read a chunk that ends with a trailer, or with the digest."""
    page = Page()
    text = line_feeds_only(data)
    base = reader.writer.byte_offset
    position = len(BOM) if base == 0 and text.startswith(BOM) else 0
    reader.begin_chunk(text, data, page, at_end=at_end)
    dates, sha256, doubtful, add = reader.dates, hashlib.sha256, DOUBTFUL_LINE.search, page.listings.append
    very_end = len(text) if at_end else -1
    # Another URL than a trailer's may be a source line, which takes the slow and careful reader; so do odd bytes.
    careful = always_careful = text is not data or b"\0" in text
    for match in URLS.finditer(text):
        word = match.lastindex
        if word is None:
            careful = True
            continue
        body_end, end = match.start(word), match.end()
        url = text[match.start() - 5 : end]
        start = position + 2
        if text[position:start] != b"\n\n":
            start = position + (text[position : position + 1] == b"\n")
        # The plain case, nearly every item: a line that ends in a known date, a body of one line or none, the trailer.
        line_end = max(start, text.find(b"\n", start, body_end))
        listed = dates.get(text[line_end - 10 : line_end])
        title = text[start : line_end - 11].strip()
        body = text[line_end + 1 : body_end].strip()
        if (
            careful
            or not (listed and title and text[line_end - 11] == SPACE and start > position)
            or line_end < start + 12
            or end == very_end
            or ((title[0] > ASCII or title[-1] > ASCII) and not has_seen_ends(title))
            or body[-5:-4] == b"."
            or (body and (body[0] > ASCII or body[-1] > ASCII) and not has_seen_ends(body))
            or (b"\n" in body and doubtful(body + b"\n"))
        ):
            reader.read(position, Source(body_end, end, url, "release", ends_line=True))
            position = end
            careful = always_careful
            continue
        page.trailers += 1
        position = end
        content = sha256(title + b"\n" + body if body else title).digest()
        try:
            text_body = body.decode() if body else None
            row = (base + start, base + end, title.decode(), listed, text_body, url.decode(),
                   reader.section, 0, content)  # fmt: skip
        except UnicodeDecodeError as error:
            reader.writer.reject_encoding(start, end, error)
            continue
        add(row)
    reader.read(position)
    reader.end_chunk()
    return page
