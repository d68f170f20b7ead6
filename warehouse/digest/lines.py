"""The lines of a digest: what is blank, what ends in a date, what reads like a title and what like a header.

Text is bytes throughout, with line feeds for line ends; offsets count bytes of it. Nothing here looks at more than the
line it is asked about, so that time follows the text's length whatever the text.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

BOM = b"\xef\xbb\xbf"

WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What may lie between the spans of a digest: white space as Unicode has it, and the byte-order mark."""

ZERO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060"
"""Characters that nobody sees. They are stripped like white space, but belong to the span they stand in."""

UNSEEN = WHITE_SPACE + ZERO_WIDTH

BLANK = b"(?:" + b"|".join(re.escape(char.encode()) for char in UNSEEN if char not in "\n\r") + b")"
"""A pattern for one blank character within a line."""

ZERO_WIDTH_PATTERN = b"(?:" + b"|".join(re.escape(char.encode()) for char in ZERO_WIDTH) + b")"

TEXT_OF_LINE = re.compile(rb"[^\s][^\n]*")
DATE = re.compile(rb"\d\d\.\d\d\.\d{4}")
DATE_BYTES = 10
YEARS = range(2000, 2100)
DATED_LINE = re.compile(DATE.pattern + BLANK + rb"*\n")

# Every dated line ends in one of these bytes, and to look at line ends only is several times faster.
_LAST_BYTES = bytes(sorted({char.encode()[-1] for char in UNSEEN + "0123456789"} - {*b"\r\n"}))
LIKE_DATED_LINE = re.compile(rb"\n(?<=[" + re.escape(_LAST_BYTES) + rb"]\n)")

LONE_CARRIAGE_RETURN = re.compile(rb"\r(?!\n)")

TITLE_MAX_BYTES = 600
"""A line longer than this is no title where another reading is possible."""

# What a date completes: after these a date at the end of a line is part of the sentence.
LEADS_TO_DATE = re.compile(
    r"(?:[,:;(/–—-]|\b(?:on|by|of|from|to|until|till|since|before|after|dated|and|for|in|at|the|is|was|are|were|through|"
    r"than|between|в|во|до|от|с|со|по|на|и|к|за|после|между|дата|date))\s*\Z",
    re.IGNORECASE,
)
SENTENCE_BREAK = re.compile(r"[^\W\d_]{3}[.…]\s+[A-ZА-ЯЁӘІҢҒҮҰҚӨҺ]")
NO_HEADER = re.compile(r"[.!?:;,…]\Z|https?:|www\.|@|\d")
NAME = re.compile(r"[^\W\d_]+(?:(?:, | & | - |[ '’-])[^\W\d_]+)*")


class Line(NamedTuple):
    """A line that holds text, from its first visible byte to its last: `own` is false for what follows a trailer."""

    start: int
    end: int
    text: str
    own: bool


def strip(text: bytes) -> bytes:
    """Without the white space and the zero-width characters around it."""
    text = text.strip()
    if text and (text[0] > 127 or text[-1] > 127):
        text = text.decode(errors="surrogateescape").strip(UNSEEN).encode(errors="surrogateescape")
    return text


def count_blank(text: bytes) -> int:
    """How many bytes of white space the text begins with."""
    visible = text.lstrip()
    if visible and visible[0] > 127:
        decoded = visible.decode(errors="surrogateescape").lstrip(WHITE_SPACE)
        visible = decoded.encode(errors="surrogateescape")
    return len(text) - len(visible)


def readable(text: bytes) -> str:
    """A text to show and compare: stripped, with what is no UTF-8 as U+FFFD."""
    return text.decode(errors="replace").strip(UNSEEN)


def line_feeds_only(data: bytes) -> bytes:
    """The same bytes with every line end as one line feed, at the same length, so that offsets hold."""
    if b"\r" not in data:
        return data
    if LONE_CARRIAGE_RETURN.search(data):
        return data.replace(b"\r\n", b" \n").replace(b"\r", b"\n")
    return data.replace(b"\r", b" ")


def received_lines(data: bytes) -> bytes:
    """A text as received but for its line ends, which become line feeds."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def holds_dated_line(text: bytes) -> bool:
    """Whether a line of the text ends in a date."""
    text += b"\n"
    return LIKE_DATED_LINE.search(text) is not None and DATED_LINE.search(text) is not None


def text_lines(text: bytes, start: int, end: int, *, own: bool) -> Iterator[Line]:
    """The lines of a stretch that are not blank; `own` says whether the stretch begins with a line."""
    for match in TEXT_OF_LINE.finditer(text, start, end):
        line = match[0].rstrip()
        blank = count_blank(line)
        if blank == len(line):
            continue
        at = match.start()
        yield Line(at + blank, at + len(line), readable(line), own or text.rfind(b"\n", start, at) >= 0)


def line_above(text: bytes, floor: int, start: int, *, own: bool) -> Line | None:
    """The nearest line above `start` that is not blank, down from `floor`; a line begins at `floor` if `own`."""
    end = start
    while (end := end_of_text(text, floor, end)) > floor:
        line_end = text.rfind(b"\n", floor, end)
        at = floor if line_end < 0 else line_end + 1
        line = text[at:end]
        if strip(line):
            return Line(at + count_blank(line), end, readable(line), own or line_end >= 0)
        end = at
    return None


def end_of_text(text: bytes, floor: int, end: int) -> int:
    """Where the white space before `end` begins, or `floor`; it may be megabytes long."""
    window = 256
    while end > floor:
        begin = max(floor, end - window)
        if kept := len(text[begin:end].rstrip()):
            return begin + kept
        end, window = begin, window * 2
    return floor


def blank_line_above(text: bytes, floor: int, start: int) -> bool:
    """Whether a blank line stands above the line that begins at `start`, not looking above `floor`."""
    above = text[max(floor, start - 400) : start].decode(errors="replace")
    return above[len(above.rstrip(UNSEEN)) :].count("\n") > 1


def calendar_day(text: bytes) -> date | None:
    """DD.MM.YYYY as a date; None where the calendar has no such day."""
    try:
        return date(int(text[6:]), int(text[3:5]), int(text[:2]))
    except ValueError:
        return None


def listed_day(text: bytes) -> date | None:
    """The date of an item whose title line ends in this; None if no item with that end can be loaded."""
    day = calendar_day(text) if DATE.fullmatch(text) else None
    return day if day and day.year in YEARS else None


def reads_on(title: str) -> bool:
    """Whether a line that ends in a date is rather the end of a sentence than a title and its date."""
    first = next((char for char in title if char.isalnum()), " ")
    return first.islower() or LEADS_TO_DATE.search(title[-40:]) is not None


def is_one_sentence(title: str) -> bool:
    """Whether no sentence ends within the line."""
    return SENTENCE_BREAK.search(title) is None


def could_head_digest(text: str) -> bool:
    """Whether a line at the top of a digest looks like the name of a site or section."""
    return _could_be_name(text) and len(text) <= 60 and len(text.split()) <= 7


def could_head_section(text: str) -> bool:
    """Whether a line further down looks like the name of a section: strict, for an error costs every item below."""
    return _could_be_name(text) and len(text) <= 40 and len(text.split()) <= 4 and NAME.fullmatch(text) is not None


def could_be_title(line: Line) -> bool:
    """Whether a line that ends in no date looks like a title."""
    short = len(line.text) <= TITLE_MAX_BYTES // 2 and len(line.text.split()) >= 3
    return short and line.own and line.text[-1] not in ".:;," and not line.text[0].islower()


def _could_be_name(text: str) -> bool:
    first = next((char for char in text if char.isalpha()), "a")
    if len(text) < 2:
        return False
    return text.isprintable() and not NO_HEADER.search(text) and not first.islower() and "\ufffd" not in text
