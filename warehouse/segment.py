"""Read the stretch between two trailers of a digest with care: the rules for everything but the plain item.

Lines in a segment are blank, dated (they end in DD.MM.YYYY), or text. The rules, in the order they apply:

1. The first dated line of a segment starts an item. A line that is only a date belongs to the line above it.
2. A later dated line starts a new item, and the open one is rejected as `title_without_trailer`, when all of this holds:
   it stands after a blank line, or directly below the open title with the very same date; its date is the open
   item's or up to 7 days earlier (digests list the newest first) or is impossible; it has at most 600 bytes; and what
   stands before the date is no preposition, comma, colon or the like that a date would complete. In all other cases
   it is text of the body, and the listing's `dated_lines_in_body` counts it, so that the choice can be seen.
3. A source line whose URL is not on gov.kz closes the open item (`foreign_source`) only when another title follows
   before the next gov.kz trailer or the digest ends; else it is a line of the body.
4. Text above a title is a header when it is a name known beforehand or seen earlier in the digest, or looks like one
   (short, no sentence mark): at the top of the digest up to 60 characters and 7 words, later only after a blank line
   and up to 40 characters and 4 words. Other text above a title is rejected as `stray_text`.
5. A trailer before which no line is dated is rejected with its text as `trailer_without_title`.
6. An item that the end of the digest cuts off is rejected as `cut_off`; so is one whose URL touches the very end and
   lacks the query that the URL before it had.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

REASONS = {
    "cut_off": "The digest ends before the item does.",
    "foreign_source": "The source is not on gov.kz, so it names no release of the portal.",
    "impossible_date": "The date in the title line does not exist in the calendar.",
    "implausible_date": "The listed date lies before 2000 or after 2099.",
    "item_too_long": "A stretch without a source line is longer than an item may be.",
    "not_a_release": "The URL is on gov.kz but names no press release.",
    "not_utf8": "The bytes are not UTF-8.",
    "nul_byte": "The text holds NUL bytes.",
    "stray_text": "The text belongs to no item and is no header.",
    "title_without_text": "The line holds a date and nothing that could be its title.",
    "title_without_trailer": "Another title follows before any source line.",
    "trailer_without_title": "No line that ends in a date stands above the source line.",
    "broken_contract": "A value is outside what the frame of listings promises.",
}
"""Every reason a record is rejected for, with its sentence."""

BOM = b"\xef\xbb\xbf"

RAW_BYTES = 64 << 10
"""How much of a rejected record's text is kept beside its span."""

SPACE = rb"(?:[ \t]|\xc2\xa0)"
TITLE = re.compile(rb"(.*\S)" + SPACE + rb"+(\d\d\.\d\d\.\d{4})" + SPACE + rb"*")
BARE_DATE = re.compile(SPACE + rb"*(\d\d\.\d\d\.\d{4})" + SPACE + rb"*")
FOREIGN_TRAILER = re.compile(
    r"(?:Source|Источник|Дереккөз)[ \t]*:[ \t]*(https?://\S+)\s*\Z".encode(), re.IGNORECASE
)
# What a date completes: after these a date at the end of a line is part of the sentence.
LEADS_TO_DATE = re.compile(
    r"(?:[,:;(–—-]|\b(?:on|by|of|from|to|until|till|since|before|after|dated|and|for|в|во|до|от|с|со|по|на|и|к|за|"
    r"дата|date|күні))\s*\Z",
    re.IGNORECASE,
)
SENTENCE_MARK = re.compile(r"[.!?:;,…]\Z|https?:|www\.|@|\d")


class HeaderNames(NamedTuple):
    """Header lines known beforehand: names of sites, and names of sections."""

    sites: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()


class Header(NamedTuple):
    """A line that is no item: the name of a site or of a section."""

    byte_start: int
    byte_end: int
    line_no: int
    text: str


class Reject(NamedTuple):
    """A stretch of a digest that could not become a listing.

    `reason` is a key of `REASONS`, `detail` a sentence about this very case, `raw` its text (bytes that are no UTF-8
    as `\\xNN`), cut after `RAW_BYTES`; `byte_start` and `byte_end` are the whole span, `line_no` counts from 1.
    """

    byte_start: int
    byte_end: int
    line_no: int
    reason: str
    detail: str
    raw: str


class Item(NamedTuple):
    """What stands above a trailer: `start` and `end` are its span inside the chunk, trailer included."""

    start: int
    end: int
    title: bytes
    listed_date: date
    body: bytes
    dated_lines_in_body: int


class Line(NamedTuple):
    """A line of a segment without its line end; `starts_line` is false for what follows a trailer on its line."""

    start: int
    end: int
    text: bytes
    starts_line: bool


@dataclass(slots=True)
class _Open:
    """An item that has its title but not yet its trailer: `first` is its first line, `body` the lines after it."""

    first: Line
    title: bytes
    date: bytes
    body: list[Line]
    dated_lines: int = 0


class SegmentReader:
    """What reading a digest remembers between its segments: place, section and names seen."""

    raw_bytes = RAW_BYTES

    def __init__(
        self, names: HeaderNames, *, byte_offset: int, section: str | None
    ) -> None:
        self.names = names
        self.byte_offset = byte_offset
        self.line_offset = 0
        self.section = section
        self.dates: dict[bytes, date] = {}
        self._seen: set[str] = set()
        self._text = self._data = b""
        self._url_had_query = False
        self._at_top = self._digest_ends = False
        self._last_line = (0, 1)

    def begin_chunk(self, text: bytes, data: bytes, *, at_end: bool) -> None:
        """Take the chunk that the next calls speak of: `data` as received, `text` with line ends as line feeds."""
        self._text, self._data, self._digest_ends = text, data, at_end
        self._last_line = (0, self.line_offset + 1)

    def advance(self, data: bytes) -> int:
        """Leave the chunk behind; returns how many line ends it had."""
        line_ends = data.count(b"\n")
        if b"\r" in data:
            line_ends += data.count(b"\r") - data.count(b"\r\n")
        self.byte_offset += len(data)
        self.line_offset += line_ends
        self._text = self._data = b""
        return line_ends

    def reject(
        self, reason: str, detail: str, byte_start: int, byte_end: int, line_no: int, raw: bytes
    ) -> Reject:
        """A reject at a place in the file."""
        text = raw[: self.raw_bytes].decode(errors="backslashreplace").replace("\0", "\\x00")
        return Reject(byte_start, byte_end, line_no, reason, detail, text)

    def not_utf8(self, start: int, end: int, error: UnicodeDecodeError) -> Reject:
        """The reject for an item of the chunk whose bytes do not decode."""
        wrong = error.object[error.start : error.start + 4].hex(" ")
        return self._reject_span("not_utf8", f"The bytes {wrong} are not UTF-8.", start, end)

    def read(
        self, start: int, trailer: re.Match[bytes], headers: list[Header], rejects: list[Reject]
    ) -> Item | None:
        """The item that ends with `trailer`, from the segment that begins at `start`; adds what else is there."""
        waiting, opened = self._read_lines(start, trailer.start(), headers, rejects, ends_with_trailer=True)
        url, end = trailer[1], trailer.end()
        had_query, self._url_had_query = self._url_had_query, b"?" in url
        if opened is None:
            waiting = self._keep_headers(waiting, headers)
            first = waiting[0].start if waiting else trailer.start()
            rejects.append(self._reject_span("trailer_without_title", _decode(url), first, end))
            return None
        reason, detail = self._why_not(opened, trailer, had_query)
        if reason:
            rejects.append(self._reject_span(reason, detail, opened.first.start, end))
            return None
        body = self._data[opened.body[0].start : trailer.start()] if opened.body else b""
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip()
        return Item(opened.first.start, end, opened.title, self.dates[opened.date], body, opened.dated_lines)

    def read_rest(self, start: int, headers: list[Header], rejects: list[Reject]) -> None:
        """What follows the last trailer of the digest: headers, strays, an item that is cut off."""
        waiting, opened = self._read_lines(
            start, len(self._text), headers, rejects, ends_with_trailer=False
        )
        self._headers_or_strays(waiting, headers, rejects)
        if opened is not None:
            end = max([line.end for line in opened.body if line.text.strip()], default=opened.first.end)
            title = _decode(opened.title)
            detail = f"The digest ends before the source line of “{title}”."
            rejects.append(self._reject_span("cut_off", detail, opened.first.start, end))

    def _why_not(
        self, opened: _Open, trailer: re.Match[bytes], previous_had_query: bool
    ) -> tuple[str, str]:
        url, is_release = trailer.groups()
        shown = _decode(url)
        if not is_release:
            return "not_a_release", f"{shown} is no address of a press release."
        day = _calendar_day(opened.date)
        if day is None:
            return "impossible_date", f"{opened.date.decode()} does not exist."
        if not 2000 <= day.year < 2100:
            return "implausible_date", f"{opened.date.decode()} is not between 2000 and 2099."
        self.dates[opened.date] = day
        if b"\0" in self._text[opened.first.start : trailer.end()]:
            return "nul_byte", "The item holds NUL bytes."
        at_very_end = self._digest_ends and trailer.end() == len(self._text)
        if at_very_end and previous_had_query and b"?" not in url:
            return "cut_off", f"The digest ends inside the URL: {shown}"
        return "", ""

    def _read_lines(
        self,
        start: int,
        end: int,
        headers: list[Header],
        rejects: list[Reject],
        *,
        ends_with_trailer: bool,
    ) -> tuple[list[Line], _Open | None]:
        """Walk the lines of a segment; return text still waiting for a title, and the item left open."""
        top = len(BOM) if self._text.startswith(BOM) else 0
        self._at_top = self.byte_offset == 0 and start <= top
        lines = _lines(self._text, start, end, starts_line=self._at_top)
        foreign_closes = _foreign_trailers_that_close(lines, ends_with_trailer)
        waiting: list[Line] = []
        opened: _Open | None = None
        for number, line in enumerate(lines):
            dated = TITLE.fullmatch(line.text)
            bare = None if dated else BARE_DATE.fullmatch(line.text)
            if number in foreign_closes:
                first = opened.first if opened else (waiting[0] if waiting else line)
                detail = f"“{_decode(line.text)[-200:]}” names no release of the portal."
                rejects.append(self._reject_span("foreign_source", detail, first.start, line.end))
                waiting, opened = [], None
            elif opened is None and (dated or bare):
                opened, waiting = self._open(line, dated or bare, bool(bare), waiting, headers, rejects)
            elif opened is None:
                if line.text.strip():
                    waiting.append(line)
            elif (dated or bare) and self._starts_item(opened, lines, number, bool(bare)):
                title_line = opened.body.pop() if bare else None
                opened.body, names = self._known_headers_at_end(opened.body)
                self._close_without_trailer(opened, rejects)
                above = names + ([title_line] if title_line else [])
                opened, waiting = self._open(line, dated or bare, bool(bare), above, headers, rejects)
            else:
                opened.dated_lines += bool(dated or bare)
                opened.body.append(line)
        return waiting, opened

    def _open(
        self,
        line: Line,
        dated: re.Match[bytes] | None,
        bare: bool,
        waiting: list[Line],
        headers: list[Header],
        rejects: list[Reject],
    ) -> tuple[_Open | None, list[Line]]:
        """Start an item at a dated line; what waited above it becomes headers or strays."""
        assert dated is not None
        if not bare:
            self._headers_or_strays(waiting, headers, rejects)
            return _Open(line, _strip(dated[1]), dated[2], []), []
        title_line = waiting[-1] if waiting and not self._blank_between(waiting[-1], line) else None
        self._headers_or_strays(waiting[:-1] if title_line else waiting, headers, rejects)
        if title_line is None:
            detail = f"The line holds only the date {dated[1].decode()}, and no title stands above it."
            rejects.append(self._reject_span("title_without_text", detail, line.start, line.end))
            return None, []
        first = Line(title_line.start, line.end, title_line.text, title_line.starts_line)
        return _Open(first, _strip(title_line.text), dated[1], []), []

    def _starts_item(self, opened: _Open, lines: list[Line], number: int, bare: bool) -> bool:
        """Rule 2: does this dated line start a new item while one is open?"""
        line = lines[number]
        if not line.starts_line or line.end - line.start > 600:
            return False
        first = number - 1 if bare else number
        if bare and (not opened.body or not lines[first].text.strip()):
            return False
        match = BARE_DATE.fullmatch(line.text) if bare else TITLE.fullmatch(line.text)
        assert match is not None
        day, open_day = _calendar_day(match[1 if bare else 2]), _calendar_day(opened.date)
        if not bare and LEADS_TO_DATE.search(_decode(match[1])):
            return False
        after_blank = first > 0 and not lines[first - 1].text.strip()
        if after_blank:
            return day is None or open_day is None or 0 <= (open_day - day).days <= 7
        return not bare and not opened.body and day is not None and day == open_day

    def _close_without_trailer(self, opened: _Open, rejects: list[Reject]) -> None:
        end = max([line.end for line in opened.body if line.text.strip()], default=opened.first.end)
        detail = f"“{_decode(opened.title)}” has no source line before the next title."
        rejects.append(self._reject_span("title_without_trailer", detail, opened.first.start, end))

    def _known_headers_at_end(self, body: list[Line]) -> tuple[list[Line], list[Line]]:
        """Split off the known header names that close the text of an item without a trailer."""
        cut = len(body)
        while cut and (not body[cut - 1].text.strip() or self._is_known(body[cut - 1])):
            cut -= 1
        return body[:cut], [line for line in body[cut:] if line.text.strip()]

    def _keep_headers(self, waiting: list[Line], headers: list[Header]) -> list[Line]:
        """Take header lines off the text above a trailer without a title; the rest goes with the trailer."""
        while waiting:
            line = waiting[0]
            at_top = self._at_top and len(waiting) > 1 and self._looks_like_header(line, below_header=True)
            if not (self._is_known(line) or at_top):
                break
            self._add_header(line, headers)
            waiting = waiting[1:]
        return waiting

    def _headers_or_strays(
        self, waiting: list[Line], headers: list[Header], rejects: list[Reject]
    ) -> None:
        below_header = False
        for line in waiting:
            below_header = self._is_known(line) or self._looks_like_header(line, below_header)
            if below_header:
                self._add_header(line, headers)
            else:
                detail = f"“{_decode(line.text)[:80]}”"
                rejects.append(self._reject_span("stray_text", detail, line.start, line.end))

    def _add_header(self, line: Line, headers: list[Header]) -> None:
        text = _strip(line.text).decode()
        self._seen.add(text)
        self.section = None if text in self.names.sites else text
        place = self.byte_offset + line.start
        headers.append(Header(place, self.byte_offset + line.end, self._line_no(line.start), text))

    def _is_known(self, line: Line) -> bool:
        text = _decode(line.text)
        return text in self.names.sites or text in self.names.sections or text in self._seen

    def _looks_like_header(self, line: Line, below_header: bool) -> bool:
        """Rule 4, for a name not known; `below_header` is true when the line above is a header."""
        try:
            text = _strip(line.text).decode()
        except UnicodeDecodeError:
            return False
        if not line.starts_line or not text.isprintable() or SENTENCE_MARK.search(text):
            return False
        longest, most_words = (60, 7) if self._at_top else (40, 4)
        in_place = self._at_top or below_header or self._after_blank(line.start)
        return in_place and len(text) <= longest and len(text.split()) <= most_words

    def _after_blank(self, start: int) -> bool:
        above = self._text[max(0, start - 200) : start]
        return above[len(above.rstrip()) :].count(b"\n") > 1

    def _blank_between(self, above: Line, below: Line) -> bool:
        return b"\n" in self._text[above.end + 1 : below.start]

    def _line_no(self, start: int) -> int:
        """The line of a place in the chunk, counted on from the last place asked for."""
        at, line_no = self._last_line if self._last_line[0] <= start else (0, self.line_offset + 1)
        line_no += self._text.count(b"\n", at, start)
        self._last_line = (start, line_no)
        return line_no

    def _reject_span(self, reason: str, detail: str, start: int, end: int) -> Reject:
        raw = self._data[start : min(end, start + self.raw_bytes)]
        base = self.byte_offset
        return self.reject(reason, detail, base + start, base + end, self._line_no(start), raw)


def _lines(text: bytes, start: int, end: int, *, starts_line: bool) -> list[Line]:
    lines = []
    while start < end:
        stop = text.find(b"\n", start, end)
        stop = end if stop < 0 else stop
        lines.append(Line(start, stop, text[start:stop], starts_line))
        start, starts_line = stop + 1, True
    return lines


def _foreign_trailers_that_close(lines: list[Line], ends_with_trailer: bool) -> set[int]:
    """Rule 3: numbers of the source lines elsewhere after which another title, or the digest's end, follows."""
    closing: set[int] = set()
    for number, line in enumerate(lines):
        if b":" not in line.text or not FOREIGN_TRAILER.search(line.text):
            continue
        below = [below.text for below in lines[number + 1 : number + 12] if below.text.strip()][:4]
        title_follows = any(TITLE.fullmatch(text) or BARE_DATE.fullmatch(text) for text in below)
        if title_follows or not ends_with_trailer:
            closing.add(number)
    return closing


def _calendar_day(text: bytes) -> date | None:
    try:
        return datetime.strptime(text.decode(), "%d.%m.%Y").date()
    except ValueError:
        return None


def _strip(text: bytes) -> bytes:
    """Without the white space around it, no-break spaces included."""
    return text.decode(errors="surrogateescape").strip().encode(errors="surrogateescape")


def _decode(text: bytes) -> str:
    """For showing: stripped, with what is no UTF-8 as U+FFFD."""
    return text.decode(errors="replace").strip()
