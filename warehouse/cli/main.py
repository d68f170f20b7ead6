"""The command line: `press --help`.

Exit codes: 0 done (rejected records are reported), 1 failed, 2 wrong usage, 130 interrupted. An error is one line on
standard error. An unexpected one leaves its traceback in `press.log` beside the warehouse; `PRESS_LOG=debug` shows
tracebacks and steps on standard error.
"""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from warehouse.cli.backups import backup_commands
from warehouse.cli.export import export
from warehouse.cli.init import init
from warehouse.cli.messages import prepare_output, print_error, translate
from warehouse.cli.portal import portal
from warehouse.cli.settings import show_settings
from warehouse.cli.sql import sql
from warehouse.cli.terminal import (
    DONE,
    FAILED,
    AsOfOption,
    WarehouseOption,
    key_values,
    print_answer,
    progress_bar,
    settings_at,
)
from warehouse.errors import UsageError

app = typer.Typer(
    name="press",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(wish: object) -> None:
    if wish:
        from importlib.metadata import version as version_of

        print(f"press {version_of('press-warehouse')} (DuckDB {version_of('duckdb')})")
        raise typer.Exit


@app.callback()
def press(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version, and DuckDB's.")
    ] = False,
) -> None:
    """A warehouse of what the government of Kazakhstan publishes."""


app.add_typer(portal)
app.add_typer(backup_commands)
app.command("settings")(show_settings)
app.command()(init)
app.command()(export)
app.command()(sql)
log = logging.getLogger("press")

INTERRUPTED, READER_GONE = 128 + signal.SIGINT, 128 + 13


@app.command()
def ingest(
    paths: Annotated[
        # As text, because an empty path would become the current folder.
        list[str],
        typer.Argument(metavar="PATH…", help="Digests, or folders of *.txt digests."),
    ],
    warehouse: WarehouseOption = None,
    as_of: AsOfOption = None,
    force: Annotated[bool, typer.Option("--force", help="Read digests again that were loaded before.")] = False,
) -> None:
    """Load digests into the warehouse and publish it."""
    from warehouse.clock import utc
    from warehouse.intake.paths import as_paths, refuse_missing
    from warehouse.report.summary import reasons, summary
    from warehouse.runs.ingest import ingest as run

    settings, moment, chosen = settings_at(warehouse), utc(as_of), as_paths(paths)
    refuse_missing(chosen)
    with progress_bar() as progress:
        load_run = run(chosen, settings=settings, as_of=moment, force=force, progress=progress)
    if load_run.status != "failed":
        print(summary(load_run))
    for reason in reasons(load_run):
        print_error(reason)
    if load_run.is_incomplete:
        raise typer.Exit(FAILED)


@app.command()
def query(
    name: Annotated[str | None, typer.Argument(help="A saved question; without one, all are listed.")] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", metavar="KEY=VALUE", help="A parameter of the question; repeatable.")
    ] = None,
    output: Annotated[str, typer.Option("--format", help="table, csv, json or parquet.")] = "table",
    warehouse: WarehouseOption = None,
) -> None:
    """Ask a saved question, or list the questions."""
    if name is None:
        from warehouse.report.questions import questions

        for question in questions():
            takes = " ".join(f"--param {p.name}={p.default or '…'}" for p in question.parameters)
            print(f"{question.name:28} {question.text}" + (f"\n{'':28} {takes}" if takes else ""))
        return
    print_answer(name, key_values(param or []), output, warehouse)


@app.command()
def check(
    full: Annotated[bool, typer.Option("--full", help="Open the evidence of every row in the archive, too.")] = False,
    warehouse: WarehouseOption = None,
) -> None:
    """Run all checks over the whole warehouse, and list the observations that failed at the last run."""
    from warehouse.check.checks import run_checks, scope_everything
    from warehouse.check.outcomes import states
    from warehouse.database.connection import reading_published
    from warehouse.publish.evidence import ALL, broken_evidence
    from warehouse.publish.upkeep import NAMED
    from warehouse.report.summary import state_text
    from warehouse.report.text import visible

    settings = settings_at(warehouse)
    with reading_published(settings) as con:
        scope_everything(con)
        results = run_checks(con)
        known = {state.name: state for state in states(con)}
        broken = list(broken_evidence(con, settings.home, ALL)) if full else []
    for result in results:
        text = result.name if result.outcome == "passed" else visible(str(result))
        print(f"{result.outcome:7} {text}")
    for state in known.values():
        if state.outcome == "failing" and state.name not in {result.name for result in results}:
            print(f"failing {visible(state_text(state))}")
    if full:
        more = f" and {len(broken) - NAMED:,} more" if len(broken) > NAMED else ""
        print(visible(f"failed  evidence: {'; '.join(broken[:NAMED])}{more}") if broken else "passed  evidence")
    if broken or any(result.outcome == "failed" for result in results):
        raise typer.Exit(FAILED)


@app.command()
def dictionary(
    output: Annotated[Path, typer.Option("--output", help="Where to write it.")] = Path("docs/dictionary.md"),
) -> None:
    """Write the data dictionary."""
    from warehouse.files import AtomicFile
    from warehouse.report.dictionary import dictionary as text

    with AtomicFile(output) as file:
        file.partial.write_text(text(), encoding="utf-8")
    print(f"wrote {output}")


@app.command()
def automations(
    action: Annotated[str, typer.Argument(metavar="apply|list", help="Apply them to the server, or list them.")],
) -> None:
    """Set up alerts at the Prefect server: who hears when something goes wrong."""
    # The library does not import Prefect, which takes seconds: the flows are a program of their own.
    command = [sys.executable, "-m", "flows.serving.automations", action]
    # Otherwise Prefect makes a folder of its own in the user's home.
    prefect_home = Path(os.environ.get("PREFECT_HOME") or settings_at(None).home / "prefect")
    prefect_home.mkdir(parents=True, exist_ok=True)
    environ = {**os.environ, "PREFECT_HOME": str(prefect_home)}
    raise typer.Exit(subprocess.run(command, check=False, env=environ).returncode)  # noqa: S603 - our own module


@app.command()
def brief(
    day: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="A day like 2025-05-21; else the latest with releases.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Where to write it; else data/briefs/DATE.html.")
    ] = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Write the brief of a day: one self-contained page of HTML."""
    from warehouse.clock import day_of, parse_day, utc
    from warehouse.report.brief.edition import read, write
    from warehouse.report.brief.words import headline
    from warehouse.report.text import short, visible

    settings = settings_at(warehouse)
    chosen = parse_day(day) if day else None
    if chosen and chosen > day_of(utc(None)):
        raise UsageError(f"--date {day}: that day has not come yet, so there is nothing to brief about.")
    of_day = read(settings, chosen)
    print(visible(f"{headline(of_day)}\nWrote {short(write(settings, of_day, output))}"))


@app.command()
def rebuild(warehouse: WarehouseOption = None) -> None:
    """Rebuild the warehouse from its archive."""
    from warehouse.report.text import count
    from warehouse.runs.rebuild import rebuild as run

    settings = settings_at(warehouse)
    with progress_bar() as progress:
        loads = run(settings, progress)
    print(f"Rebuilt {settings.warehouse} from {count(loads, 'load')}.")


def main() -> None:
    """Run the command line on the arguments of the process and leave it with an exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command line; errors become one line on standard error. Returns the exit code."""
    interrupted = False

    def interrupt(*_: object) -> None:
        # DuckDB turns an interrupted statement into an error of its own, so remember the interrupt.
        nonlocal interrupted
        interrupted = True
        raise KeyboardInterrupt

    handler_before = signal.signal(signal.SIGINT, interrupt)
    code, warehouse = DONE, None
    try:
        prepare_output()
        # Not app(): that has its own exit codes and messages for interrupts and closed pipes.
        command = _show_summaries(typer.main.get_command(app))
        with command.make_context("press", list(arguments) or ["--help"]) as context:
            try:
                command.invoke(context)
            finally:
                warehouse = context.obj
        sys.stdout.flush()
    except typer.Exit as ended:
        code = ended.exit_code
    except BrokenPipeError:
        # The reader closed the pipe; Python must not try to write the rest when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = READER_GONE
    except (Exception, KeyboardInterrupt) as error:
        log.debug("the command failed", exc_info=error)
        is_interrupt = interrupted or isinstance(error, KeyboardInterrupt)
        message, code = (
            ("Interrupted: nothing is half done.", INTERRUPTED) if is_interrupt else translate(error, warehouse)
        )
        print_error(message)
    finally:
        signal.signal(signal.SIGINT, handler_before)
    return code


def _show_summaries(command: Any) -> Any:
    """The command with the summaries of those below it in full: by itself a list of commands cuts them to a line."""
    for below in getattr(command, "commands", {}).values():
        below.short_help = _show_summaries(below).help
    return command


if __name__ == "__main__":
    main()
