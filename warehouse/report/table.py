"""Lay out cells as a table for people, as Rich does, which takes a second for a thousand rows.

Rich sets the widths by the cells that decide them, prints the header, and wraps what is too wide for its column.
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Literal, NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

GAP = "  "

Side = Literal["left", "right"]
Column = tuple[str, Side]
"""The name of a column, and the side to which its cells are set."""


class Cells(NamedTuple):
    """What a table shows: cells may have line feeds, and nothing that acts."""

    columns: list[Column]
    rows: list[list[str]]


class _Layout(Table):
    """A table of no more than what its columns need to be measured."""

    def __init__(self, columns: Sequence[Column], widths: Sequence[int | None]) -> None:
        super().__init__(box=None, header_style="bold", pad_edge=False)
        for (name, justify), width in zip(columns, widths, strict=True):
            self.add_column(Text(name), justify=justify, overflow="fold", width=width)

    def widths(self, console: Console) -> list[int]:
        """The width of each column, without the blanks between them."""
        widths = self._calculate_column_widths(console, console.options)
        return [width - self._get_padding_width(index) for index, width in enumerate(widths)]


def print_table(console: Console, table: Cells) -> None:
    """Print a table, as wide as the console at most."""
    columns, rows = table
    layout = _Layout(columns, [None] * len(columns))
    widest = [_widest([row[index] for row in rows]) for index in range(len(columns))] if rows else []
    for cells in zip(*widest, strict=True):
        layout.add_row(*map(Text, cells))
    widths = layout.widths(console)
    console.print(_Layout(columns, widths))
    justify = [side for _, side in columns]
    for row in rows:
        columns_of_lines = [_lines(console, *cell) for cell in zip(row, widths, justify, strict=True)]
        for line in zip_longest(*columns_of_lines):
            texts = (text or " " * width for text, width in zip(line, widths, strict=True))
            console.file.write(GAP.join(texts) + "\n")


def _widest(cells: Sequence[str]) -> tuple[str, str]:
    """The cells that have the widest line and the widest word."""
    of_line = of_word = cells[0]
    line = word = 0
    for cell in cells:
        width = max(map(cell_len, cell.splitlines()), default=0)
        if width > line:
            of_line, line = cell, width
        if width > word and (longest := max(map(cell_len, cell.split()), default=width)) > word:
            of_word, word = cell, longest
    return of_line, of_word


def _lines(console: Console, cell: str, width: int, justify: Side) -> Iterator[str]:
    """The lines of a cell, each as wide as its column."""
    is_right = justify == "right"
    bare = cell.rstrip() if is_right else cell
    blank = width - cell_len(bare)
    if blank >= 0 and "\n" not in cell:
        yield " " * blank + bare if is_right else bare + " " * blank
    else:
        for line in Text(cell).wrap(console, width, justify=justify, overflow="fold"):
            yield line.plain
