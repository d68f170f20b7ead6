"""What `warehouse.report.table` promises: tables look as Rich would print them."""

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console, ConsoleRenderable, RenderHook
from rich.table import Table
from rich.text import Text

from warehouse.report.table import Cells, Side, print_table

CELLS = st.text(st.sampled_from("aB1 -–“é日😀\u0301\n"), max_size=40)
COLUMNS: list[tuple[str, Side]] = [("key", "right"), ("a longer name", "left"), ("title", "left")]


def console(width: int) -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    return Console(width=width, file=file, highlight=False), file


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=4), st.integers(20, 60))
@example([], 60)
@example([("12", "", "one line\nand another "), ("3", "x" * 90, "")], 40)
def test_a_table_looks_as_rich_prints_it(rows: list[tuple[str, str, str]], width: int) -> None:
    ours, seen = console(width)
    print_table(ours, Cells(COLUMNS, [[*row] for row in rows]))
    theirs, expected = console(width)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, justify in COLUMNS:
        table.add_column(Text(name), justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    theirs.print(table)
    assert seen.getvalue() == expected.getvalue()


@pytest.mark.parametrize("rows", [1, 1000])
def test_rich_lays_out_no_more_for_many_rows_than_for_one(rows: int) -> None:
    ours, _ = console(60)
    hook = Hook()
    ours.push_render_hook(hook)
    print_table(ours, Cells(COLUMNS, [["1", "one", "two"]] * rows))
    assert len(hook.renderables) == 1


class Hook(RenderHook):
    """Notes what Rich prints."""

    def __init__(self) -> None:
        self.renderables: list[ConsoleRenderable] = []

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        self.renderables += renderables
        return renderables
