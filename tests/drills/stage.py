"""The served system that a drill is played on: what `make serve` has, in a folder and at a port of its own.

The portal of the tests stands in place of gov.kz.
"""

import contextlib
import os
import re
import signal
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import psutil

from flows.serving.processes import environ
from flows.serving.settle import RUN_ID
from tests.desk.ports import free_port
from tests.desk.serving import Serving
from tests.desk.warehouse import Desk

STOPS_WITHIN_S = 60
UNDER_WAY = ("PENDING", "RUNNING", "CANCELLING")
PATIENCE_S = 180
"""How long a server that was hit by a fault may take to answer again."""

COMMANDS = {"server": "flows.serving.leash prefect server", "runner": "flows.serving.leash flows.serving.runner"}
CLOCK = "clock"
"""The file in a stage's folder that says how many seconds its clock is ahead: eight bytes, mapped by `clock.c`."""

PLAIN = {
    "LANG": "C.UTF-8",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
    "PREFECT_RUNNER_POLL_FREQUENCY": "10",
    "PRESS_INBOX_SETTLE_S": "0.5",
}


@dataclass(frozen=True, slots=True)
class FlowRun:
    """A run as the server's API has it, which is what the UI shows. Times are UTC with zone."""

    id: str
    name: str
    deployment: str
    state: str
    kind: str
    message: str
    is_scheduled: bool
    due_at: datetime
    since: datetime
    """Since when it is in this state."""

    @property
    def is_under_way(self) -> bool:
        """Whether the server takes it for running."""
        return self.kind in UNDER_WAY


class Stage:
    """One machine that serves; a context manager. `settings` add to what `make serve` has in its environment."""

    def __init__(self, folder: Path, settings: Mapping[str, str], *, home: str = "prefect") -> None:
        self.folder = folder
        desk = Desk.at(folder)
        self.serving = Serving(desk, free_port(), settings={**PLAIN, **settings}, home_name=home, patience_s=PATIENCE_S)
        self.settings = desk.settings
        self.outputs: list[str] = []
        """What `make serve` printed, by its starts before this one."""
        self._deployments: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it as Ctrl-C does, where it was not killed."""
        if self.serving.process.poll() is None:
            assert self.serving.stop() < STOPS_WITHIN_S

    def restart(self) -> None:
        """Start serving again."""
        self.outputs.append(self.serving.output)
        self.serving.start()

    def pid(self, of: str) -> int | None:
        """The process of `serve`, `server` or `runner`, None while there is none."""
        if of == "serve":
            return self.serving.process.pid
        commands = self.serving.processes().items()
        return next((pid for pid, command in commands if re.search(COMMANDS[of], command)), None)

    def flows(self) -> list[int]:
        """The processes of flow runs, oldest first."""
        return [pid for pid in self.serving.processes() if RUN_ID in _environ(pid)]

    def now(self) -> datetime:
        """The moment by the stage's own clock, which a drill may have set."""
        clock = self.folder / CLOCK
        ahead_s = struct.unpack("=q", clock.read_bytes())[0] if clock.exists() else 0
        return datetime.fromtimestamp(time.time() + ahead_s, UTC)

    def hurry(self, every_s: Mapping[str, int], parameters: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Run deployments at an interval instead of their hours, as the UI can set it; others not at all."""
        for name, deployment in self.serving.deployments().items():
            deployment_id = deployment["id"]
            self._deployments[deployment_id] = name
            changes: dict[str, Any] = {"paused": name not in every_s}
            if name in (parameters or {}):
                changes["parameters"] = deployment["parameters"] | dict((parameters or {})[name])
            self.serving.api(f"/deployments/{deployment_id}", changes, "PATCH")
            if name not in every_s:
                continue
            schedule_now = {"interval": every_s[name], "anchor_date": f"{self.now():%FT%TZ}"}
            for schedule in deployment["schedules"]:
                path = f"/deployments/{deployment_id}/schedules/{schedule['id']}"
                self.serving.api(path, {"active": True, "schedule": schedule_now}, "PATCH")

    def runs(self, since: datetime | None = None, until: datetime | None = None) -> list[FlowRun]:
        """Runs that were due since a moment, oldest first; not those that are due later than `until`, or now."""
        chosen: dict[str, Any] = {"expected_start_time": {"before_": (until or self.now()).isoformat()}}
        if since:
            chosen["expected_start_time"]["after_"] = since.isoformat()
        query = {"sort": "EXPECTED_START_TIME_DESC", "limit": 200, "flow_runs": chosen}
        return [self._run(raw) for raw in reversed(self.serving.api("/flow_runs/filter", query))]

    def _run(self, raw: Mapping[str, Any]) -> FlowRun:
        state = raw["state"]
        return FlowRun(
            raw["id"],
            raw["name"],
            self._deployments.get(raw["deployment_id"], "subflow" if raw["parent_task_run_id"] else "?"),
            state["name"],
            state["type"],
            " ".join((state.get("message") or "").split()),
            raw["auto_scheduled"],
            datetime.fromisoformat(raw["expected_start_time"]),
            datetime.fromisoformat(state["timestamp"]),
        )

    def wait_until(self, holds: Callable[[], bool], within_s: float, otherwise: str) -> float:
        """Wait until something holds; returns after how many seconds it did. Raises TimeoutError."""
        begin = time.monotonic()
        while not holds():
            if time.monotonic() - begin > within_s:
                raise TimeoutError(f"{otherwise} within {within_s:.0f} s")
            time.sleep(0.2)
        return time.monotonic() - begin


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    """Send a signal to a process of the stage, which may have ended meanwhile."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def memory_mb(pids: Sequence[int]) -> dict[int, float]:
    """Resident memory of processes, in MB."""
    sizes = {}
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            sizes[pid] = psutil.Process(pid).memory_info().rss / (1 << 20)
    return sizes


def peak_mb(pids: Sequence[int]) -> dict[int, float]:
    """The most memory that processes ever had resident, in MB; Linux alone has it, and psutil does not pass it on."""
    sizes = {}
    for pid in pids:
        with contextlib.suppress(OSError, KeyError):
            status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
            sizes[pid] = int(status["VmHWM"].split()[0]) / 1024
    return sizes


def _environ(pid: int) -> dict[str, str]:
    with contextlib.suppress(psutil.Error):
        return environ(psutil.Process(pid))
    return {}
