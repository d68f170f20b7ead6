"""CSV: as other programs read it, or as Excel may open it."""

from pathlib import Path

from warehouse.report.export.spreadsheet import CELL_UNITS, EXACT, Notes, harmless, refuse_row, units
from warehouse.report.export.tables import Table
from warehouse.report.output import csv_field, plain, rows_of


def write_csv(table: Table, path: Path) -> int:
    """Write a table in UTF-8, fields as `press query --format csv` has them; returns how many rows it has."""
    number = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(csv_field(column.name) for column in table.columns) + "\n")
        for row in rows_of(table.rows):
            file.write(",".join(map(csv_field, row)) + "\n")
            number += 1
    return number


def write_csv_for_excel(table: Table, path: Path, notes: Notes) -> int:
    """Write a table with a byte-order mark, every text quoted and none of them a formula; returns its rows.

    Raises UsageError for more rows than a sheet has. `notes` get what Excel will not show as it is.
    """
    number = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(",".join(_quoted(column.name) for column in table.columns) + "\n")
        for number, row in enumerate(rows_of(table.rows), start=1):
            refuse_row(number, table.name)
            fields = []
            for column, value in zip(table.columns, row, strict=True):
                field, kinds = _field(value)
                fields.append(field)
                for kind in kinds:
                    notes.add(kind, column.name, number + 1)
            file.write(",".join(fields) + "\n")
    return number


def _field(value: object) -> tuple[str, list[str]]:
    """A value as a field for Excel, and what is to be noted about it."""
    known = None if value is None else plain(value)
    kinds = []
    if isinstance(known, str):
        if harmless(known) != known:
            kinds.append("texts that would run as formulas have an apostrophe now")
        if units(known) > CELL_UNITS:
            kinds.append(f"texts of more than {CELL_UNITS:,} characters will be cut")
        return _quoted(known), kinds
    if isinstance(known, int) and abs(known) >= EXACT:
        kinds.append("whole numbers of more than 15 digits will be rounded")
    return csv_field(value), kinds


def _quoted(text: str) -> str:
    return '"' + harmless(text).replace('"', '""') + '"'
