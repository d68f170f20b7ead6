"""The flow of upkeep: `warehouse.publish.upkeep`, a backup, and pruning Prefect's history.

Run it with `python -m flows.maintain`.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import TERMINAL_STATES, State
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Completed, Failed
from pydantic import Field

from flows.command import command, reach_server
from flows.states import tag
from flows.tasks import run_name
from warehouse.clock import day_in_words, day_of, without_zone
from warehouse.errors import PressError
from warehouse.publish.restore import back_up_and_rehearse
from warehouse.publish.upkeep import Finding, tidy, verify_archive, verify_published
from warehouse.report.text import count, markdown_text, message
from warehouse.settings import Settings, load_settings

PAGE = 200
"""How many runs one request to the server gets."""


@task(task_run_name="{name}", cache_policy=NO_CACHE)
def step(name: str, find: Callable[[], Finding]) -> Finding:
    """Take a step of upkeep, and log what it finds."""
    finding = find()
    log = get_run_logger()
    write = {"passed": log.info, "warned": log.warning, "failed": log.error}[finding.outcome]
    write("%s: %s", name.capitalize(), message(finding.sentence))
    return finding


def make_backup(settings: Settings, now: datetime) -> Finding:
    """Make a backup, restore it for a test, and then remove the oldest ones; one that cannot be restored is removed."""
    backup, releases, older = back_up_and_rehearse(settings, now)
    files = count(len(backup.archive), "file")
    sentence = f"{backup.name}: {count(releases, 'release')}, {files} of the archive; restored for a test."
    if older:
        sentence += f" Removed {', '.join(older)}."
    return Finding("backup", "passed", sentence)


def prune_history(before: datetime) -> Finding:
    """Remove runs that ended before this moment from Prefect's server, which then removes their logs and artifacts."""
    ended_before = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(TERMINAL_STATES))),
        end_time=FlowRunFilterEndTime.model_validate({"before_": before}),
    )
    removed = 0
    with get_client(sync_client=True) as client:
        while runs := client.read_flow_runs(flow_run_filter=ended_before, sort=FlowRunSort.END_TIME_DESC, limit=PAGE):
            for run in runs:
                try:
                    client.delete_flow_run(run.id)
                except ObjectNotFound:
                    continue  # it was removed meanwhile
            removed += len(runs)
    day = day_in_words(day_of(without_zone(before)))
    return Finding("history", "passed", f"{count(removed, 'run')} that ended before {day} removed.")


@flow(name="maintain", flow_run_name=lambda: run_name("upkeep"))
def maintain(
    keep_days: Annotated[int, Field(ge=1, le=3650)] = 90,
    *,
    backup: bool = True,
) -> State[Any]:
    """Verify the published copy and the archive, back both up, and remove what is old.

    Ends `Completed` with the results of its steps as its message, or `Failed` where the warehouse or its archive is
    damaged; then no backup is made and none is removed, so that good ones are not replaced.

    Args:
        keep_days: Runs that ended so many days ago are removed from Prefect's history.
        backup: Make a backup and restore it for a test.
    """
    settings, now = load_settings(), datetime.now(UTC)
    findings: list[Finding] = []
    try:
        findings.append(step("verify published copy", lambda: verify_published(settings)))
        findings.append(step("verify archive", lambda: verify_archive(settings)))
        if backup and settings.warehouse.exists() and all(each.outcome != "failed" for each in findings):
            findings.append(step("back up", lambda: make_backup(settings, now)))
    except PressError as error:
        findings.append(Finding("upkeep", "failed", str(error)))
        get_run_logger().error("Upkeep failed: %s", message(error))
    findings.append(step("clear away leftovers", lambda: tidy(settings, now)))
    findings.append(step("prune history", lambda: prune_history(now - timedelta(days=keep_days))))
    _artifact(findings)
    odd = [each for each in findings if each.outcome != "passed"]
    odd.sort(key=lambda each: each.outcome != "failed")
    sentence = " ".join(f"{each.step.capitalize()}: {each.sentence}" for each in odd or findings)
    if any(each.outcome == "failed" for each in odd):
        tag("failed")
        return Failed(message=message(sentence))
    if odd:
        tag("warning")
        return Completed(message=message(f"Warning: {sentence}"))
    return Completed(message=message(f"All is well. {sentence}"))


def _artifact(findings: list[Finding]) -> None:
    create_table_artifact(
        key="maintenance",
        table=[
            {"outcome": each.outcome, "found": markdown_text(each.sentence), "step": each.step} for each in findings
        ],
        description=f"{sum(each.outcome == 'passed' for each in findings)} of {len(findings)} steps passed",
    )


def main() -> None:
    """Run the flow, print what it found, and exit with 1 when it failed."""
    with command():
        reach_server()
        state = maintain(return_state=True)
    print(" ".join(str(state.message).split()))
    sys.exit(0 if state.is_completed() else 1)


if __name__ == "__main__":
    main()
