"""The flow that ingests digests: one task for each step of `warehouse.runs.ingest.Ingest`.

Run it with `python -m flows.ingest [PATH…]`; without paths it takes `seeds/digests`.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.states import Failed
from pydantic import Field

from flows.progress import Progress
from flows.refetch import refetch as fetch_pages
from flows.states import end_ingest, with_warning
from warehouse.clock import utc
from warehouse.errors import PressError, WarehouseLocked
from warehouse.intake.receive import digest_paths
from warehouse.report.headline import WARNING
from warehouse.report.output import visible
from warehouse.report.summary import summary
from warehouse.runs.ingest import Ingest
from warehouse.settings import PROJECT, load_settings

SEEDS = PROJECT / "seeds" / "digests"


async def _is_locked(_task: object, _run: TaskRun, state: State[Any]) -> bool:
    """Only waiting for another writer is worth another try; what is wrong with a file stays wrong."""
    return isinstance(await state.aresult(raise_on_failure=False), WarehouseLocked)


@task(task_run_name="read", cache_policy=NO_CACHE, retries=5, retry_delay_seconds=10, retry_condition_fn=_is_locked)
def read(attempt: Ingest, paths: list[Path]) -> str:
    """Take the writer's lock and archive the digests that are new."""
    new = attempt.read(paths)
    report = attempt.report
    said = f"{len(new)} new digests, {len(report.files_known)} known already, {len(report.refused)} refused"
    return _told("Read", said)


@task(task_run_name="parse", cache_policy=NO_CACHE)
def parse(attempt: Ingest) -> str:
    """Read the digests into listings and rejects."""
    return _told("Parsed", f"{attempt.parse():,} listings, {attempt.report.rejected:,} rejected records")


@task(task_run_name="normalise", cache_policy=NO_CACHE)
def normalise(attempt: Ingest) -> str:
    """Read languages, paragraphs and datelines of the texts that are new."""
    return _told("Normalised", f"{attempt.normalise():,} new texts")


@task(task_run_name="load", cache_policy=NO_CACHE)
def load(attempt: Ingest) -> str:
    """Load the star, in a transaction that the checks decide about."""
    loaded = attempt.load()
    return _told("Loaded", f"{loaded.releases_new:,} releases new, {loaded.releases_changed:,} changed")


@task(task_run_name="check", cache_policy=NO_CACHE)
def check(attempt: Ingest) -> str:
    """Check what was loaded, and commit it when no check fails."""
    results = attempt.check()
    for result in results:
        if result.outcome != "passed":
            get_run_logger().warning("Check %s: %s", result.outcome, visible(str(result)))
    return _told("Checked", f"{sum(result.outcome == 'passed' for result in results)} of {len(results)} checks passed")


@task(task_run_name="publish", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=5)
def publish(attempt: Ingest) -> str:
    """Replace the read-only copy that analysts open; a full disk or a busy file may pass."""
    return _told("Published", str(attempt.publish()))


def _told(did: str, what: str) -> str:
    get_run_logger().info("%s: %s.", did, visible(what))
    return what


def _run_name() -> str:
    """When and how many digests: `2025-06-01 06:00 UTC · 3 digests`."""
    given = runtime.flow_run.parameters
    digests = list(digest_paths(Path(path) for path in given["paths"]))
    begun = utc(given.get("as_of") or runtime.flow_run.scheduled_start_time)
    return f"{begun:%Y-%m-%d %H:%M} UTC · {len(digests)} digest{'s' if len(digests) != 1 else ''}"


@flow(name="ingest", flow_run_name=_run_name)
def ingest(
    paths: Annotated[list[Path], Field(min_length=1)],
    as_of: datetime | None = None,
    *,
    refetch: bool = False,
) -> State[Any]:
    """Load digests into the warehouse, check it and publish it.

    Ends `Completed` with what was loaded as its message, which begins with “Warning:” where something is odd. Or ends
    `Failed` with the reason: the warehouse is as before then, but for good digests that were loaded beside refused
    ones, and for what was loaded and is not to be trusted.

    Args:
        paths: Digests, or folders of *.txt digests.
        as_of: The moment to take as now; the clock's if empty.
        refetch: Also fetch the gov.kz pages of what was loaded.
    """
    attempt = Ingest(load_settings(), as_of, flow_run_id=str(runtime.flow_run.id), progress=shown_progress())
    return ingested(attempt, paths, refetch=refetch, as_of=as_of)


def shown_progress() -> Progress:
    """What shows how far a load of large digests is."""
    return Progress(
        "ingest-progress", {"parse": "Bytes read", "normalise": "Texts normalised", "load": "Tables loaded"}
    )


def ingested(attempt: Ingest, paths: list[Path], *, refetch: bool = False, as_of: datetime | None = None) -> State[Any]:
    """Run every step of `attempt` as a task of the flow that calls this; returns the state that the flow ends in."""
    try:
        with attempt:
            read(attempt, paths)
            for step in (parse, normalise, load, check):
                step(attempt)
            releases = attempt.touched_releases() if refetch else []
            publish(attempt)
    except PressError as error:
        return end_ingest(attempt.report, attempt.settings, error)
    state = end_ingest(attempt.report, attempt.settings)
    if releases:
        fetched = fetch_pages(only="due", releases=releases, as_of=as_of, return_state=True)
        said = visible(f"{state.message} Its pages: {fetched.message}")
        if not fetched.is_completed():
            return Failed(message=said, data=summary(attempt.report))
        if str(fetched.message).startswith(WARNING):
            return with_warning(state, f"Its pages: {str(fetched.message).removeprefix(WARNING).strip()}")
    return state


def main() -> None:
    """Run the flow on the paths given, print the summary, and exit with 1 when it failed, 130 when interrupted."""
    paths = [Path(path).absolute() for path in sys.argv[1:]] or [SEEDS]
    try:
        state = ingest(paths=paths, return_state=True)
    except KeyboardInterrupt:
        print("press: Interrupted: nothing is half done.", file=sys.stderr)
        sys.exit(130)
    if isinstance(loaded := state.result(raise_on_failure=False), str):
        print(f"\n{loaded}\n\nTry:\n{HINTS}")
    if not state.is_completed():
        print(f"press: {' '.join(str(state.message).split())}", file=sys.stderr)
        sys.exit(1)


HINTS = """  .venv/bin/press query busiest_publishers
  .venv/bin/press query missing_bodies_by_publisher
  .venv/bin/press query releases_mentioning --param phrase=Kostanay"""


if __name__ == "__main__":
    main()
