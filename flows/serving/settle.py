"""Settle what dead processes and missed schedules left behind, before runs are served.

A killed process leaves its run `Running`, and its place taken. A server that was away for a day finds a day of runs
that are late, of which one is enough.
"""

import contextlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import psutil
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.events import emit_event
from prefect.states import Cancelled, Crashed

from flows.serving.processes import environ, processes_with

UNDER_WAY = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
PAGE = 200
"""How many runs the server gives at a time."""

RUN_ID = "PREFECT__FLOW_RUN_ID"
"""The variable that gives the process of a run its id."""

LOST_AFTER = timedelta(seconds=90)
"""How long a run may be under way for the server while no process has it; one that starts has it within seconds."""

TOLERANCE = timedelta(minutes=1)
"""How much later than its schedule says the first run of a deployment may be due."""

LOST = "press.run.lost"
"""The event by which automations learn of such a run. Prefect's own one follows others of the run, and a server that
did not see those, for it was started since, keeps it to itself for a quarter of an hour."""

DIED = "Its process ended without a word; what it had not committed is undone, and the next run takes it up."
STOPPED = "Stopped with the server; what it had not committed is undone, and the next run takes it up."


async def crash_dead_runs(client: PrefectClient, deployments: Sequence[UUID]) -> list[FlowRun]:
    """Mark runs of these deployments as `Crashed` that are under way; to be called when nothing serves them.

    Processes of theirs that are still there, orphans of a server that was killed, are ended first. Runs of work pools
    are others' business.
    """
    dead = await under_way(client, deployments)
    end_orphans([str(run.id) for run in dead])
    for run in dead:
        await _crash(client, run)
    return dead


async def _crash(client: PrefectClient, run: FlowRun) -> None:
    await client.set_flow_run_state(run.id, Crashed(message=DIED), force=True)
    related = [
        {"prefect.resource.id": f"prefect.deployment.{run.deployment_id}", "prefect.resource.role": "deployment"}
    ]
    resource = {"prefect.resource.id": f"prefect.flow-run.{run.id}", "prefect.resource.name": run.name}
    emit_event(event=LOST, resource=resource, related=related)


async def crash_lost_runs(client: PrefectClient, deployments: Sequence[UUID], now: datetime) -> list[FlowRun]:
    """Mark runs of these deployments as `Crashed` that are under way for a while, and that no process has.

    So ends what a full disk or a failing server left: a run that was to begin and never did, a crash that nobody could
    write down. It would keep its deployment's place for ever. Where no environment of a process can be read, only runs
    that have not begun count as lost.
    """
    lost = []
    for run in await under_way(client, deployments):
        if run.state is None or now - run.state.timestamp < LOST_AFTER or _has_process(run):
            continue
        # One that ended meanwhile wrote its end before its process was gone.
        current = await client.read_flow_run(run.id)
        if current.state is not None and current.state.id == run.state.id:
            await _crash(client, run)
            lost.append(run)
    return lost


def _has_process(run: FlowRun) -> bool:
    if not environ(psutil.Process()):
        return run.state is not None and run.state.is_running()
    return bool(processes_with(RUN_ID, [str(run.id)]))


async def cancel_runs(client: PrefectClient, deployments: Sequence[UUID]) -> list[FlowRun]:
    """Mark runs of these deployments that are under way as `Cancelled`, for the server is being stopped."""
    stopped = await under_way(client, deployments)
    for run in stopped:
        state: State[None] = Cancelled(message=STOPPED)
        await client.set_flow_run_state(run.id, state, force=True)
    return stopped


async def under_way(client: PrefectClient, deployments: Sequence[UUID]) -> list[FlowRun]:
    """The runs of these deployments that a process of this machine has, or had."""
    return [run for run in await _read_runs(client, deployments, UNDER_WAY) if run.work_queue_id is None]


async def collapse_missed(
    client: PrefectClient, deployments: Sequence[UUID], now: datetime, why: str
) -> dict[UUID, list[FlowRun]]:
    """Of scheduled runs that are late keep the newest of each deployment; returns the others.

    They are `Cancelled`, under the name `Missed`, and `why` is the reason in their message. Runs that somebody started
    by hand stay.
    """
    late: dict[UUID, list[FlowRun]] = defaultdict(list)
    for run in await _read_scheduled(client, deployments, {"before_": now}):
        assert run.deployment_id is not None
        late[run.deployment_id].append(run)
    missed = {}
    for deployment, runs in late.items():
        *older, newest = sorted(runs, key=lambda run: run.next_scheduled_start_time or now)
        for run in older:
            message = f"Missed {why}; the run {newest.name} does its work."
            state: State[None] = Cancelled(name="Missed", message=message)
            await client.set_flow_run_state(run.id, state, force=True)
        if older:
            missed[deployment] = older
    return missed


async def forget_far_runs(client: PrefectClient, soonest: Mapping[UUID, datetime], now: datetime) -> int:
    """Delete scheduled runs of deployments that have none when their schedule says so; returns how many.

    The clock was set back: what was scheduled ahead of it stands far off, and as long as it does the server schedules
    nothing nearer. `soonest` is when each deployment is next due.
    """
    deleted = 0
    for deployment, due in soonest.items():
        runs = await _read_scheduled(client, [deployment], {"after_": now})
        times = [run.next_scheduled_start_time for run in runs if run.next_scheduled_start_time is not None]
        if times and min(times) > due + TOLERANCE:
            for run in runs:
                await client.delete_flow_run(run.id)
            deleted += len(runs)
    return deleted


async def _read_scheduled(
    client: PrefectClient, deployments: Sequence[UUID], due: Mapping[str, datetime]
) -> list[FlowRun]:
    """Runs that a schedule made, not a person, and that did not begin yet, not even to be tried again."""
    runs = await _read_runs(client, deployments, [StateType.SCHEDULED], next_scheduled_start_time=due)
    return [run for run in runs if run.auto_scheduled and run.run_count == 0]


async def _read_runs(
    client: PrefectClient, deployments: Sequence[UUID], states: Sequence[StateType], **more: Mapping[str, datetime]
) -> list[FlowRun]:
    chosen = {"deployment_id": {"any_": list(deployments)}, "state": {"type": {"any_": list(states)}}, **more}
    runs: list[FlowRun] = []
    while page := await client.read_flow_runs(
        flow_run_filter=FlowRunFilter.model_validate(chosen), sort=FlowRunSort.ID_DESC, limit=PAGE, offset=len(runs)
    ):
        runs += page
    return runs


def end_orphans(flow_run_ids: Collection[str]) -> list[int]:
    """Kill the processes of these runs that are still there; returns their ids."""
    killed = []
    for process in processes_with(RUN_ID, flow_run_ids):
        with contextlib.suppress(psutil.Error):
            process.kill()
            killed.append(process.pid)
    return killed
