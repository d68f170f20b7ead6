"""The flow that fetches pages of gov.kz: one task for each step of `warehouse.runs.refetch`.

Run it with `python -m flows.refetch`. It asks at most one page a second, so an hourly schedule should give a `limit`.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from pydantic import Field

from flows import tasks
from flows.command import command, reach_server
from flows.progress import Progress
from flows.states import end, end_nothing_yet
from warehouse.errors import PressError
from warehouse.portal.visits.plan import Wishes
from warehouse.runs.pages import small_run
from warehouse.runs.run import Run
from warehouse.settings import load_settings

NOTHING_YET = "Nothing is loaded yet, so there is no page to ask gov.kz for."


def _run_name() -> str:
    """When, and what: `2025-06-01 11:00 Almaty · due`."""
    return tasks.run_name(runtime.flow_run.parameters.get("only", "due"))


@flow(name="refetch", flow_run_name=_run_name)
def refetch(
    only: Literal["missing", "due", "all"] = "due",
    publishers: list[str] = [],
    languages: list[Literal["kk", "ru", "en"]] = ["kk", "ru", "en"],
    limit: Annotated[int | None, Field(gt=0)] = None,
    releases: list[int] | None = None,
    as_of: datetime | None = None,
) -> State[Any]:
    """Fetch pages of gov.kz that are due and load them.

    Ends `Completed` with what was visited as its message, with a warning where the portal showed no page, or `Failed`
    with the reason. The answers are in the archive either way, and the next run loads them.

    Args:
        only: Releases without a body, pages that are due, or all.
        publishers: Slugs of publishers; all if empty.
        languages: Languages of the pages.
        limit: Visit no more pages than this.
        releases: Only these releases, by key; all if empty.
        as_of: The moment to take as now; the clock's if empty.
    """
    run = new_run("refetch", as_of, "Pages visited")
    if not run.settings.warehouse.exists():
        try:
            return end_nothing_yet(NOTHING_YET, run.settings)
        except PressError as error:
            return end(run.load_run, run.settings, error)
    wishes = Wishes(only, publishers, languages, releases, limit)
    return load_fetched(run, lambda: tasks.fetch(run, tasks.plan(run, wishes)))


def new_run(kind: str, as_of: datetime | None, description: str) -> Run:
    """A run of this flow with a progress artifact."""
    progress = Progress("refetch-progress", {"fetch": description})
    return small_run(load_settings(), as_of, kind, flow_run_id=str(runtime.flow_run.id), progress=progress)


def load_fetched(run: Run, fetch: Callable[[], None]) -> State[Any]:
    """Fetch and load, as tasks of the calling flow; returns the state in which that flow ends."""
    try:
        with run:
            fetch()
            tasks.load_pages(run, tasks.parse_pages(run))
            tasks.check(run)
            tasks.publish(run)
    except PressError as error:
        return end(run.load_run, run.settings, error)
    return end(run.load_run, run.settings)


def main() -> None:
    """Run the flow on all that is due, print the summary, and exit with 1 when it failed."""
    with command():
        reach_server()
        state = refetch(return_state=True)
    if isinstance(summary := state.result(raise_on_failure=False), str):
        print(summary)
    if not state.is_completed():
        print(f"press: {' '.join(str(state.message).split())}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
