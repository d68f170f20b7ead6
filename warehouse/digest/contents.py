"""Write the contents of a chunk, each with its place in the file."""

import hashlib
from dataclasses import dataclass
from datetime import date

from warehouse.digest.lines import Line, received_lines, strip
from warehouse.digest.records import RAW_BYTES, Contents, Header, Reject
from warehouse.digest.source_line import Source

EXCERPT_CHARACTERS = 200


@dataclass(slots=True)
class OpenItem:
    """An item that has its title but not yet its trailer: the span of its title line or lines, and what they say."""

    start: int
    end: int
    title: bytes
    date: bytes
    section: str | None
    dated_lines: int = 0


class ContentsWriter:
    """Knows how many bytes and lines of the file stand above the chunk, and writes into the chunk's contents.

    Places given to its methods are bytes of the chunk: of `text`, whose line ends are line feeds, and of `data`, which
    is as received and as long.
    """

    def __init__(self, byte_offset: int) -> None:
        self.byte_offset = byte_offset
        self.line_offset = 0
        self.text = self.data = b""
        self.contents = Contents()
        self._last_line = (0, 1)

    def begin(self, text: bytes, data: bytes, contents: Contents) -> None:
        """Take the next chunk and the contents for it."""
        self.text, self.data, self.contents = text, data, contents
        self._last_line = (0, self.line_offset + 1)

    def end(self, section: str | None, more_bytes: int = 0) -> None:
        """Leave the chunk, and `more_bytes` without a line end after it; complete the counts."""
        contents = self.contents
        line_ends = self.text.count(b"\n")
        spanned = sum([listing[1] - listing[0] for listing in contents.listings])
        spanned += sum(header.byte_end - header.byte_start for header in contents.headers)
        spanned += sum(reject.byte_end - reject.byte_start for reject in contents.rejects)
        contents.bytes = len(self.data) + more_bytes
        contents.blank_bytes = contents.bytes - spanned
        contents.line_ends = line_ends
        contents.section = section
        self.byte_offset += contents.bytes
        self.line_offset += line_ends
        self.text = self.data = b""

    def header(self, line: Line) -> None:
        """Write a header line."""
        base = self.byte_offset
        header = Header(base + line.start, base + line.end, self._line_no(line.start), line.text)
        self.contents.headers.append(header)

    def reject(self, reason: str, detail: str, start: int, end: int, more_bytes: int = 0) -> None:
        """Write a reject; `more_bytes` behind the chunk belong to it too."""
        stop = min(end, start + RAW_BYTES)
        while start < stop < end and self.data[stop] & 0xC0 == 0x80:
            stop -= 1
        raw = self.data[start:stop].decode(errors="backslashreplace").replace("\0", "\\x00")
        base = self.byte_offset
        reject = Reject(base + start, base + end + more_bytes, self._line_no(start), reason, detail, raw)
        self.contents.rejects.append(reject)

    def listing(self, item: OpenItem, listed: date, source: Source) -> None:
        """Write a listing, or a reject if its bytes do not decode."""
        start, end, title = item.start, source.end, item.title
        body = received_lines(self.data[item.end : source.start]).strip()
        body = body if strip(body) else b""
        content = hashlib.sha256(title + b"\n" + body if body else title).digest()
        base = self.byte_offset
        try:
            text = body.decode() or None
            row = (base + start, base + end, title.decode(), listed, text, source.url.decode(),
                   item.section, item.dated_lines, content)  # fmt: skip
        except UnicodeDecodeError as error:
            wrong = error.object[error.start : error.start + 4].hex(" ")
            self.reject("not_utf8", f"The bytes {wrong} are not UTF-8.", start, end)
            return
        self.contents.listings.append(row)

    def _line_no(self, start: int) -> int:
        """The line of a place in the chunk, counted on from the last place asked for."""
        at, line_no = self._last_line if self._last_line[0] <= start else (0, self.line_offset + 1)
        line_no += self.text.count(b"\n", at, start)
        self._last_line = (start, line_no)
        return line_no


def excerpt(text: bytes) -> str:
    """The beginning of a text, for showing in one line."""
    words = text[: 4 * EXCERPT_CHARACTERS].decode(errors="replace").replace("\0", "\\x00").split()
    return " ".join(words)[:EXCERPT_CHARACTERS]
