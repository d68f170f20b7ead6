"""The command line: `press --help`.

Exit codes: 0 done (rejected records are reported), 1 failed, 2 wrong usage. Errors are one line on standard error; the
traceback goes to the log, which `PRESS_LOG=debug` shows.
"""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from warehouse.errors import PressError, UsageError
from warehouse.settings import Settings, load_settings

app = typer.Typer(
    name="press",
    help="A warehouse of what the government of Kazakhstan publishes.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

WarehouseOption = Annotated[
    Path | None, typer.Option("--warehouse", metavar="FILE", help="The warehouse to use instead of PRESS_WAREHOUSE.")
]
log = logging.getLogger("press")


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Digests, or folders of *.txt digests.")],
    warehouse: WarehouseOption = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="TIME", help="The moment to take as now, like 2025-06-01T06:00:00Z.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Read digests again that were loaded before.")] = False,
) -> None:
    """Load digests into the warehouse and publish it."""
    from warehouse.ingest import ingest as run
    from warehouse.summary import summary

    settings = load_settings().at(warehouse)
    with _progress_bar() as progress:
        report = run(paths, settings=settings, as_of=as_of, force=force, progress=progress)
    print(summary(report))
    if report.refused:
        for message in report.refused.values():
            print(f"press: {message}", file=sys.stderr)
        raise typer.Exit(1)


@app.command()
def query(
    name: Annotated[str | None, typer.Argument(help="A saved question; without one they are all listed.")] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", metavar="KEY=VALUE", help="A parameter of the question; repeatable.")
    ] = None,
    output: Annotated[str, typer.Option("--format", help="table, csv, json or parquet.")] = "table",
    warehouse: WarehouseOption = None,
) -> None:
    """Ask a saved question of the published warehouse, or list the questions."""
    from warehouse import query as saved
    from warehouse.database import reading
    from warehouse.output import write

    if name is None:
        for question in saved.questions():
            takes = " ".join(f"--param {p.name}={p.default or '…'}" for p in question.parameters)
            print(f"{question.name:28} {question.text}" + (f"\n{'':28} {takes}" if takes else ""))
        return
    given = {}
    for pair in param or []:
        key, sign, value = pair.partition("=")
        if not sign:
            raise UsageError(f"--param {pair}: write it as KEY=VALUE.")
        given[key] = value
    question = saved.question(name)
    with reading(_readable(load_settings().at(warehouse))) as con:
        write(saved.ask(con, question, given), output)


@app.command()
def check(warehouse: WarehouseOption = None) -> None:
    """Run all checks over the whole warehouse."""
    from warehouse.checks import run_checks, scope_everything
    from warehouse.database import reading

    with reading(_readable(load_settings().at(warehouse))) as con:
        scope_everything(con)
        results = run_checks(con)
    for result in results:
        print(f"{result.outcome:7} {result.name}" if result.outcome == "passed" else f"{result.outcome:7} {result}")
    if any(result.outcome == "failed" for result in results):
        raise typer.Exit(1)


@app.command()
def dictionary(
    output: Annotated[Path, typer.Option("--output", help="Where to write it.")] = Path("docs/dictionary.md"),
) -> None:
    """Write the data dictionary from the comments of the schema."""
    from warehouse.dictionary import dictionary as text

    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text(), encoding="utf-8")
    except OSError as error:
        raise PressError(f"{output} cannot be written: {error.strerror}.") from error
    print(f"wrote {output}")


@app.command()
def rebuild(warehouse: WarehouseOption = None) -> None:
    """Make the warehouse again from the archive of digests, for another schema or a damaged file."""
    from warehouse.rebuild import rebuild as run

    settings = load_settings().at(warehouse)
    with _progress_bar() as progress:
        loads = run(settings, progress)
    print(f"Rebuilt {settings.warehouse} from {loads} loads.")


def _readable(settings: Settings) -> Path:
    """The published copy, or the warehouse itself when it was never published."""
    return settings.published if settings.published.exists() else settings.warehouse


class _progress_bar:
    """A progress bar on a terminal, nothing elsewhere; gives the function to tell of progress."""

    def __enter__(self) -> Callable[[str, int, int], None]:
        if not sys.stderr.isatty():
            return lambda step, done, total: None
        from rich.console import Console
        from rich.progress import Progress

        self.bar = Progress(console=Console(stderr=True), transient=True)
        self.bar.start()
        tasks: dict[str, object] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = self.bar.add_task(step, total=total or None)
            self.bar.update(tasks[step], completed=done, total=total or None)  # type: ignore[arg-type]

        return tell

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "bar"):
            self.bar.stop()


def main() -> None:
    """Run the command line; errors become one line and an exit code."""
    logging.basicConfig(
        level=os.environ.get("PRESS_LOG", "error").upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    try:
        app()
    except UsageError as error:
        log.debug("wrong usage", exc_info=error)
        print(f"press: {error}", file=sys.stderr)
        sys.exit(2)
    except PressError as error:
        log.debug("failed", exc_info=error)
        print(f"press: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
