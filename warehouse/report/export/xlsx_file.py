"""Excel workbooks: every cell has a type, and no text is a formula or a link.

Written by XlsxWriter row by row, so that memory does not follow the rows. openpyxl takes a third more time and makes a
formula of every text that begins with `=`.
"""

import itertools
import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from warehouse.errors import UsageError
from warehouse.report.export.snapshot import LICENCE, RIGHTS, SOURCE, Snapshot
from warehouse.report.export.spreadsheet import (
    CELL_UNITS,
    EXACT,
    FIRST_DAY,
    SHEET_COLUMNS,
    UNHELD,
    Notes,
    fit,
    refuse_row,
    units,
)
from warehouse.report.export.tables import Table
from warehouse.report.output import plain_text, rows_of

FORBIDDEN, LONGEST_NAME = re.compile(r"[\[\]:*?/\\]"), 31
"""Of names of sheets."""

EXACT_DIGITS = 15

FIRST_ROWS = 100
"""Rows that the widths of columns follow."""

NARROW, WIDE = 8, 60
"""Characters that a column is wide, at least and at most."""

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "remove_timezone": True,
}


def write_xlsx(tables: Sequence[Table], path: Path, snapshot: Snapshot, notes: Notes) -> int:
    """Write each table as a sheet, and a last one that says what they are; returns how many rows they have.

    Raises UsageError for more rows or columns than a sheet has. `notes` get what Excel cannot hold as it is.
    """
    with Workbook(path, {**OPTIONS, "tmpdir": str(path.parent)}) as book:
        if snapshot.as_of:
            # Not the moment of the export: the same rows make the same file.
            book.set_properties({"created": snapshot.as_of})
        styles = {
            "head": book.add_format({"bold": True}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "time": book.add_format({"num_format": "hh:mm:ss"}),
        }
        total = sum(_write_table(book, table, styles, notes) for table in tables)
        _write_about(book, tables, snapshot, styles["head"])
    return total


def _write_table(book: Workbook, table: Table, styles: dict[str, Format], notes: Notes) -> int:
    if len(table.columns) > SHEET_COLUMNS:
        raise UsageError(f"{table.name} has more than {SHEET_COLUMNS:,} columns, which is all that a sheet holds.")
    sheet = _add_sheet(book, table.name)
    widths = [len(column.name) + 4 for column in table.columns]
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.name, styles["head"])
    number = 0
    for number, row in enumerate(rows_of(table.rows), start=1):
        refuse_row(number, table.name)
        for place, value in enumerate(row):
            if value is None:
                continue
            cell, kinds = _cell(value)
            _write_cell(sheet, number, place, cell, styles)
            for kind in kinds:
                notes.add(kind, table.columns[place].name, number + 1)
            if number <= FIRST_ROWS:
                widths[place] = max(widths[place], len(str(cell)))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, number, len(table.columns) - 1)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(max(width, NARROW), WIDE))
    return number


def _cell(value: object) -> tuple[object, list[str]]:
    """A value as a cell can hold it, and in which ways that is not as it was."""
    cell, kinds = value, list[str]()
    match value:
        case bool() | time():
            pass
        case int() if abs(value) >= EXACT:
            cell, kinds = str(value), ["whole numbers of more than 15 digits are text"]
        case Decimal() if len(value.as_tuple().digits) > EXACT_DIGITS:
            cell, kinds = str(value), ["decimals of more than 15 digits are text"]
        case Decimal():
            cell = float(value)
        case int() | float() if math.isfinite(value):
            pass
        case datetime():
            # Excel knows no zones; a moment that has one is in UTC.
            cell, kinds = _on_calendar(value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value)
        case date():
            cell, kinds = _on_calendar(value)
        case _:
            cell, kinds = _text(plain_text(value))
    return cell, kinds


def _on_calendar(moment: date) -> tuple[object, list[str]]:
    """A day, or a moment of one, where Excel's calendar has it; else as text."""
    day = moment.date() if isinstance(moment, datetime) else moment
    return (moment, []) if day >= FIRST_DAY else (moment.isoformat(), ["dates before 1900 are text"])


def _text(text: str) -> tuple[object, list[str]]:
    kinds = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    held = UNHELD.sub("\N{REPLACEMENT CHARACTER}", lines)
    if held != lines:
        kinds.append("control characters are \N{REPLACEMENT CHARACTER} now")
    if units(held) > CELL_UNITS:
        held = fit(held)
        kinds.append("texts too long for a cell are cut, and say what is left out")
    return held, kinds


def _write_cell(sheet: Worksheet, row: int, place: int, cell: object, styles: dict[str, Format]) -> None:
    match cell:
        case bool():
            sheet.write_boolean(row, place, cell)
        case int() | float():
            sheet.write_number(row, place, cell)
        case datetime():
            sheet.write_datetime(row, place, cell, styles["moment"])
        case date():
            sheet.write_datetime(row, place, cell, styles["day"])
        case time():
            sheet.write_datetime(row, place, cell, styles["time"])
        case _:
            sheet.write_string(row, place, str(cell))


def _write_about(book: Workbook, tables: Sequence[Table], snapshot: Snapshot, head: Format) -> None:
    """A sheet with where the rows come from, and what tables and columns hold."""
    sheet = _add_sheet(book, "about")
    lines = [
        ("warehouse", snapshot.name),
        ("SHA-256", snapshot.sha256),
        ("load", snapshot.run_id or ""),
        ("as of", snapshot.moment or ""),
        ("source", f"{SOURCE['title']}: {SOURCE['path']}"),
        ("licence", f"{LICENCE['title']}. {RIGHTS}"),
    ]
    for table in tables:
        lines += [("", ""), (table.name, table.words)]
        lines += [(column.name, column.words) for column in table.columns]
    for row, (name, words) in enumerate(lines):
        sheet.write_string(row, 0, name, head)
        sheet.write_string(row, 1, str(_text(words)[0]))
    sheet.set_column(0, 0, WIDE // 2)
    sheet.set_column(1, 1, 2 * WIDE)


def _add_sheet(book: Workbook, name: str) -> Worksheet:
    """A sheet with this name as far as Excel takes it: 31 characters, none of a few, and no other sheet's."""
    known = {sheet.name.lower() for sheet in book.worksheets()}
    plain = FORBIDDEN.sub("-", name)[:LONGEST_NAME].strip("'") or "rows"
    others = (f"{plain[: LONGEST_NAME - 4]} {number}" for number in itertools.count(2))
    return book.add_worksheet(
        next(each for each in (plain, *itertools.islice(others, 999)) if each.lower() not in known)
    )
