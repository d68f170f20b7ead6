"""The flow that ingests digests: one task for each step of `warehouse.runs.ingest`.

Run it with `python -m flows.ingest [PATH…]`; without paths it takes `seeds/digests`.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Failed
from pydantic import BeforeValidator, Field

from flows import tasks
from flows.command import command, reach_server
from flows.progress import Progress
from flows.refetch import refetch as fetch_pages
from flows.states import end, warn
from warehouse.errors import PressError, UsageError
from warehouse.intake.paths import as_paths, refuse_missing, sort_out
from warehouse.project import IS_CHECKOUT, SHIPPED
from warehouse.report.summary import WARNING, summary
from warehouse.report.text import count, message, visible
from warehouse.runs.ingest import touched_releases
from warehouse.runs.isolate import OF_INPUT
from warehouse.runs.run import Run
from warehouse.settings import Settings, load_settings

SEEDS = SHIPPED / "seeds" / "digests"


def _run_name() -> str:
    """When and how many digests: `2025-06-01 11:00 Almaty · 3 digests`."""
    paths = [Path(path) for path in runtime.flow_run.parameters["paths"]]
    delivery = sort_out(paths, load_settings().home)
    return tasks.run_name(count(len(delivery.files), "digest"))


def _name(path: str | Path) -> Path:
    """A path as given, but for an empty one, which Python would take for the folder that the process is in."""
    try:
        return as_paths(path)[0]
    except UsageError as error:
        raise ValueError(str(error)) from None


@flow(name="ingest", flow_run_name=_run_name)
def ingest(
    paths: Annotated[list[Annotated[Path, BeforeValidator(_name)]], Field(min_length=1)],
    as_of: datetime | None = None,
    *,
    refetch: bool = False,
) -> State[Any]:
    """Load digests into the warehouse, check it and publish it.

    Ends `Completed` with what was loaded as its message, which begins with “Warning:” where something is odd; or
    `Failed` with the reason. The warehouse is then as before, except for good digests that were loaded beside refused
    ones, and for a load that is not to be trusted.

    Args:
        paths: Digests, or folders of *.txt digests.
        as_of: The moment to take as now; the clock's if empty.
        refetch: Also fetch the gov.kz pages of what was loaded.
    """
    return ingest_run(new_run(load_settings(), as_of), paths, refetch=refetch, as_of=as_of)


def new_run(settings: Settings, as_of: datetime | None) -> Run:
    """A run of this flow with progress artifacts for large digests."""
    progress_steps = {"parse": "Bytes read", "normalise": "Texts normalised", "load": "Tables loaded"}
    return Run(
        settings, as_of, flow_run_id=str(runtime.flow_run.id), progress=Progress("ingest-progress", progress_steps)
    )


def ingest_run(run: Run, paths: list[Path], *, refetch: bool, as_of: datetime | None) -> State[Any]:
    """Run every step as a task of the calling flow; returns the state in which that flow ends."""
    try:
        with run:
            received = tasks.read(run, paths)
            try:
                tasks.parse(run, received)
                tasks.normalise(run)
                tasks.load(run)
                tasks.check(run)
            except OF_INPUT as failure:
                tasks.load_others(run, received, failure)
            releases = touched_releases(run) if refetch else []
            tasks.publish(run)
    except PressError as error:
        return end(run.load_run, run.settings, error)
    state = end(run.load_run, run.settings)
    if not releases:
        return state
    pages = fetch_pages(only="due", releases=releases, as_of=as_of, return_state=True)
    if not pages.is_completed():
        return Failed(message=message(f"Its pages: {pages.message} {state.message}"), data=summary(run.load_run))
    if str(pages.message).startswith(WARNING):
        return warn(state, f"Its pages: {str(pages.message).removeprefix(WARNING).strip()}")
    return state


def main(wait: Callable[[], None] = lambda: None) -> None:
    """Run the flow on the paths given, print the summary, and exit: 1 failed, 2 wrong usage, 130 interrupted.

    Before it speaks to Prefect's server, it calls `wait`.
    """
    try:
        paths = [path.absolute() for path in as_paths(sys.argv[1:] or [SEEDS] * IS_CHECKOUT)]
        refuse_missing(paths)
    except UsageError as error:
        print(f"press: {visible(str(error))}", file=sys.stderr)
        sys.exit(2)
    try:
        with command():
            wait()
            reach_server()
            state = ingest(paths=paths, return_state=True)
    except KeyboardInterrupt:
        print("press: Interrupted: nothing is half done.", file=sys.stderr)
        sys.exit(130)
    if isinstance(text := state.result(raise_on_failure=False), str):
        print(f"\n{text}\n\nTry:\n{HINTS}")
    if not state.is_completed():
        print(f"press: {' '.join(str(state.message).split())}", file=sys.stderr)
        sys.exit(1)


PRESS = ".venv/bin/press" if IS_CHECKOUT else "press"
HINTS = f"""  {PRESS} query busiest_publishers
  {PRESS} query missing_bodies_by_publisher
  {PRESS} query releases_mentioning --param phrase=Kostanay"""


if __name__ == "__main__":
    main()
