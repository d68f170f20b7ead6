"""`press export`: tables and answers as files for other tools."""

from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.terminal import WarehouseOption, key_values, settings_at
from warehouse.errors import UsageError


def export(
    tables: Annotated[
        list[str] | None, typer.Argument(metavar="[TABLE…]", help="Tables or views; all that people work with if none.")
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--format", help="xlsx, csv, parquet, sqlite, datapackage or duckdb; else as --out ends."),
    ] = None,
    query: Annotated[
        str | None, typer.Option("--query", metavar="NAME", help="The answer to a saved question.")
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", metavar="KEY=VALUE", help="A parameter of the question; repeatable.")
    ] = None,
    sql: Annotated[str | None, typer.Option("--sql", help="The answer to a statement that reads.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="Where to write it; else a file of its name, here.")
    ] = None,
    for_excel: Annotated[
        bool, typer.Option("--for-excel", help="CSV that Excel reads as UTF-8 and runs no formula of.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    warehouse: WarehouseOption = None,
) -> None:
    """Export tables, or the answer to a question, for other tools."""
    from warehouse.report.export.export import SUFFIXES, Wish
    from warehouse.report.export.export import export as run
    from warehouse.report.text import count, short, visible

    chosen = output or (out and out.suffix.removeprefix("."))
    if not chosen:
        raise UsageError(f"--format is missing: it can be {', '.join(SUFFIXES)}.")
    values = key_values(param or [])
    wish = Wish(chosen, tuple(tables or ()), query, values, sql, out, for_excel=for_excel, force=force)
    done = run(settings_at(warehouse), wish)
    of = f"{count(done.tables, 'table')}, " if done.tables > 1 else ""
    print(visible(f"Wrote {short(done.path)}: {of}{count(done.rows, 'row')}."))
    for note in done.notes:
        print(visible(note))
