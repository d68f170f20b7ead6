"""Which lines above a title are headers: names of sites and sections, known beforehand or looking like one.

The rules are rules 4 and 5 of `warehouse.digest.items`. Every function looks at one stretch of text and remembers
nothing, so that a digest reads the same wherever it is cut in two.
"""

from collections.abc import Iterator
from typing import NamedTuple

from warehouse.digest.lines import (
    Line,
    blank_line_above,
    could_be_title,
    could_head_digest,
    could_head_section,
    line_above,
    text_lines,
)
from warehouse.reference.header_names import HeaderNames

HEADER_LINES = 3
"""More header lines than this in a row are not expected, unless known beforehand."""


class Stretch(NamedTuple):
    """Bytes `start` to `end` of a text, which belong to no item; `at_top` says that they begin the digest."""

    text: bytes
    start: int
    end: int
    at_top: bool


def is_known(text: str, names: HeaderNames) -> bool:
    """Whether this is a name of a site or section known beforehand."""
    return text in names.sections or text in names.sites


def sort_lines(stretch: Stretch, names: HeaderNames, *, above_title: bool) -> Iterator[tuple[Line, bool]]:
    """The lines of a stretch, in order, each with whether it is a header; `above_title`: a whole title stands below.

    Neighbours that are no headers are one, for there may be millions of them.
    """
    stray: Line | None = None
    for line, is_header in _each_line(stretch, names, above_title=above_title):
        if is_header:
            if stray:
                yield stray, False
            yield line, True
            stray = None
        else:
            stray = stray._replace(end=line.end) if stray else line
    if stray:
        yield stray, False


def _each_line(stretch: Stretch, names: HeaderNames, *, above_title: bool) -> Iterator[tuple[Line, bool]]:
    text, start, end, at_top = stretch
    last = line_above(text, start, end, own=at_top) if above_title else None
    headers = 0
    for number, line in enumerate(text_lines(text, start, end, own=at_top)):
        is_header = is_known(line.text, names)
        if line.own and not is_header:
            is_header = (
                at_top and above_title and number == headers < HEADER_LINES and could_head_digest(line.text)
            ) or (
                last is not None
                and line.start == last.start
                and could_head_section(line.text)
                and (number == headers or blank_line_above(text, start, line.start))
                and (" " not in line.text or text.count(b"\n", line.end, end) == 1)
            )
        headers += is_header
        yield line, is_header


def headers_above(text: bytes, floor: int, title_start: int, names: HeaderNames) -> list[Line]:
    """The header lines right above a title, from the top, where the text of another item may stand above them."""
    headers: list[Line] = []
    below = title_start
    while len(headers) < HEADER_LINES:
        line = line_above(text, floor, below, own=False)
        if line is None or not line.own:
            break
        if not is_known(line.text, names):
            is_name = not headers and could_head_section(line.text) and text.count(b"\n", line.end, below) == 1
            if is_name and blank_line_above(text, floor, line.start):
                headers.append(line)
            break
        headers.append(line)
        below = line.start
    return headers[::-1]


def leading_headers(stretch: Stretch, names: HeaderNames) -> list[Line]:
    """The header lines at the beginning of a stretch in which no title is to be found."""
    text, start, end, at_top = stretch
    headers: list[Line] = []
    lines = text_lines(text, start, end, own=at_top)
    for line in lines:
        if is_known(line.text, names):
            headers.append(line)
            continue
        if not line.own:
            break
        below = next(lines, None)
        is_name = could_head_digest(line.text) if at_top else could_head_section(line.text)
        has_line = below is not None and b"\n" in text[below.end : end]
        if is_name and not headers and below is not None and has_line and could_be_title(below):
            headers.append(line)
        break
    return headers
