"""Texts out of HTML: paragraphs, lists, tables and headings as lines; mojibake put right.

One line is one paragraph, heading, list item ("• " or its number before it) or table row (cells parted by " | ", or
the lines of its only cell that has any). Text within a line has single spaces, no signs that cannot be seen, is in NFC,
and has raised numbers as such (10⁶). The text depends on what the HTML shows, not on how it is written: wrapped,
indented, with other attributes, entities, comments or empty elements it is the same.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from warehouse.portal.read.attachments import Attachment
from warehouse.portal.read.markup import ATTACHED, LOWERED, RAISED, TAGS, skeleton

BULLET = "• "
BETWEEN_CELLS = " | "
MAX_REPAIRED = 1_000_000
"""Characters of one text in which mojibake is put right; what comes after stays as it is."""

SURE = 4
"""Pairs of signs that look like mojibake, from which a line that is UTF-8 all through needs no weighing of chances."""

_TOKEN = re.compile(r'<(/?[a-z0-9]+)(?: (?:start|value)="([0-9]+)")?>|([^<]+)')
_RAISED = re.compile(f"{RAISED}([^{RAISED}{LOWERED}]{{0,20}}){LOWERED}|[{RAISED}{LOWERED}]")
_ATTACHED = re.compile(f"{ATTACHED}(?:([0-9]{{1,6}}){ATTACHED})?")
_EXPONENT = re.compile(r"[+\-−–]?[0-9]{1,10}")
_SUPERSCRIPT = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_UNSEEN = ("Cc", "Cf", "Cs")
# What the lead bytes of UTF-8 become in Latin-1 and Windows-1252: of Cyrillic, Latin, typography and signs. Each is
# then followed by a sign that a byte from 0x80 to 0xBF becomes.
_LEADS = "ÂÃÐÑÒÓâð"
_MOJIBAKE = re.compile(f"[{_LEADS}][\u0080-¿ŒœŠšŸŽžƒˆ˜–—‘-„†-•…‰‹›€™]")


@dataclass(frozen=True, slots=True)
class PlainText:
    """The lines of a text; `headings` are the lines of each h1, as the first and the one behind the last.

    `is_repaired` says that mojibake was put right in it. `attached` is what stands in its lines or between them, each
    with its line, or the line below, and whether it stands in that line.
    """

    lines: tuple[str, ...]
    is_repaired: bool = False
    headings: tuple[tuple[int, int], ...] = ()
    attached: tuple[tuple[int, bool, Attachment], ...] = ()

    def attachments(self, first: int = 0, end: int | None = None) -> Iterator[Attachment]:
        """What is attached to the lines from the first to the end, or stands between or right below them."""
        stop = len(self.lines) if end is None else end
        for line, is_within, one in self.attached:
            if first <= line < stop or (line == stop and not is_within):
                yield one


def text_of(html: str, tags: Mapping[str, str] = TAGS) -> PlainText:
    """Read HTML, a document or a fragment. Raises TooMuchMarkup, for nothing else."""
    if not html.isascii():
        html = drop_surrogates(html)
    source, attached = skeleton(html, tags)
    body = LexborHTMLParser(source).body
    tokens = _TOKEN.findall((body and body.html) or "")
    has_raised = RAISED in source or LOWERED in source
    repair = Repair()
    walk = _Walk(repair.clean, has_raised=has_raised)
    walk.read(tokens)
    placed = tuple((line, within, attached[n]) for line, within, n in walk.attached if n < len(attached))
    return PlainText(tuple(map(_nfc, walk.lines)), repair.is_repaired, tuple(walk.headings), placed)


def line_of(text: str) -> tuple[str, bool]:
    """One line of what should be plain text, a title, and whether it was repaired. Raises TooMuchMarkup.

    Entities and tags are read there, too.
    """
    if "<" in text or "&" in text:
        parsed = text_of(text)
        return " ".join(parsed.lines), parsed.is_repaired
    repair = Repair()
    return unicodedata.normalize("NFC", repair.clean(drop_surrogates(text))), repair.is_repaired


def drop_surrogates(text: str) -> str:
    """The text without halves of surrogate pairs, which JSON can name and no encoding can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def clean(raw: str) -> str:
    """One line: single spaces of one kind, no control characters, nothing of width zero."""
    line = " ".join(raw.split())
    if line.isprintable():
        return line
    odd = {sign for sign in line if unicodedata.category(sign) in _UNSEEN}
    return " ".join(line.translate(dict.fromkeys(map(ord, odd))).split())


class Repair:
    """Puts mojibake right, line by line, so that a good line stays as it is; `is_repaired` says whether any was."""

    def __init__(self) -> None:
        self.is_repaired = False
        self.left = MAX_REPAIRED

    def clean(self, raw: str) -> str:
        """Clean a line after putting it right: before, bytes read as spaces and controls are still there."""
        # A look for the leads alone is quicker by far than the pattern, and most lines have none.
        may_be_mojibake = not raw.isascii() and any(lead in raw for lead in _LEADS)
        if may_be_mojibake and len(raw) <= self.left and (pairs := len(_MOJIBAKE.findall(raw))):
            self.left -= len(raw)
            repaired = _repair(raw, pairs)
            self.is_repaired |= repaired != raw
            raw = repaired
        return clean(raw)


def _repair(raw: str, pairs: int) -> str:
    import ftfy  # it takes longer than a small load, and most texts are good

    if pairs >= SURE:
        for codec in ("latin-1", "sloppy-windows-1252"):  # the second is ftfy's
            try:
                return raw.encode(codec).decode()
            except UnicodeError:
                continue
    return ftfy.fix_encoding(raw)


class _Walk:
    """Goes over the tokens of a well-formed document once, from the first to the last, and gathers its lines."""

    def __init__(self, clean: Callable[[str], str], *, has_raised: bool) -> None:
        self.clean = clean
        self.has_raised = has_raised
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.prefix = ""
        self.lists: list[int | None] = []  # the number of the last item, None where items have bullets
        self.rows: list[tuple[list[str], list[list[str]]]] = []  # the lines before the row, its cells so far
        self.dropped = 0
        self.heading_from: int | None = None
        self.headings: list[tuple[int, int]] = []
        self.attached: list[tuple[int, bool, int]] = []  # the line, whether it stands in it, its number
        self.on_tag: dict[str, Callable[[], None]] = {
            "li": self.begin_item,
            "/li": self.end_item,
            "/ul": self.end_list,
            "/ol": self.end_list,
            "tr": self.begin_row,
            "/tr": self.end_row,
            "td": self.begin_cell,
            "/td": self.end_cell,
            "h1": self.begin_heading,
            "/h1": self.end_heading,
        }

    def read(self, tokens: list[tuple[str, str, str]]) -> None:
        for tag, start, text in tokens:
            if text:
                if not self.dropped and (self.pieces or not text.isspace()):
                    self.pieces.append(text)
            elif tag in {"drop", "/drop"}:
                self.dropped += 1 if tag == "drop" else -1
            elif not self.dropped:
                if self.pieces:
                    self.end_line()
                if tag in {"ul", "ol"}:
                    self.lists.append(None if tag == "ul" else int(start or 1) - 1)
                elif act := self.on_tag.get(tag):
                    if tag == "li" and start and self.lists and self.lists[-1] is not None:
                        self.lists[-1] = int(start) - 1
                    act()
        self.end_line()

    def end_line(self) -> None:
        raw = "".join(self.pieces)
        self.pieces.clear()
        numbers: list[str] = []
        if ATTACHED in raw:
            numbers = _ATTACHED.findall(raw)
            raw = _ATTACHED.sub("", raw)
        if self.has_raised:
            raw = _RAISED.sub(_superscript, raw)
        if "&" in raw:
            raw = raw.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        line = self.clean(raw)
        at = len(self.rows[0][0] if self.rows else self.lines)
        self.attached += [(at, bool(line), int(number)) for number in numbers if number]
        if line:
            self.lines.append(self.prefix + line)
            self.prefix = ""

    def begin_item(self) -> None:
        number = self.lists[-1] if self.lists else None
        if number is None:
            self.prefix = BULLET
        else:
            self.lists[-1] = number + 1
            self.prefix = f"{number + 1}. "

    def end_item(self) -> None:
        self.prefix = ""

    def end_list(self) -> None:
        self.lists.pop()

    def begin_row(self) -> None:
        self.rows.append((self.lines, []))
        self.lines = []

    def begin_cell(self) -> None:
        self.lines = []

    def end_cell(self) -> None:
        self.rows[-1][1].append(self.lines)
        self.lines = []

    def end_row(self) -> None:
        self.lines, cells = self.rows.pop()
        filled = [cell for cell in cells if cell]
        if len(filled) == 1:  # tables that only lay a page out have such rows
            self.lines.extend(filled[0])
        elif filled:
            while not cells[-1]:
                cells.pop()
            row = BETWEEN_CELLS.join(map(" ".join, cells))
            self.lines.append(" ".join(row.split()))

    def begin_heading(self) -> None:
        self.heading_from = None if self.rows else len(self.lines)

    def end_heading(self) -> None:
        if self.heading_from is not None and not self.rows and self.heading_from < len(self.lines):
            self.headings.append((self.heading_from, len(self.lines)))
        self.heading_from = None


def _superscript(match: re.Match[str]) -> str:
    raised = match[1] or ""
    number = raised.replace("&nbsp;", " ").strip()
    return number.translate(_SUPERSCRIPT) if _EXPONENT.fullmatch(number) else raised


def _nfc(line: str) -> str:
    return line if line.isascii() else unicodedata.normalize("NFC", line)
