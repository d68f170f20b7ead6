"""Read the stretch between two trailers of a digest with care: the rules for everything but the plain item.

A *dated line* ends in DD.MM.YYYY, alone on its line (then the line above is the title) or after the title. A *source
line* is a source word, a colon and a URL. The rules, in the order they apply:

1. The first dated line of a segment is a title. With text above it that is no header, it must also read like one: a
   line that begins in lower case or breaks off before the date (“until”, “on”, a comma) is text.
2. A later dated line is a title, and the item above is rejected as `title_without_trailer`, if it reads like one, has a
   line of its own, at most 600 bytes, and stands
   a. below a known header; or
   b. after a blank line, right below the open title, or below a line that ends in a URL, with a date that is the open
      item's, up to 7 days earlier (digests list the newest first, nearly), the next, or none of the calendar; or
   c. below other text, as one sentence of up to 300 bytes with the very date of the open item.
   A single word is no title right below one or by c: it is a dateline. A line that a trailer shares is the body's last.
   Every other dated line is text, and `dated_lines_in_body` counts it.
3. A gov.kz release with nothing behind it on its line ends the item. Any other source line (elsewhere, no release,
   text behind it) ends the item only when a title (behind a blank line any dated line) or the digest's end follows
   within 2 lines and 200 bytes; else it is text. An item that a release so ends loads, and one that a page of the
   government's other sites ends; the others are rejected as `foreign_source` or `not_a_release`.
4. Text above a title is a header when it is a name known beforehand, even behind a URL; or one of the first 3 lines of
   the digest, up to 60 characters and 7 words; or below a trailer or blank line, up to 40 characters and 4 words,
   letters only, and right above the title (a single word: or above a blank line). A header not known beforehand begins
   with a capital, has no sentence mark, and stands above no title that begins in lower case. Names of sites name no
   section. Other text is `stray_text`.
5. A trailer without a title is rejected with its text as `trailer_without_title`; known names above it are headers, and
   so is what may be one by rule 4 when the next line looks like a title that lost its date.
6. What the digest's end cuts off is rejected as `cut_off`: an item without a trailer, a last line without a line end
   that belongs to nothing, a URL without a line end that is shorter than the one before led to expect.
"""

from datetime import date
from itertools import islice

from warehouse.digest.contents import ContentsWriter, OpenItem, excerpt
from warehouse.digest.headers import Stretch, headers_above, is_known, leading_headers, sort_lines
from warehouse.digest.lines import (
    BOM,
    TITLE_MAX_BYTES,
    YEARS,
    Line,
    blank_line_above,
    calendar_day,
    end_of_text,
    is_one_sentence,
    line_above,
    line_feeds_only,
    readable,
    reads_on,
    strip,
    text_lines,
)
from warehouse.digest.records import Contents, Extent
from warehouse.digest.source_kind import known_source, may_be_cut_off, why_no_release
from warehouse.digest.source_line import DateMark, Source, last_url, marks, reads_like_title
from warehouse.reference.header_names import HeaderNames

RECENT_DAYS = range(-1, 8)
CLOSE_LINES, CLOSE_BYTES = 2, 200


class SegmentReader:
    """Reads segments into pages, and knows the place in the file and the section in force.

    A segment is read by itself, whatever stands in others: from those above it has the section, and the URL right above
    to measure one that is cut off by. `dates` only spares reading a date twice.
    """

    def __init__(self, names: HeaderNames, part: Extent) -> None:
        self.names = names
        self.writer = ContentsWriter(part.byte_offset)
        self.section = part.section
        self.dates: dict[bytes, date] = {}
        self._text, self._url_above = b"", part.url_above
        self._digest_ends = False
        self._open: OpenItem | None = None
        self._source: Source | None = None
        self._rest = 0

    def begin_chunk(self, text: bytes, data: bytes, contents: Contents, *, at_end: bool) -> None:
        """Take the chunk that the next calls speak of: `data` as received, `text` with line ends as line feeds."""
        self.writer.begin(text, data, contents)
        self._text, self._digest_ends = text, at_end

    def end_chunk(self) -> None:
        """Leave the chunk behind and complete its contents."""
        self._url_above = last_url(self._text)
        self.writer.end(self.section)
        self._text = b""

    def read(self, start: int, trailer: Source | None = None) -> None:
        """Read the segment from `start` to the trailer's end, or to the chunk's end."""
        end = trailer.start if trailer else len(self._text)
        self._open, self._source, self._rest = None, None, start
        link_end = -1
        for mark in marks(self._text, start, end, own=self._at_top, beside_trailer=trailer is not None):
            if isinstance(mark, DateMark):
                self._read_date(mark, link_end)
            elif not isinstance(mark, Source):
                link_end = mark.end
            elif mark.kind == "release" and mark.ends_line:
                self._close(mark)
            else:
                self._source = known_source(mark, self.names.hosts)
        if trailer:
            self._close(trailer)
        elif self._digest_ends:
            self._read_end()

    def skip(self, data: bytes, more_bytes: int, limit: int) -> Contents:
        """Reject a stretch without a trailer: `data`, and `more_bytes` without a line end after it."""
        contents = Contents()
        self.begin_chunk(line_feeds_only(data), data, contents, at_end=False)
        self._rest = self._top()
        for line in leading_headers(self._stretch(len(data)), self.names):
            self._add_header(line)
        first = self._first_text(len(data))
        if first is not None or more_bytes:
            first = self._rest if first is None else first
            end = len(data) if more_bytes else end_of_text(self._text, first, len(data))
            size = end - first + more_bytes
            detail = f"{size:,} bytes without a source line; an item may have {limit:,} at most."
            self.writer.reject("item_too_long", detail, first, end, more_bytes)
        self.writer.end(self.section, more_bytes)
        self._text = self._url_above = b""
        return contents

    @property
    def _at_top(self) -> bool:
        """Whether what is read next begins the digest: all else stands behind a source line."""
        return self.writer.byte_offset == 0 and self._rest <= self._top()

    def _stretch(self, end: int) -> Stretch:
        """What is left up to `end`."""
        return Stretch(self._text, self._rest, end, at_top=self._at_top)

    def _top(self) -> int:
        return len(BOM) if self.writer.byte_offset == 0 and self._text.startswith(BOM) else 0

    def _read_date(self, mark: DateMark, link_end: int) -> None:
        title, start = mark.title, mark.start
        if not title and mark.own_line:
            above = self._title_above(mark.start)
            if above:
                title, start = strip(self._text[above.start : above.end]), above.start
        if self._source and title and self._begins_item(title, start) and self._follows_closely(start):
            self._close(self._source)
        opened = self._open
        if opened is None:
            self._read_first_title(mark, title, start)
        elif title and self._starts_item(opened, mark, title, start, link_end):
            block = next(iter(headers_above(self._text, opened.end, start, self.names)), None)
            end = end_of_text(self._text, opened.start, block.start if block else start)
            detail = f"“{excerpt(opened.title)}” has no source line before the next title."
            self.writer.reject("title_without_trailer", detail, opened.start, end)
            self._open, self._rest = None, end
            self._read_first_title(mark, title, start)
        else:
            opened.dated_lines += 1

    def _begins_item(self, title: bytes, start: int) -> bool:
        """Whether a dated line below another source line than the item's is a title: one by its looks or its place."""
        assert self._source is not None
        return not reads_on(readable(title)) or blank_line_above(self._text, self._source.end, start)

    def _title_above(self, start: int) -> Line | None:
        """The line that a date on a line of its own belongs to."""
        floor = self._source.end if self._source else self._open.end if self._open else self._rest
        above = line_above(self._text, floor, start, own=self._at_top)
        return None if above is None or is_known(above.text, self.names) else above

    def _read_first_title(self, mark: DateMark, title: bytes, start: int) -> None:
        """Rule 1: a dated line while no item is open."""
        start = start if title else mark.start
        # A title that begins in lower case is the rest of a title broken in two, so the line above is no header.
        whole = not readable(title)[:1].islower()
        lines = list(sort_lines(self._stretch(start), self.names, above_title=whole))
        if title and reads_on(readable(title)) and not all(is_header for _, is_header in lines):
            return
        self._add_lines(lines)
        self._source = None
        if title:
            self._open = OpenItem(start, mark.end, title, mark.date, self.section)
            return
        detail = f"No title stands beside or above the date {mark.date.decode()}."
        self.writer.reject("title_without_text", detail, mark.start, mark.end)
        self._rest = mark.end

    def _starts_item(self, opened: OpenItem, mark: DateMark, title: bytes, start: int, link_end: int) -> bool:
        """Rule 2: whether a dated line starts a new item while one is open."""
        if not reads_like_title(mark, title):
            return False
        text, floor = self._text, opened.end
        headers = headers_above(text, floor, start, self.names)
        if any(is_known(line.text, self.names) for line in headers):
            return True
        block = headers[0].start if headers else start
        above = line_above(text, floor, block, own=False)
        one_word = b" " not in title
        day, open_day = calendar_day(mark.date), calendar_day(opened.date)
        days = (open_day - day).days if day and open_day else None
        if above is None and one_word:
            return False
        if above is None or abs(above.end - link_end) <= 3 or blank_line_above(text, floor, block):
            return days is None or days in RECENT_DAYS
        short = len(title) <= TITLE_MAX_BYTES // 2 and not one_word
        return days == 0 and short and is_one_sentence(readable(title))

    def _follows_closely(self, at: int) -> bool:
        """Whether between the last source line and this place there is next to nothing."""
        assert self._source is not None
        lines = list(islice(text_lines(self._text, self._source.end, at, own=False), CLOSE_LINES + 1))
        return len(lines) <= CLOSE_LINES and sum(line.end - line.start for line in lines) <= CLOSE_BYTES

    def _close(self, source: Source) -> None:
        """End the open item, or the text above, with a source line."""
        opened, self._open, self._source = self._open, None, None
        self.writer.contents.trailers += source.kind != "foreign"
        if opened is None:
            self._close_untitled(source)
        elif problem := self._problem(opened, source):
            self.writer.reject(*problem, opened.start, source.end)
        else:
            self.writer.listing(opened, self.dates[opened.date], source)
        self._rest = source.end

    def _close_untitled(self, source: Source) -> None:
        for line in leading_headers(self._stretch(source.start), self.names):
            self._add_header(line)
        first = self._first_text(source.start)
        hint = f"No line above {readable(source.url)} ends in a date like 21.05.2025, as titles do."
        reason, detail = why_no_release(source) or ("trailer_without_title", hint)
        self.writer.reject(reason, detail, source.start if first is None else first, source.end)

    def _problem(self, opened: OpenItem, source: Source) -> tuple[str, str] | None:
        """Why the item cannot be loaded: reason and detail."""
        at_very_end = self._digest_ends and source.end == len(self._text)
        if at_very_end and may_be_cut_off(source, last_url(self._text[: source.start]) or self._url_above):
            return "cut_off", f"The digest ends inside the URL: {readable(source.url)}"
        if problem := why_no_release(source):
            return problem
        day = calendar_day(opened.date)
        if day is None:
            return "impossible_date", f"{opened.date.decode()} does not exist."
        if day.year not in YEARS:
            return "implausible_date", f"{opened.date.decode()} is not between 2000 and 2099."
        self.dates[opened.date] = day
        if b"\0" in self._text[opened.start : source.end]:
            return "nul_byte", "The item holds NUL bytes."
        return None

    def _read_end(self) -> None:
        """What follows the last trailer of the digest: headers, strays, an item that is cut off."""
        end = len(self._text)
        if self._source and self._follows_closely(end):
            self._close(self._source)
        if self._open is not None:
            detail = f"The digest ends before the source line of “{excerpt(self._open.title)}”."
            self.writer.reject("cut_off", detail, self._open.start, end_of_text(self._text, self._open.start, end))
            return
        stretch = self._stretch(end)
        lines = list(sort_lines(stretch, self.names, above_title=False))
        if lines and not stretch.at_top and not lines[-1][1] and not self._text.endswith(b"\n"):
            *lines, (cut, _) = lines
            self._add_lines(lines)
            detail = f"The digest ends in the middle of “{excerpt(self._text[cut.start : cut.end])}”."
            self.writer.reject("cut_off", detail, cut.start, cut.end)
        else:
            self._add_lines(lines)

    def _first_text(self, end: int) -> int | None:
        first = next(text_lines(self._text, self._rest, end, own=False), None)
        return first.start if first else None

    def _add_lines(self, lines: list[tuple[Line, bool]]) -> None:
        """Add headers and strays; a site's name alone says that the section is not known."""
        section, headed = None, False
        for line, is_header in lines:
            if not is_header:
                detail = f"“{excerpt(self._text[line.start : line.end])}”"
                self.writer.reject("stray_text", detail, line.start, line.end)
                continue
            self._add_header(line)
            headed = True
            section = section if line.text in self.names.sites else line.text
        if headed:
            self.section = section

    def _add_header(self, line: Line) -> None:
        self._rest = line.end
        self.section = None if line.text in self.names.sites else line.text
        self.writer.header(line)
