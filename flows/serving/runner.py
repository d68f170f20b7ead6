"""The process that serves the deployments: `flows.serving.serve` starts it beside the server, and again when it ends.

Its standard output is for the person at the terminal; everything else goes to standard error.
"""

import asyncio
import contextlib
import itertools
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import DeploymentSchedule
from prefect.exceptions import PrefectException
from prefect.runner import Runner
from prefect.server.schemas.schedules import SCHEDULE_TYPES
from pydantic import TypeAdapter

from flows.command import command
from flows.serving import automations
from flows.serving.clock_jumps import ClockJumps
from flows.serving.deployments import Deployment, deployments
from flows.serving.settle import cancel_runs, collapse_missed, crash_dead_runs, crash_lost_runs, forget_far_runs
from warehouse.clock import almaty
from warehouse.errors import PressError
from warehouse.report.text import visible

RUNS_AT_A_TIME = 3
"""How many runs this machine has at a time; those that write the warehouse wait for each other anyhow."""

LOOKS_EVERY_S = 5.0
"""How often to look whether the clock was set."""

LOOKS_FOR_LOST = 6
"""Every which look is for lost runs as well."""

WHILE_AWAY, WHILE_ASLEEP = "while nothing was served", "while the machine slept or its clock was set ahead"
"""Why runs were missed, for their messages."""

Say = Callable[[str], None]


async def serve(served: Sequence[Deployment], say: Say) -> None:
    """Write the deployments, settle what was left behind, and serve until SIGTERM or SIGINT."""
    runner = Runner("press", pause_on_shutdown=False, limit=RUNS_AT_A_TIME)
    ids = {await runner.aadd_deployment(deployment.to_serve()): deployment for deployment in served}
    await _apply_automations(say)
    async with get_client() as client:
        await _settle(client, ids, say)
        stopping = asyncio.Event()
        running = asyncio.create_task(runner.start())
        while not runner.started and not running.done():  # noqa: ASYNC110 - it has no event to wait for
            await asyncio.sleep(0.05)
        # Prefect's own handler, set at its start, would wait for runs one by one and leave what it cannot reach.
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        await _say_schedule(client, ids, say)
        watching = asyncio.create_task(_watch(client, ids, say))
        waiting = asyncio.create_task(stopping.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        watching.cancel()
        if running.done():
            await running
            return
        for run in await cancel_runs(client, list(ids)):
            say(f"Stopped {visible(run.name)}.")
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def _apply_automations(say: Say) -> None:
    """Bring the server to the automations, before anything happens that they alert to."""
    try:
        lines = await asyncio.to_thread(automations.apply)
    except PressError as error:
        lines = [f"The automations could not be set up: {error}"]
    for line in lines:
        if not line.startswith("unchanged"):
            say(visible(line))


async def _settle(client: PrefectClient, ids: Mapping[UUID, Deployment], say: Say) -> None:
    for run in await crash_dead_runs(client, list(ids)):
        say(f"{visible(run.name)} was under way when its process ended: marked Crashed.")
    await _settle_schedule(client, ids, say)


async def _settle_schedule(
    client: PrefectClient, ids: Mapping[UUID, Deployment], say: Say, why: str = WHILE_AWAY
) -> None:
    for deployment, runs in (await collapse_missed(client, list(ids), datetime.now(UTC), why)).items():
        several = f"{len(runs)} runs were" if len(runs) > 1 else "1 run was"
        say(f"{ids[deployment].name}: {several} missed; one that is due does their work.")
    soonest = {deployment: due for deployment in ids if (due := await _soonest(client, deployment)) is not None}
    if forgotten := await forget_far_runs(client, soonest, datetime.now(UTC)):
        say(f"The clock was set back: {forgotten} runs that were scheduled ahead of it are scheduled again.")


async def _watch(client: PrefectClient, ids: Mapping[UUID, Deployment], say: Say) -> None:
    """Settle runs that no process has, and what is scheduled whenever the clock was set or the machine slept."""
    clock = ClockJumps()
    jump_s = 0.0
    for looks in itertools.count(1):
        await asyncio.sleep(LOOKS_EVERY_S)
        jump_s = clock.seconds() or jump_s
        try:
            if jump_s:
                await _settle_schedule(client, ids, say, WHILE_ASLEEP)
                jump_s = 0.0
            if looks % LOOKS_FOR_LOST == 0:
                for run in await crash_lost_runs(client, list(ids), datetime.now(UTC)):
                    say(f"{visible(run.name)} was under way, and no process had it: marked Crashed.")
        except (httpx.HTTPError, PrefectException):
            continue  # the server is away, as it is after the clock was set back; the next look asks again


async def _say_schedule(client: PrefectClient, ids: Mapping[UUID, Deployment], say: Say) -> None:
    """Say when each deployment runs next, by the schedules that the server has: people may have changed them."""
    lines = [f"Next runs ({almaty().key}):"]
    for deployment_id, deployment in ids.items():
        soonest = await _soonest(client, deployment_id)
        when = f"{soonest.astimezone(almaty()):%a %Y-%m-%d %H:%M}" if soonest else "paused; resume it in the UI"
        lines.append(f"  {deployment.name:14} {when}")
    say("\n".join(lines))


async def _soonest(client: PrefectClient, deployment_id: UUID) -> datetime | None:
    """When a deployment is next due; None while it is paused."""
    known = await client.read_deployment(deployment_id)
    dates = [await _next(schedule) for schedule in known.schedules if schedule.active and not known.paused]
    return min((date for date in dates if date is not None), default=None)


async def _next(known: DeploymentSchedule) -> datetime | None:
    """When a schedule next comes due; None for one that has ended."""
    schedule = TypeAdapter[Any](SCHEDULE_TYPES).validate_python(known.schedule.model_dump())
    dates = await schedule.get_dates(1, start=datetime.now(UTC))
    return dates[0] if dates else None


def main() -> None:
    """Serve all deployments; what Prefect and the runs print goes to standard error."""
    terminal, sys.stdout = sys.stdout, sys.stderr
    with command():
        asyncio.run(serve(deployments(), lambda line: print(line, file=terminal, flush=True)))


if __name__ == "__main__":
    main()
