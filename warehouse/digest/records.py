"""What reading a digest yields: listings, headers and rejects, each with its span in the file."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

REASONS = {
    "cut_off": "The digest ends before the item does.",
    "foreign_source": "The source is neither gov.kz nor another site of the government that `seeds/sites.csv` knows.",
    "impossible_date": "The date in the title line does not exist in the calendar.",
    "implausible_date": "The listed date lies before 2000 or after 2099.",
    "item_too_long": "A stretch without a source line is longer than an item may be.",
    "not_a_release": "The URL is on a site of the government but names no release.",
    "not_utf8": "The bytes are not UTF-8.",
    "nul_byte": "The text holds NUL bytes.",
    "stray_text": "The text belongs to no item and is no header.",
    "title_without_text": "The line holds a date and nothing that could be its title.",
    "title_without_trailer": "Another title follows before any source line.",
    "trailer_without_title": "No line that ends in a date like 21.05.2025 stands above the source line.",
    "broken_contract": "A value is outside what the frame of listings promises.",
}
"""Every reason a record is rejected for, with its sentence."""

RAW_BYTES = 64 << 10
"""How much of a rejected record's text is kept beside its span."""

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
`body` (str or None), `url` (str, names a release), `section` (str or None where no header says),
`dated_lines_in_body` (int: lines of the body that end in a date, as an item's title does) and `content_sha256`
(bytes: of the title's UTF-8, then a line feed and the body's where there is a body).
"""

Listing = tuple[int, int, str, date, str | None, str, str | None, int, bytes]
"""The types of these fields. A plain tuple, for making another kind of row would cost a tenth of the reader's time."""


class Extent(NamedTuple):
    """How much of a digest is read at once: all of it, or a part, cut where `source_line.trailer_end` says.

    A later part has its `byte_offset`, the `section` in force there, and `url_above`: what `source_line.last_url` says
    of the text above. With a part that is not the last the digest is not `at_end`.
    """

    byte_offset: int = 0
    section: str | None = None
    url_above: bytes = b""
    at_end: bool = True


WHOLE = Extent()


class Header(NamedTuple):
    """A line that is no item: the name of a site or of a section."""

    byte_start: int
    byte_end: int
    line_no: int
    text: str


class Reject(NamedTuple):
    r"""A stretch of a digest that could not become a listing.

    `reason` is a key of `REASONS`, `detail` a sentence about this very case, `raw` its text (bytes that are no UTF-8
    as `\xNN`), cut after `RAW_BYTES`; `byte_start` and `byte_end` are the whole span, `line_no` counts from 1.
    """

    byte_start: int
    byte_end: int
    line_no: int
    reason: str
    detail: str
    raw: str


@dataclass(slots=True)
class Contents:
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

    def add(self, contents: "Contents") -> None:
        """Take over what the next contents holds."""
        self.listings += contents.listings
        self.headers += contents.headers
        self.rejects += contents.rejects
        self.trailers += contents.trailers
        self.bytes += contents.bytes
        self.blank_bytes += contents.blank_bytes
        self.line_ends += contents.line_ends
        self.section = contents.section
