"""Source lines: the pattern of a trailer, and every mark in a text that may begin or end an item.

A trailer is the word Source (Источник, Дереккөз, in any case), a colon and the URL of a release on gov.kz, and nothing
visible follows it on its line. The URL ends at white space, at a letter glued to `?lang=kk` or to the id's last digit,
and at another `Source` glued to it. A code is whole or none: one of over 2,000 bytes is no release's.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from warehouse.digest.lines import (
    BLANK,
    DATE_BYTES,
    TITLE_MAX_BYTES,
    ZERO_WIDTH_PATTERN,
    count_blank,
    readable,
    reads_on,
    strip,
)

TRAILER_WORDS = ("Source", "Источник", "Дереккөз")

_HOST = rb"(?i:https?://(?:www\.)?gov\.kz)(?::\d{1,5})?"
_PATH = (
    rb"/memleket/entities/[\w.%~-]{1,200}+/press/news/details/"
    rb"(?:\d{1,300}+(?![a-z\d_%-])|(?!\d{5,}[A-Za-z_])(?:(?!Source)[\w%-]){1,2000}+(?!(?!Source)[\w%-]))"
    rb"(?:/?\?lang=(?:kk|ru|en)(?![a-z0-9&#_%=-])|[/?#][!-~]{0,1000}?(?=Source|[^!-~]|\Z))?"
)
_RELEASE = b"(?>" + _HOST + _PATH + b")"
_AFTER_URL = rb"[.,;:)\]>\"'!/]{0,5}(?:" + BLANK + rb"{0,20}" + ZERO_WIDTH_PATTERN + rb"){0,20}"
_ENDS_LINE = rb"(?=[\r\n]|\Z|" + BLANK + rb"{1,100}(?:[\r\n]|\Z))"

_SPELLINGS = [(word + colon).encode() for colon in (" : ", ": ", ":", " :") for word in TRAILER_WORDS]

BEFORE_URL = {spelling[-7:]: len(spelling) + len("https") for spelling in _SPELLINGS}
"""How many bytes a trailer has before its `://`, by the last 7 bytes of its spelling, in which all spellings differ."""

_LINE_BELOW = rb"[\r\n](?: ?\n)?(\S[^\n]*\S)"

URLS = re.compile(
    b"://(?:(?:"
    + b"|".join(b"(?<=" + spelling + b"https://)" for spelling in _SPELLINGS)
    + rb")(?<=(.{7})https://)((?>(?:www\.)?gov\.kz"
    + _PATH
    + rb"))(?=[ \t]{0,100}(?:"
    + _LINE_BELOW
    + rb"|[\r\n]|\Z)))?"
)
"""Every URL of a text: all of it, from its `://`, if it is that of a trailer in its most usual spellings.

The groups of a trailer are the key of `BEFORE_URL`, the URL from behind its `://`, and the line right below, or below
one blank line, without blanks behind it, if there is one. Of another URL only `://` is matched, and it has no groups.
One pattern that begins with a literal is searched for several times faster than all the source words.
"""

LINE_BELOW = re.compile(rb"[ \t]{0,100}" + _LINE_BELOW)
"""The same line below, from the end of the text above."""

DATE_BELOW = re.compile(rb" ?\n(\d\d\.\d\d\.\d{4})(?= ?\n)")
"""A line that is but a date, from the end of the text above."""

LONGEST_TRAILER = 4096
"""More bytes than a trailer and the blanks up to the end of its line can have."""

_WORD_BEFORE_URL = re.compile(
    b"(?:"
    + b"|".join(
        [
            b"(?i:source)",
            *(form.encode() for word in TRAILER_WORDS[1:] for form in (word, word.upper(), word.lower())),
        ]
    )
    + b")"
    + BLANK
    + rb"{0,20}(?::|\xef\xbc\x9a)"
    + BLANK
    + rb"{0,20}\Z"
)
_WORD_WINDOW = 160
# A dated line's end, or a URL. A pattern that begins with a set of bytes is searched for several times faster.
_MARK = re.compile(
    rb"[\dHh](?:(\d\.\d\d\.\d{4})(?<=\d\d\.\d\d\.\d{4})" + BLANK + rb"*(?=\n|\Z)|[Tt][Tt][Pp](?<=[Hh]...)[Ss]?://)",
)
_DATE_BEFORE_WORD = re.compile(rb"(\d\d\.\d\d\.\d{4})" + BLANK + rb"{0,20}\Z")
SOURCE_OR_NUL = re.compile(
    b"|".join([colon + BLANK + rb"{0,20}(?i:https?)://" for colon in (b":", b"\xef\xbc\x9a")] + [rb"\0"])
)
"""A colon and a URL, which every source line has, or a NUL byte."""

RELEASE_URL = re.compile(b"(" + _RELEASE + b")" + _AFTER_URL)
OTHER_URL = re.compile(rb"[!-~]+?(?=Source|[^!-~]|\Z)")
_PORTAL_URL = re.compile(_HOST + rb"(?![\w.@:-])")
_CLOSES_LINE = re.compile(
    _ENDS_LINE
    + b"|"
    + BLANK
    + b"{0,20}(?:"
    + b"|".join(word.encode() for word in TRAILER_WORDS)
    + b")"
    + BLANK
    + b"{0,20}:"
)


class DateMark(NamedTuple):
    """A line that ends in DD.MM.YYYY: `title` is what stands before the date, stripped, empty for a bare date.

    `start` is the line's first byte that is no white space, behind the source line that it may share the line with, and
    then `own_line` is false. `spaced`
    says whether a blank stands before the date, `beside_trailer` whether a source line follows on the same line.
    """

    start: int
    end: int
    title: bytes
    date: bytes
    own_line: bool
    spaced: bool
    beside_trailer: bool


class Source(NamedTuple):
    """A source line, from its word to the end of its URL.

    `kind` is "release", "portal" (of gov.kz, but no release), "site" (a page of another site of the government),
    "front" (another URL of such a site) or "foreign".
    """

    start: int
    end: int
    url: bytes
    kind: str
    ends_line: bool


class Link(NamedTuple):
    """A URL that no source word introduces, with its end."""

    start: int
    end: int


def marks(text: bytes, start: int, end: int, *, own: bool, beside_trailer: bool) -> Iterator[DateMark | Source | Link]:
    """Everything in a stretch that may begin or end an item, in order.

    `own` says whether the stretch begins with a line, `beside_trailer` whether a trailer follows it.
    """
    last_end, last_source_end = start, start
    for match in _MARK.finditer(text, start, end):
        at = match.start()
        if at < last_end:
            continue
        if match[1]:
            beside = beside_trailer and match.end() == end
            first_own = own and last_source_end == start
            if dated := _date_mark(text, last_source_end, match.span(), own=first_own, beside_trailer=beside):
                yield dated
            continue
        floor = max(last_end, at - _WORD_WINDOW)
        word = _WORD_BEFORE_URL.search(text[floor:at])
        release = RELEASE_URL.match(text, at, end)
        other = None if release else OTHER_URL.match(text, at, end)
        token = release or other
        if token is None:
            continue
        if word is None:
            last_end = token.end()
            yield Link(at, last_end)
            continue
        word_start = floor + word.start()
        if date := _DATE_BEFORE_WORD.search(text[max(last_end, word_start - _WORD_WINDOW) : word_start]):
            date_at = max(last_end, word_start - _WORD_WINDOW) + date.start()
            first_own = own and last_source_end == start
            if dated := _date_mark(text, last_source_end, (date_at, word_start), own=first_own, beside_trailer=True):
                yield dated
        kind = "release" if release else "portal" if _PORTAL_URL.match(token[0]) else "foreign"
        last_end = last_source_end = token.end()
        ends_line = _CLOSES_LINE.match(text, last_end, end) is not None
        yield Source(word_start, last_end, token[1] if release else token[0], kind, ends_line)


def reads_like_title(mark: DateMark, title: bytes) -> bool:
    """Whether a dated line is what every title must be where another reading is possible."""
    if not mark.own_line or not mark.spaced or mark.beside_trailer or len(title) > TITLE_MAX_BYTES:
        return False
    return not reads_on(readable(title))


def line_end_trailers(text: bytes) -> list[int]:
    """Where the trailers end, in any spelling, after which a line end stands in `text`."""
    all_marks = marks(text, 0, len(text), own=True, beside_trailer=False)
    return [
        mark.end
        for mark in all_marks
        if isinstance(mark, Source) and mark.kind == "release" and mark.ends_line and _line_ends_after(text, mark.end)
    ]


def last_trailer_end(buffer: bytes) -> int:
    """The end of the last trailer in its usual spelling after which a line end stands in the buffer; 0 if none does."""
    at = buffer.rfind(b"://")
    while at >= 0:
        match = URLS.match(buffer, at)
        if match and _is_trailer(match, buffer):
            return match.end()
        at = buffer.rfind(b"://", 0, at)
    return 0


def trailer_end(window: bytes) -> int | None:
    """Where the first trailer in `window` ends: a place to cut a digest in two.

    The window may begin anywhere, so a trailer counts only with white space before it in the window.
    """
    for match in URLS.finditer(window):
        if _is_trailer(match, window) and window[: match.start() - BEFORE_URL[match[1]]].split():
            return match.end()
    return None


def last_url(text: bytes) -> bytes:
    """The last URL of a text with all that follows it, from its `://`; empty where it has none."""
    at = text.rfind(b"://")
    return text[at:] if at >= 0 else b""


def _is_trailer(match: re.Match[bytes], buffer: bytes) -> bool:
    """Whether a URL is a trailer's, and surely so whatever stands before and after the buffer."""
    if match[1] is None:
        return False
    return _line_ends_after(buffer, match.end()) and not _within_url(buffer, match.start() - BEFORE_URL[match[1]])


def _line_ends_after(buffer: bytes, at: int) -> bool:
    """Whether blanks and a line end follow: at the end of a buffer more could follow in the next."""
    window = buffer[at : at + LONGEST_TRAILER]
    return any(strip(window[: window.find(end)]) == b"" for end in (b"\n", b"\r") if end in window)


def _within_url(buffer: bytes, at: int) -> bool:
    """Whether the word at this place is glued to a URL, so that a search from the start may not see it as a word."""
    window = buffer[max(0, at - LONGEST_TRAILER) : at]
    space = max(window.rfind(space) for space in (b" ", b"\n", b"\t", b"\r"))
    return b"://" in window[space + 1 :]


def _date_mark(text: bytes, floor: int, date: tuple[int, int], *, own: bool, beside_trailer: bool) -> DateMark | None:
    """The line that ends in a date: `floor` is where it may begin at the earliest, a line's begin if `own`."""
    date_at, end = date
    line_end = text.rfind(b"\n", floor, date_at)
    line_start = floor if line_end < 0 else line_end + 1
    own_line = line_end >= 0 or own
    before = text[line_start:date_at]
    title = strip(before)
    end_of_title = b"|" + before[-3:]
    spaced = not title or strip(end_of_title) != end_of_title
    if not spaced and not (before[-1:].isalpha() or before[-1] > 127 or before[-1:] in b"\"')!?"):
        return None
    start = line_start + count_blank(before)
    return DateMark(start, end, title, text[date_at : date_at + DATE_BYTES], own_line, spaced, beside_trailer)
