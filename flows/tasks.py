"""The tasks that flows share: each is a step of a run, and writes a line to its log."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefect import get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from warehouse.clock import in_almaty, utc
from warehouse.errors import WarehouseLocked
from warehouse.intake.receive import ArchivedDigest
from warehouse.portal.visits.plan import Plan, Wishes
from warehouse.report.text import count, message
from warehouse.runs import discover, ingest, pages, refetch
from warehouse.runs.run import Run
from warehouse.stage.attempts import AttemptCounts


def run_name(what: str) -> str:
    """A name for the flow's run, by when it was due: `2025-06-01 11:00 Almaty · 3 digests`."""
    begun = utc(runtime.flow_run.parameters.get("as_of") or runtime.flow_run.scheduled_start_time)
    return f"{in_almaty(begun):%Y-%m-%d %H:%M} Almaty · {what}"


async def _is_locked(_task: object, _run: TaskRun, state: State[Any]) -> bool:
    """Retry only where another writer has the lock: other errors stay."""
    return isinstance(await state.aresult(raise_on_failure=False), WarehouseLocked)


@task(task_run_name="read", cache_policy=NO_CACHE, retries=5, retry_delay_seconds=10, retry_condition_fn=_is_locked)
def read(run: Run, paths: list[Path]) -> list[ArchivedDigest]:
    """Take the writer's lock and archive the digests that are new."""
    received, load_run = ingest.read(run, paths), run.load_run
    counts = f"{count(len(received), 'file')} to parse, {len(load_run.files_known):,} known already"
    _log("Read", f"{counts}, {len(load_run.refusals):,} refused so far")
    return received


@task(task_run_name="parse", cache_policy=NO_CACHE)
def parse(run: Run, received: list[ArchivedDigest]) -> None:
    """Read the digests into listings and rejects."""
    counts = f"{count(ingest.parse(run, received), 'listing')}, {count(run.load_run.rejected, 'rejected record')}"
    digests, refused = len(run.load_run.files_loaded), len(run.load_run.refusals)
    _log("Parsed", f"{count(digests, 'digest')} with {counts}; {count(refused, 'file')} refused in all")


@task(task_run_name="normalise", cache_policy=NO_CACHE)
def normalise(run: Run) -> None:
    """Read languages, paragraphs and datelines of the texts that are new."""
    _log("Normalised", count(ingest.normalise(run), "new text"))


@task(task_run_name="load", cache_policy=NO_CACHE)
def load(run: Run) -> None:
    """Load the star, in a transaction that `check` commits."""
    counts = ingest.load(run)
    _log("Loaded", f"{count(counts.releases_new, 'new release')}, {counts.releases_changed:,} changed")


def load_others(run: Run, received: list[ArchivedDigest], failure: Exception) -> None:
    """Refuse the digests at fault for a failure, and load, check and commit the others. No task, for a task failed."""
    ingest.load_others(run, received, failure)
    run.commit()
    _log("Loaded", f"{count(len(run.load_run.files_loaded), 'digest')} without those at fault")


@task(task_run_name="plan", cache_policy=NO_CACHE)
def plan(run: Run, wishes: Wishes) -> Plan:
    """Load what a killed run left in the archive, and plan the pages to visit."""
    result = refetch.plan(run, wishes)
    _log("Planned", f"{count(len(result.visits), 'visit')}, {result.left:,} more beyond the limit")
    return result


@task(task_run_name="fetch", cache_policy=NO_CACHE)
def fetch(run: Run, plan: Plan) -> None:
    """Visit the pages; every answer is archived before it is read."""
    _log("Fetched", refetch.fetch(run, plan).sentence())


@task(task_run_name="discover", cache_policy=NO_CACHE)
def list_newest(run: Run, publishers: Sequence[str], since: str | None, limit: int | None) -> None:
    """Ask for the newest releases of publishers."""
    _log("Listed", discover.list_newest(run, publishers, since, limit).sentence())


@task(task_run_name="parse", cache_policy=NO_CACHE)
def parse_pages(run: Run) -> AttemptCounts:
    """Read the answers into texts."""
    attempts = pages.parse(run)
    _log("Parsed", f"{count(attempts.attempts, 'attempt')}, {count(attempts.pages, 'page')}")
    return attempts


@task(task_run_name="load", cache_policy=NO_CACHE)
def load_pages(run: Run, attempts: AttemptCounts) -> None:
    """Load the star, in a transaction that `check` commits."""
    counts = pages.load(run, attempts)
    _log("Loaded", f"{count(counts.texts_new, 'new text')}, {count(counts.edits_new, 'edit')}")


@task(task_run_name="check", cache_policy=NO_CACHE)
def check(run: Run) -> None:
    """Check what was loaded, and commit it when no check fails."""
    results = run.check()
    for result in results:
        if result.outcome != "passed":
            get_run_logger().warning("Check %s: %s", result.outcome, message(result))
    _log("Checked", f"{sum(result.outcome == 'passed' for result in results)} of {len(results)} checks passed")


@task(task_run_name="publish", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=5)
def publish(run: Run) -> None:
    """Replace the read-only copy that analysts open; retried, because a full disk or a busy file may pass."""
    _log("Published", str(run.publish()))


def _log(action: str, result: str) -> None:
    get_run_logger().info("%s: %s.", action, message(result))
