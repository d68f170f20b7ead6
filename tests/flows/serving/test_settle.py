"""What is settled at a server while it serves: runs under way that no process has."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psutil
import pytest
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Completed, Pending, Running, Scheduled

from flows.serving.settle import crash_lost_runs

TIME_TO_BEGIN = timedelta(minutes=3)


@flow
def idle() -> None:
    """A flow that is never run."""


@pytest.fixture
def client(prefect_server: None) -> Iterator[SyncPrefectClient]:  # noqa: ARG001 - it is there while clients ask
    with get_client(sync_client=True) as client:
        yield client


@pytest.fixture
def deployment(client: SyncPrefectClient, request: pytest.FixtureRequest) -> UUID:
    return client.create_deployment(client.create_flow(idle), name=request.node.name)


def run_in(client: SyncPrefectClient, deployment: UUID, state: State[None]) -> FlowRun:
    run = client.create_flow_run_from_deployment(deployment)
    client.set_flow_run_state(run.id, state, force=True)
    return client.read_flow_run(run.id)


def state_of(client: SyncPrefectClient, run: FlowRun) -> str | None:
    return client.read_flow_run(run.id).state_name


def lost(deployment: UUID, after: timedelta) -> set[UUID]:
    """The runs that are found to be lost so long after now."""
    now = datetime.now(UTC) + after

    async def found() -> set[UUID]:
        async with get_client() as client:
            return {run.id for run in await crash_lost_runs(client, [deployment], now)}

    return asyncio.run(found())


def test_a_run_that_was_to_begin_and_has_no_process_is_lost(client: SyncPrefectClient, deployment: UUID) -> None:
    states: list[State[None]] = [Pending(name="Submitting"), Running(), Completed(), Scheduled()]
    submitted, running, done, due = (run_in(client, deployment, state) for state in states)
    assert lost(deployment, timedelta()) == set(), "there is time to begin"
    assert lost(deployment, TIME_TO_BEGIN) == {submitted.id, running.id}
    assert [state_of(client, run) for run in (submitted, running, done, due)] == [
        "Crashed",
        "Crashed",
        "Completed",
        "Scheduled",
    ]


def test_a_run_whose_process_is_there_is_not(client: SyncPrefectClient, deployment: UUID) -> None:
    run = run_in(client, deployment, Running())
    environ = os.environ | {"PREFECT__FLOW_RUN_ID": str(run.id)}
    command = [sys.executable, "-c", "print('ready', flush=True); input()"]
    with subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert lost(deployment, TIME_TO_BEGIN) == set()
        process.communicate(b"\n")
    assert lost(deployment, TIME_TO_BEGIN) == {run.id}


def test_where_no_environment_can_be_read_only_what_has_not_begun_is_lost(
    client: SyncPrefectClient, deployment: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(process: psutil.Process) -> dict[str, str]:
        raise psutil.AccessDenied(process.pid)

    monkeypatch.setattr(psutil.Process, "environ", refuse)
    submitted = run_in(client, deployment, Pending())
    run_in(client, deployment, Running())
    assert lost(deployment, TIME_TO_BEGIN) == {submitted.id}
