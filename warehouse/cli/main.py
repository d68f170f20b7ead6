"""The command line: `press --help`.

Exit codes: 0 done (rejected records are reported), 1 failed, 2 wrong usage, 130 interrupted. An error is one line on
standard error. An unexpected one leaves its traceback in `press.log` beside the warehouse; `PRESS_LOG=debug` shows
tracebacks and steps on standard error.
"""

import io
import logging
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from warehouse.cli.backups import backup_commands
from warehouse.cli.init import init
from warehouse.cli.portal import portal
from warehouse.cli.settings import show_settings
from warehouse.cli.terminal import DONE, FAILED, WRONG_USAGE, AsOfOption, WarehouseOption, print_answer, progress_bar
from warehouse.errors import PressError, UsageError
from warehouse.files import AtomicFile
from warehouse.settings import load_settings

app = typer.Typer(
    name="press",
    help="A warehouse of what the government of Kazakhstan publishes.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.add_typer(portal)
app.add_typer(backup_commands)
app.command("settings")(show_settings)
app.command()(init)
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

    settings, moment, chosen = load_settings().at(warehouse), utc(as_of), as_paths(paths)
    refuse_missing(chosen)
    with progress_bar() as progress:
        load_run = run(chosen, settings=settings, as_of=moment, force=force, progress=progress)
    if load_run.status != "failed":
        print(summary(load_run))
    for reason in reasons(load_run):
        _print_error(reason)
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
    values = {}
    for pair in param or []:
        key, sign, value = pair.partition("=")
        if not sign:
            raise UsageError(f"--param {pair}: write it as KEY=VALUE.")
        values[key] = value
    print_answer(name, values, output, warehouse)


@app.command()
def check(warehouse: WarehouseOption = None) -> None:
    """Run all checks over the whole warehouse, and list the observations that failed at the last run."""
    from warehouse.check.checks import run_checks, scope_everything
    from warehouse.check.outcomes import states
    from warehouse.database.connection import reading_published
    from warehouse.report.summary import state_text
    from warehouse.report.text import visible

    with reading_published(load_settings().at(warehouse)) as con:
        scope_everything(con)
        results = run_checks(con)
        known = {state.name: state for state in states(con)}
    for result in results:
        text = result.name if result.outcome == "passed" else visible(str(result))
        print(f"{result.outcome:7} {text}")
    for state in known.values():
        if state.outcome == "failing" and state.name not in {result.name for result in results}:
            print(f"failing {visible(state_text(state))}")
    if any(result.outcome == "failed" for result in results):
        raise typer.Exit(FAILED)


@app.command()
def dictionary(
    output: Annotated[Path, typer.Option("--output", help="Where to write it.")] = Path("docs/dictionary.md"),
) -> None:
    """Write the data dictionary."""
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
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - our own module


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

    settings = load_settings().at(warehouse)
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

    settings = load_settings().at(warehouse)
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
    code = DONE
    try:
        _prepare_output()
        # Not app(): that has its own exit codes and messages for interrupts and closed pipes.
        command = typer.main.get_command(app)
        with command.make_context("press", list(arguments) or ["--help"]) as context:
            command.invoke(context)
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
        message, code = ("Interrupted: nothing is half done.", INTERRUPTED) if is_interrupt else _translate(error)
        _print_error(message)
    finally:
        signal.signal(signal.SIGINT, handler_before)
    return code


def _translate(error: BaseException) -> tuple[str, int]:
    """An error as a line for a person, and the exit code that goes with it."""
    if isinstance(error, UsageError):
        return str(error), WRONG_USAGE
    if isinstance(error, TyperException):
        return f"{error.format_message().rstrip('.')}. See press --help.", WRONG_USAGE
    if isinstance(error, PressError):
        return str(error), FAILED
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}{f': {error.filename}' if error.filename else ''}.", FAILED
    return f"{type(error).__name__}: {error}. {_save_traceback(error)}", FAILED


def _prepare_output() -> None:
    """Write UTF-8 to files and pipes, survive a terminal that lacks a letter, and set up the log."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    level = os.environ.get("PRESS_LOG", "error").upper()
    if level not in logging.getLevelNamesMapping():
        raise UsageError(f"PRESS_LOG is “{level}”; it can be debug, info, warning or error.")
    handler = logging.StreamHandler()
    handler.setFormatter(_VisibleFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])


class _VisibleFormatter(logging.Formatter):
    """Keep names of files and titles in the log from acting on a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        from warehouse.report.text import visible

        return visible(super().format(record))


def _save_traceback(error: BaseException) -> str:
    """Append the traceback of an unexpected error to `press.log`; returns a sentence about where it is."""
    try:
        path = load_settings().home / "press.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n{''.join(traceback.format_exception(error))}\n")
    except (OSError, PressError):
        return "(PRESS_LOG=debug shows the traceback.)"
    return f"This is a fault of press; the traceback is in {path}."


def _print_error(error: str) -> None:
    """Print what is wrong as one line of bounded length on standard error."""
    from warehouse.report.text import message

    print(f"press: {' '.join(message(error).split())}", file=sys.stderr)


if __name__ == "__main__":
    main()
