"""The commands about gov.kz: refetch, discover, replay, edits, vanished, archive verify."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.terminal import FAILED, AsOfOption, WarehouseOption, progress_bar, reading
from warehouse.errors import UsageError
from warehouse.settings import Settings, load_settings

portal = typer.Typer()
archive = typer.Typer(help="The archive of what gov.kz answered.")
portal.add_typer(archive, name="archive")

PublisherOption = Annotated[
    list[str] | None, typer.Option("--publisher", metavar="SLUG", help="Only this publisher; repeatable.")
]


def _stay_small() -> None:
    """Let Polars take little: a run at the portal has a page at a time to read, and waits for most of its time.

    To be called before Polars is imported.
    """
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    # Its allocator gives back at once what it no longer needs.
    os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0")


@portal.command()
def refetch(
    only: Annotated[str, typer.Option(help="missing (releases without a body), due, or all.")] = "due",
    publisher: PublisherOption = None,
    language: Annotated[str, typer.Option(metavar="CODES", help="Languages, such as kk,ru,en.")] = "kk,ru,en",
    limit: Annotated[int | None, typer.Option(help="Visit no more pages than this.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be visited, and visit nothing.")] = False,
    as_of: AsOfOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Fetch pages of gov.kz, politely, and load what they say."""
    _stay_small()
    from warehouse.portal.visits.plan import Wishes
    from warehouse.report.refetch_summary import is_blind, plan_told, summary
    from warehouse.runs.refetch import Refetch

    with progress_bar() as progress:
        run = Refetch(load_settings().at(warehouse), as_of, progress=progress)
        with run:
            languages = [code.strip() for code in language.split(",")]
            plan = run.plan(Wishes(only, publisher or (), languages, limit=limit))
            if dry_run:
                print(plan_told(plan))
                return
            run.fetch()
            run.parse()
            run.load()
            run.check()
            run.publish()
    print(summary(run.report, run.fetched))
    if is_blind(run.fetched):
        raise typer.Exit(FAILED)


@portal.command()
def discover(
    publisher: PublisherOption = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Back to this day, like 2025-05-01.")] = None,
    limit: Annotated[int | None, typer.Option(help="No more releases of a publisher and language than this.")] = None,
    as_of: AsOfOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """List newest releases on gov.kz and load those that no digest named; without SLUG, of all known publishers."""
    _stay_small()
    from warehouse.report.refetch_summary import is_blind, summary
    from warehouse.runs.refetch import Refetch

    with progress_bar() as progress:
        run = Refetch(load_settings().at(warehouse), as_of, kind="discover", progress=progress)
        with run:
            run.discover(publisher or run.publishers(), since, limit)
            run.parse()
            run.load()
            run.check()
            run.publish()
    print(summary(run.report, run.fetched))
    if is_blind(run.fetched):
        raise typer.Exit(FAILED)


@portal.command()
def replay(
    accept_losses: Annotated[
        bool, typer.Option("--accept-losses", help="Go on without what the archive lacks; it is lost then.")
    ] = False,
    as_of: AsOfOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Read the archive of answers again and make every portal text anew, without the network."""
    from warehouse.report.refetch_summary import summary
    from warehouse.runs.refetch import replay as run

    with progress_bar() as progress:
        report = run(load_settings().at(warehouse), as_of, progress, accept_losses=accept_losses)
    print(summary(report))


@portal.command()
def edits(
    since: Annotated[str, typer.Option(metavar="DATE", help="Since this day, like 2025-05-01.")] = "1900-01-01",
    output: Annotated[str, typer.Option("--format", help="table, csv, json or parquet.")] = "table",
    warehouse: WarehouseOption = None,
) -> None:
    """What changed: every edit of a text, with its kind and the words before and after."""
    _answer("edits", {"since": since}, output, warehouse)


@portal.command()
def vanished(
    output: Annotated[str, typer.Option("--format", help="table, csv, json or parquet.")] = "table",
    warehouse: WarehouseOption = None,
) -> None:
    """What is gone from gov.kz, or was and came back, with the visits that say so."""
    _answer("vanished", {}, output, warehouse)


@archive.command()
def verify(warehouse: WarehouseOption = None) -> None:
    """Read the whole archive of answers and report what is damaged, or was loaded and is missing by now."""
    from warehouse.portal.archive.verify import verify as run
    from warehouse.report.output import visible

    settings = load_settings().at(warehouse)
    folder, loaded = settings.answers, _loaded(settings)
    if not folder.is_dir() and not loaded:
        raise UsageError(f"{folder} does not exist: nothing was fetched yet.")
    found = run(folder, loaded)
    for problem in found.problems:
        print(visible(f"{problem.file}, byte {problem.offset}: {problem.sentence}"))
    attempts, size = f"{found.attempts:,} attempts", f"{found.bytes:,} bytes"
    asides = f"{found.asides:,} answers on the way to them"
    print(f"{found.files} files, {attempts}, {asides}, {size}: {len(found.problems) or 'no'} problems.")
    if found.problems:
        raise typer.Exit(FAILED)


def _loaded(settings: Settings) -> dict[str, int]:
    """How many bytes of each file of the archive are loaded; nothing where no warehouse can be read."""
    from warehouse.errors import PressError

    if not (settings.published.exists() or settings.warehouse.exists()):
        return {}
    try:
        with reading(settings) as con:
            return dict(con.sql("select warc_file, bytes_loaded from portal_archive").fetchall())
    except PressError as error:
        print(f"Without the warehouse, missing files are not noticed. {error}", file=sys.stderr)
        return {}


def _answer(question: str, given: dict[str, str], output: str, warehouse: Path | None) -> None:
    from warehouse.report import questions as query
    from warehouse.report.output import write

    with reading(load_settings().at(warehouse)) as con:
        write(query.ask(con, query.question(question), given), output)
