r"""What a spreadsheet makes of cells: which texts it would run as formulas, and what Excel cannot hold.

A text runs if it begins with one of `= + - @` or their full-width forms, whatever blanks and quotes stand before, and
may run if it begins with a tab or a line break; an apostrophe in front makes it text (OWASP, “CSV Injection”). In
Kazakhstan Excel takes `;` for what separates cells: it cuts a text there and at its line breaks, and what follows runs
likewise. Numbers are no texts: a negative one stays what it is.

Limits: Microsoft, “Excel specifications and limits”.
"""

import re
from datetime import date

from warehouse.errors import UsageError
from warehouse.report.text import count

BLANKS, SIGN = '[\\s"\x00-\x1f\u200b-\u200d\u2060\ufeff]*', "[=+\\-@＝＋－＠]"
FIRST = re.compile(f"{BLANKS}{SIGN}|[\t\r\n\x00]")
INNER = re.compile(f"([;\t\r\n])(?={BLANKS}{SIGN})")

SHEET_ROWS, SHEET_COLUMNS, CELL_UNITS, EXACT = 1_048_576, 16_384, 32_767, 10**15
"""Rows and columns of a sheet, UTF-16 units of a cell, and the least whole number whose digits Excel may lose."""

FIRST_DAY = date(1900, 1, 1)

UNHELD = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Control characters, which the XML in a workbook cannot hold; a carriage return stands for a line break."""


def harmless(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet could take it, or what it cuts off it, for a formula."""
    inner = INNER.sub(r"\1'", text)
    return f"'{inner}" if FIRST.match(text) else inner


def units(text: str) -> int:
    """How many UTF-16 units a text has, by which Excel counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def fit(text: str) -> str:
    """The first characters of a text that is too long for a cell, and how many more it has."""
    kept = text.encode("utf-16-le")[: 2 * (CELL_UNITS - len("… (1,000,000,000 more characters)"))]
    beginning = kept.decode("utf-16-le", errors="ignore")
    return f"{beginning}… ({len(text) - len(beginning):,} more characters)"


def refuse_row(number: int, table: str) -> None:
    """Raise UsageError for a row that a sheet, whose first line has the names of columns, has no place for."""
    if number >= SHEET_ROWS:
        raise UsageError(
            f"{table} has more than {SHEET_ROWS - 1:,} rows, which is all that a sheet of Excel holds: "
            "ask for fewer with --sql, or take --format csv without --for-excel."
        )


class Notes:
    """What is not in Excel as it is in the warehouse: how often, and the first place of each kind."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._places: dict[str, str] = {}

    def add(self, kind: str, column: str, row: int) -> None:
        """Note one cell; the line of names is row 1."""
        self._places.setdefault(kind, f"row {row:,}, {column}")
        self._counts[kind] = self._counts.get(kind, 0) + 1

    def lines(self) -> list[str]:
        """One line for each kind: “Excel: dates before 1900 are text: 2 cells, the first in row 7, event_date.”."""
        return [
            f"Excel: {kind}: {count(number, 'cell')}, the first in {self._places[kind]}."
            for kind, number in self._counts.items()
        ]
