"""The flow that fetches pages of gov.kz: one task for each step of `warehouse.runs.refetch.Refetch`.

Run it with `python -m flows.refetch`. It asks at most one page a second, so an hourly schedule should give a `limit`.
"""

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from pydantic import Field

from flows.progress import Progress
from flows.states import end_nothing_yet, end_pages
from warehouse.clock import utc
from warehouse.errors import PressError
from warehouse.portal.visits.plan import Wishes
from warehouse.report.output import visible
from warehouse.runs.refetch import Refetch
from warehouse.settings import load_settings

NOTHING_YET = "Nothing is loaded yet, so there is no page to ask gov.kz for."


@task(task_run_name="plan", cache_policy=NO_CACHE)
def plan(attempt: Refetch, wishes: Wishes) -> str:
    """Load what a killed run left in the archive, and choose the pages to visit."""
    chosen = attempt.plan(wishes)
    return _told("Planned", f"{len(chosen.visits):,} visits, {chosen.left:,} more beyond the limit")


@task(task_run_name="fetch", cache_policy=NO_CACHE)
def fetch(attempt: Refetch) -> str:
    """Visit the pages; every answer is in the archive before it is read."""
    return _told("Fetched", attempt.fetch().sentence())


@task(task_run_name="discover", cache_policy=NO_CACHE)
def ask_lists(attempt: Refetch, publishers: Sequence[str], since: str | None, limit: int | None) -> str:
    """Ask for the newest releases of publishers."""
    return _told("Asked", attempt.discover(publishers or attempt.publishers(), since, limit).sentence())


@task(task_run_name="parse", cache_policy=NO_CACHE)
def parse(attempt: Refetch) -> str:
    """Read the answers into texts."""
    staged = attempt.parse()
    return _told("Parsed", f"{staged.attempts:,} attempts, {staged.pages:,} pages")


@task(task_run_name="load", cache_policy=NO_CACHE)
def load(attempt: Refetch) -> str:
    """Load the star, in a transaction that the checks decide about."""
    loaded = attempt.load()
    return _told("Loaded", f"{loaded.texts_new:,} new texts, {loaded.edits_new:,} edits")


@task(task_run_name="check", cache_policy=NO_CACHE)
def check(attempt: Refetch) -> str:
    """Check what was loaded, and commit it when no check fails."""
    results = attempt.check()
    return _told("Checked", f"{sum(result.outcome == 'passed' for result in results)} of {len(results)} checks passed")


@task(task_run_name="publish", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=5)
def publish(attempt: Refetch) -> str:
    """Replace the read-only copy that analysts open; a full disk or a busy file may pass."""
    return _told("Published", str(attempt.publish()))


def _told(did: str, what: str) -> str:
    get_run_logger().info("%s: %s.", did, visible(what))
    return what


def _run_name() -> str:
    """When, and what: `2025-06-01 06:00 UTC · due`."""
    given = runtime.flow_run.parameters
    begun = utc(given.get("as_of") or runtime.flow_run.scheduled_start_time)
    return f"{begun:%Y-%m-%d %H:%M} UTC · {given.get('only', 'newest')}"


@flow(name="refetch", flow_run_name=_run_name)
def refetch(
    only: Literal["missing", "due", "all"] = "due",
    publishers: list[str] = [],
    languages: list[Literal["kk", "ru", "en"]] = ["kk", "ru", "en"],
    limit: Annotated[int | None, Field(gt=0)] = None,
    releases: list[int] | None = None,
    as_of: datetime | None = None,
) -> State[Any]:
    """Fetch pages of gov.kz that are due and load what they say.

    Ends `Completed` with what was visited as its message, with a warning where the portal let no page be seen, or
    `Failed` with the reason. What was answered is in the archive either way, and the next run loads it.

    Args:
        only: Releases without a body, pages that are due, or all.
        publishers: Slugs of publishers; all if empty.
        languages: Languages of the pages.
        limit: Visit no more pages than this.
        releases: Only these releases, by key; all if empty.
        as_of: The moment to take as now; the clock's if empty.
    """
    attempt = _attempt("refetch", as_of)
    if not attempt.settings.warehouse.exists():
        try:
            return end_nothing_yet(NOTHING_YET, attempt.settings)
        except PressError as error:
            return end_pages(attempt.report, attempt.fetched, attempt.settings, error)
    wishes = Wishes(only, publishers, languages, releases, limit)
    return _run(attempt, lambda: (plan(attempt, wishes), fetch(attempt)))


@flow(name="discover", flow_run_name=_run_name)
def discover(
    publishers: list[str] = [],
    since: str | None = None,
    limit: Annotated[int | None, Field(gt=0)] = None,
    as_of: datetime | None = None,
) -> State[Any]:
    """List publishers' newest releases on gov.kz and load those that no digest named.

    Args:
        publishers: Slugs of publishers; all if empty.
        since: Back to this day, like 2025-05-01.
        limit: No more releases of a publisher and language.
        as_of: The moment to take as now; the clock's if empty.
    """
    attempt = _attempt("discover", as_of)
    return _run(attempt, lambda: ask_lists(attempt, publishers, since, limit))


def _attempt(kind: str, as_of: datetime | None) -> Refetch:
    counted = "Pages visited" if kind == "refetch" else "Lists asked for"
    progress = Progress("refetch-progress", {"fetch": counted})
    return Refetch(load_settings(), as_of, kind=kind, flow_run_id=str(runtime.flow_run.id), progress=progress)


def _run(attempt: Refetch, ask: Any) -> State[Any]:
    try:
        with attempt:
            ask()
            for step in (parse, load, check, publish):
                step(attempt)
    except PressError as error:
        return end_pages(attempt.report, attempt.fetched, attempt.settings, error)
    return end_pages(attempt.report, attempt.fetched, attempt.settings)


def main() -> None:
    """Run the flow on all that is due, print the summary, and exit with 1 when it failed."""
    state = refetch(return_state=True)
    if isinstance(told := state.result(raise_on_failure=False), str):
        print(told)
    if not state.is_completed():
        print(f"press: {' '.join(str(state.message).split())}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
