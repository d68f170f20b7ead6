"""The commands about gov.kz: refetch, discover, replay, edits, vanished, archive verify."""

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.cli.terminal import FAILED, AsOfOption, WarehouseOption, print_answer, progress_bar, settings_at

if TYPE_CHECKING:
    from warehouse.runs.load_run import LoadRun
    from warehouse.settings import Settings

portal = typer.Typer()
archive = typer.Typer(help="The archive of what gov.kz answered.")
portal.add_typer(archive, name="archive")

PublisherOption = Annotated[
    list[str] | None, typer.Option("--publisher", metavar="SLUG", help="Only this publisher; repeatable.")
]


def _stay_small() -> None:
    """Make Polars use little memory: a run at the portal reads a page at a time, and mostly waits.

    Call it before Polars is imported.
    """
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    # Its allocator gives memory back at once.
    os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0")


def _end(load_run: "LoadRun") -> None:
    """Print the summary of a run at the portal; it has failed where the portal showed it no page."""
    from warehouse.report.summary import summary
    from warehouse.report.text import visible

    print(summary(load_run))
    if load_run.tally is not None and load_run.tally.is_blind:
        print(f"press: {visible(load_run.tally.cause)}", file=sys.stderr)
        raise typer.Exit(FAILED)


@portal.command()
def refetch(
    only: Annotated[str, typer.Option(help="missing (releases without a body), due, or all.")] = "due",
    publisher: PublisherOption = None,
    language: Annotated[str, typer.Option(metavar="CODES", help="Languages, such as kk,ru,en.")] = "kk,ru,en",
    limit: Annotated[int | None, typer.Option(help="Visit no more pages than this.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the pages to visit, and visit none.")] = False,
    as_of: AsOfOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Fetch pages of gov.kz, politely, and load them."""
    _stay_small()
    from warehouse.portal.visits.plan import Wishes
    from warehouse.report.summary import plan_summary
    from warehouse.runs import refetch as run
    from warehouse.runs.pages import small_run

    settings = settings_at(warehouse)
    languages = [code.strip() for code in language.split(",")]
    wishes = Wishes(only, publisher or (), languages, limit=limit)
    with progress_bar() as progress:
        if dry_run:
            with small_run(settings, as_of, "refetch") as planning:
                plan = run.plan(planning, wishes)
            print(plan_summary(plan))
            return
        load_run = run.refetch(settings, wishes, as_of, progress)
    _end(load_run)


@portal.command()
def discover(
    publisher: PublisherOption = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Back to this day, like 2025-05-01.")] = None,
    limit: Annotated[int | None, typer.Option(help="No more releases of a publisher and language than this.")] = None,
    as_of: AsOfOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """List the newest releases on gov.kz and load those that no digest has; without SLUG, of all known publishers."""
    _stay_small()
    from warehouse.runs.discover import discover as run

    with progress_bar() as progress:
        load_run = run(
            settings_at(warehouse), publisher or (), since=since, limit=limit, as_of=as_of, progress=progress
        )
    _end(load_run)


@portal.command()
def replay(
    accept_losses: Annotated[
        bool, typer.Option("--accept-losses", help="Go on without what the archive lacks; that is lost then.")
    ] = False,
    as_of: AsOfOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Rebuild every portal text from the archive of answers, without the network."""
    from warehouse.report.summary import summary
    from warehouse.runs.pages import replay as run

    with progress_bar() as progress:
        load_run = run(settings_at(warehouse), as_of, progress, accept_losses=accept_losses)
    print(summary(load_run))


@portal.command()
def edits(
    since: Annotated[str, typer.Option(metavar="DATE", help="Since this day, like 2025-05-01.")] = "1900-01-01",
    output: Annotated[str, typer.Option("--format", help="table, csv, json or parquet.")] = "table",
    warehouse: WarehouseOption = None,
) -> None:
    """List the edits of texts, each with its kind and the words before and after."""
    print_answer("edits", {"since": since}, output, warehouse)


@portal.command()
def vanished(
    output: Annotated[str, typer.Option("--format", help="table, csv, json or parquet.")] = "table",
    warehouse: WarehouseOption = None,
) -> None:
    """List the pages that are gone from gov.kz, or came back, with the visits that show it."""
    print_answer("vanished", {}, output, warehouse)


@archive.command()
def verify(warehouse: WarehouseOption = None) -> None:
    """Read the whole archive of answers and report what is damaged, or was loaded and is now missing."""
    from warehouse.portal.archive.verify import verify as run
    from warehouse.report.text import count, visible

    settings = settings_at(warehouse)
    folder, loaded = settings.answers, _loaded_bytes(settings)
    if not folder.is_dir() and not loaded:
        print("Nothing was fetched yet, so there is nothing to verify.")
        return
    result = run(folder, loaded)
    for problem in result.problems:
        print(visible(f"{problem.file}, byte {problem.offset}: {problem.sentence}"))
    read = [count(result.files, "file"), count(result.attempts, "attempt")]
    read += [f"{count(result.asides, 'answer')} on the way to them", count(result.bytes, "byte")]
    problems = count(len(result.problems), "problem") if result.problems else "no problems"
    print(f"{', '.join(read)}: {problems}.")
    if result.problems:
        raise typer.Exit(FAILED)


def _loaded_bytes(settings: "Settings") -> dict[str, int]:
    """How many bytes of each file of the archive are loaded; empty where no warehouse can be read."""
    from warehouse.database.connection import reading_published
    from warehouse.errors import PressError
    from warehouse.portal.archive.verify import loaded_bytes

    if not (settings.published.exists() or settings.warehouse.exists()):
        return {}
    try:
        with reading_published(settings) as con:
            return loaded_bytes(con)
    except PressError as error:
        print(f"Without the warehouse, missing files are not noticed. {error}", file=sys.stderr)
        return {}
