"""Read a digest: bytes in, listings and rejects out.

A digest is a newspaper's list of government press releases. An item is a title line that ends in a date, a body
or none, and a trailer: the word Source (Источник, Дереккөз), a colon and the release's URL on gov.kz. The only thing
that reliably ends an item is its trailer; the only thing that reliably starts one is a line that ends in a date.

Pure: no files, clock or network. Every byte belongs to exactly one header, item, reject or blank; `Page` carries the
spans of the first three, and blanks are what lies between them.

How ambiguity is settled is written in `warehouse/segment.py`, which reads everything but the plainest items.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from warehouse.segment import BOM, Header, HeaderNames, Reject, SegmentReader

BLOCK_BYTES = 2 << 20
"""A good size of block to feed to `parse`: large enough for speed, small enough for memory."""

MAX_ITEM_BYTES = 8 << 20
"""Text without a trailer beyond this size is rejected as `item_too_long`; memory is bounded by it."""

SPACE = ord(" ")
NO_BREAK_SPACE = "\u00a0".encode()
TRAILER_WORDS = ("Source", "Источник", "Дереккөз")

# Each pattern starts with its literal word, which is what makes the search fast. Group 1 is the URL; group 2 is
# missing when the URL is on gov.kz but names no press release.
TRAILERS = {
    word.encode(): re.compile(
        word.encode()
        + rb"[ \t]*:[ \t]*((?i:https?://(?:www\.)?gov\.kz)(?::\d+)?(?![\w.@:-])"
        + rb"(?:/memleket/entities/[^/?#\s]+/press/news/details/([\w%-]+))?[^\s]*)"
    )
    for word in TRAILER_WORDS
}
# In a body of several lines these decide whether it needs the slow and careful reader.
DOUBTFUL_LINE = re.compile(rb"\d\d\.\d\d\.\d{4}(?:[ \t]|\xc2\xa0)*\n|:[ \t]*https?://[^\s]+[ \t]*\n")


LISTING = (
    "byte_start",
    "byte_end",
    "title",
    "listed_date",
    "body",
    "url",
    "section",
    "dated_lines_in_body",
    "content_sha256",
)
"""The fields of a listing, in order.

`byte_start`, `byte_end` (int, its span in the file, trailer included), `title` (str), `listed_date` (datetime.date),
`body` (str or None), `url` (str, names a release of gov.kz), `section` (str or None where no header says),
`dated_lines_in_body` (int: lines of the body that end in a date, as an item's title does) and `content_sha256`
(bytes: of the title's UTF-8, then a line feed and the body's where there is a body).
"""

Listing = tuple[int, int, str, date, str | None, str, str | None, int, bytes]


@dataclass(slots=True)
class Page:
    """What one chunk of a digest holds, in the order of the file.

    `blank_bytes` belong to no span: white space, a byte-order mark. `section` is the one in force at the end.
    """

    listings: list[Listing] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    trailers: int = 0
    bytes: int = 0
    blank_bytes: int = 0
    line_ends: int = 0
    section: str | None = None

    def add(self, page: "Page") -> None:
        """Take over what the next page holds."""
        self.listings += page.listings
        self.headers += page.headers
        self.rejects += page.rejects
        self.trailers += page.trailers
        self.bytes += page.bytes
        self.blank_bytes += page.blank_bytes
        self.line_ends += page.line_ends
        self.section = page.section


def trailer_end(window: bytes) -> int | None:
    """Where the first whole trailer in `window` ends (a place to cut a digest in two), or None."""
    ends = [
        match.end()
        for pattern in TRAILERS.values()
        for match in pattern.finditer(window)
        if match.end() < len(window)
    ]
    return min(ends, default=None)


def parse(
    blocks: Iterable[bytes],
    names: HeaderNames,
    *,
    byte_offset: int = 0,
    section: str | None = None,
) -> Iterator[Page]:
    """Read a digest, given as blocks of any size, into pages of listings, headers and rejects.

    `names` are the header lines known beforehand. A later part of a file is read by giving its
    `byte_offset` and the `section` in force there; lines are counted from the first block. Raises nothing: what cannot
    be read becomes a `Reject`.
    """
    reader = SegmentReader(names, byte_offset=byte_offset, section=section)
    buffer = b""
    too_long: _TooLong | None = None
    for block in blocks:
        buffer += block
        if too_long is not None:
            buffer = too_long.swallow(buffer, reader)
            if too_long.open:
                continue
            yield too_long.page(reader)
            too_long = None
        cut = _last_trailer_end(buffer)
        if cut:
            yield _read_chunk(buffer[:cut], reader, at_end=False)
            buffer = buffer[cut:]
        if len(buffer) > MAX_ITEM_BYTES:
            too_long = _TooLong(reader.byte_offset, reader.line_offset)
            buffer = too_long.swallow(buffer, reader)
            if not too_long.open:
                yield too_long.page(reader)
                too_long = None
    if too_long is not None:
        yield too_long.page(reader)
    if buffer:
        yield _read_chunk(buffer, reader, at_end=True)


class _TooLong:
    """A stretch without a trailer that outgrew `MAX_ITEM_BYTES`: swallowed to the end of its last line."""

    def __init__(self, byte_start: int, line_no: int) -> None:
        self.byte_start = byte_start
        self.line_no = line_no + 1
        self.raw = b""
        self.bytes = self.line_ends = 0
        self.open = True

    def swallow(self, buffer: bytes, reader: SegmentReader) -> bytes:
        """Take the stretch from `buffer` and return what follows it; stays open while its line has not ended."""
        first = self.bytes == 0
        end = (buffer.rfind(b"\n") if first else buffer.find(b"\n")) + 1
        self.open = end == 0
        taken = buffer if self.open else buffer[:end]
        if len(self.raw) < reader.raw_bytes:
            self.raw += taken[: reader.raw_bytes - len(self.raw)]
        self.bytes += len(taken)
        self.line_ends += reader.advance(taken)
        return b"" if self.open else buffer[end:]

    def page(self, reader: SegmentReader) -> Page:
        detail = f"{self.bytes:,} bytes without a source line; an item may have {MAX_ITEM_BYTES:,} at most"
        reject = reader.reject(
            "item_too_long", detail, self.byte_start, self.byte_start + self.bytes, self.line_no, self.raw
        )
        return Page(rejects=[reject], bytes=self.bytes, line_ends=self.line_ends, section=reader.section)


def _last_trailer_end(buffer: bytes) -> int:
    """The end of the last trailer that the buffer holds whole, 0 if there is none."""
    last = 0
    for word, pattern in TRAILERS.items():
        at = buffer.rfind(word)
        while at >= last:
            match = pattern.match(buffer, at)
            # A URL that touches the end of the buffer may go on in the next block.
            if match and match.end() < len(buffer):
                last = match.end()
                break
            at = buffer.rfind(word, 0, at)
    return last


def _line_feeds_only(data: bytes) -> bytes:
    """The same bytes with every line end as one line feed, at the same length, so that offsets hold."""
    return data.replace(b"\r\n", b" \n").replace(b"\r", b"\n") if b"\r" in data else data


def _trailers(text: bytes) -> list[re.Match[bytes]]:
    """Every trailer whose URL is on gov.kz, in the order of the text."""
    found = [list(pattern.finditer(text)) for word, pattern in TRAILERS.items() if word in text]
    return found[0] if len(found) == 1 else sorted((m for ms in found for m in ms), key=re.Match.start)


def _read_chunk(data: bytes, reader: SegmentReader, *, at_end: bool) -> Page:
    """Read a chunk that ends with a trailer, or with the digest."""
    page = Page(bytes=len(data))
    text = _line_feeds_only(data)
    base = reader.byte_offset
    position = len(BOM) if base == 0 and text.startswith(BOM) else 0
    reader.begin_chunk(text, data, at_end=at_end)
    plain = text is data and b"\0" not in text
    dates, sha256, doubtful, add = reader.dates, hashlib.sha256, DOUBTFUL_LINE.search, page.listings.append
    spanned = 0
    for match in _trailers(text):
        page.trailers += 1
        body_end, end = match.span()
        start = position + 2
        if text[position:start] != b"\n\n":
            start = position + (text[position : position + 1] == b"\n")
        # The plain case, nearly every item: a line that ends in a known date, a body of one line or none, a trailer.
        line_end = text.find(b"\n", start, body_end)
        listed = dates.get(text[line_end - 10 : line_end])
        title = text[start : line_end - 11].strip()
        body = text[line_end + 1 : body_end].strip()
        dated_lines = 0
        if (
            not (plain and listed and match[2] and title and text[line_end - 11] == SPACE)
            or line_end < start + 12
            or body[-5:-4] == b"."
            or title.endswith(NO_BREAK_SPACE)
            or (b"\n" in body and doubtful(body + b"\n"))
        ):
            item = reader.read(position, match, page.headers, page.rejects)
            position = end
            if item is None:
                continue
            start, _, title, listed, body, dated_lines = item
        position = end
        content = sha256(title + b"\n" + body if body else title).digest()
        try:
            text_body = body.decode() if body else None
            row = (base + start, base + end, title.decode(), listed, text_body, match[1].decode(),
                   reader.section, dated_lines, content)  # fmt: skip
        except UnicodeDecodeError as error:
            page.rejects.append(reader.not_utf8(start, end, error))
            continue
        add(row)
        spanned += end - start
    if at_end:
        reader.read_rest(position, page.headers, page.rejects)
    spanned += sum(header.byte_end - header.byte_start for header in page.headers)
    spanned += sum(reject.byte_end - reject.byte_start for reject in page.rejects)
    page.blank_bytes = len(data) - spanned
    page.section = reader.section
    page.line_ends = reader.advance(data)
    return page
