"""The served system that a drill is played on: what `make serve` has, in a folder and at a port of its own.

The portal of the tests stands in place of gov.kz.
"""

import contextlib
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import psutil
import requests

from flows.serving.processes import environ, processes_with
from flows.serving.settle import RUN_ID
from tests.desk.ports import free_port
from warehouse.settings import PROJECT, Settings, load_settings

UNDER_WAY = ("PENDING", "RUNNING", "CANCELLING")
STARTS_WITHIN_S, STOPS_WITHIN_S = 240, 60
COMMANDS = {"server": "prefect server", "runner": "flows.serving.runner"}
CLOCK = "clock"
"""The file in a stage's folder that says how many seconds its clock is ahead: eight bytes, mapped by `clock.c`."""

PLAIN = {"LANG": "C.UTF-8", "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING"}


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
    """One machine that serves; a context manager. `environ` adds to what `make serve` is given."""

    def __init__(self, folder: Path, environ: Mapping[str, str], *, home: str = "prefect") -> None:
        self.folder = folder
        self.home = folder / home
        self.port = free_port()
        own = ("PRESS_", "PREFECT", "POLARS_MAX_THREADS", "LD_PRELOAD")
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(own)},
            **PLAIN,
            "PRESS_WAREHOUSE": str(folder / "data" / "press.duckdb"),
            "PRESS_SERVER_PORT": str(self.port),
            "PRESS_INBOX_SETTLE_S": "0.5",
            "PREFECT_HOME": str(self.home),
            **environ,
        }
        self.settings: Settings = load_settings(self.environ, folder / "none.env")
        self._process: subprocess.Popen[bytes] | None = None
        self._deployments: dict[str, str] = {}
        self._log_start = 0

    def __enter__(self) -> Self:
        self.serve()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        """What `make serve` printed; beside the stage, for its disk may be full."""
        return self.folder.with_name(f"{self.folder.name}-{self.home.name}-terminal.log")

    def serve(self) -> None:
        """Start serving, and wait until the deployments are there and the automations applied."""
        self.begin()
        self.wait_until(self.is_serving, STARTS_WITHIN_S, "the server did not begin to serve")

    def begin(self) -> None:
        """Start serving, without waiting."""
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flows.serving.serve"],
                env=self.environ,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def is_serving(self) -> bool:
        """Whether the runner said when its deployments run next, after the last start."""
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text()
        return b"Next runs" in self.log.read_bytes()[self._log_start :]

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            for process in self.processes():
                kill(process)
            self._process.wait()
            raise

    def kill(self) -> None:
        """End the serving process by SIGKILL; what it started has to notice."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def pid(self, of: str) -> int | None:
        """The process of `serve`, `server` or `runner`, None while there is none."""
        assert self._process is not None
        if of == "serve":
            return self._process.pid
        command = f"flows.serving.leash {COMMANDS[of]}"
        return next((pid for pid in self.processes() if command in _command(pid)), None)

    def flows(self) -> list[int]:
        """The processes of flow runs, oldest first."""
        return [process.pid for process in self._processes() if RUN_ID in environ(process)]

    def processes(self) -> list[int]:
        """All processes of this stage: those that were started with its Prefect home."""
        return [process.pid for process in self._processes()]

    def _processes(self) -> list[psutil.Process]:
        ours = processes_with("PREFECT_HOME", [str(self.home)])
        return sorted((process for process in ours if process.pid != os.getpid()), key=lambda process: process.pid)

    def now(self) -> datetime:
        """The moment by the stage's own clock, which a drill may have set."""
        clock = self.folder / CLOCK
        ahead_s = struct.unpack("=q", clock.read_bytes())[0] if clock.exists() else 0
        return datetime.fromtimestamp(time.time() + ahead_s, UTC)

    def hurry(self, every_s: Mapping[str, int], parameters: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Run deployments at an interval instead of their hours, as the UI can set it; others not at all."""
        for deployment in self.ask("POST", "/deployments/filter", {}):
            name, deployment_id = deployment["name"], deployment["id"]
            self._deployments[deployment_id] = name
            changes: dict[str, Any] = {"paused": name not in every_s}
            if name in (parameters or {}):
                changes["parameters"] = deployment["parameters"] | dict((parameters or {})[name])
            self.ask("PATCH", f"/deployments/{deployment_id}", changes)
            if name not in every_s:
                continue
            hurried = {"interval": every_s[name], "anchor_date": f"{self.now():%FT%TZ}"}
            for schedule in deployment["schedules"]:
                path = f"/deployments/{deployment_id}/schedules/{schedule['id']}"
                self.ask("PATCH", path, {"active": True, "schedule": hurried})

    def run_now(self, name: str) -> str:
        """Start a run of a deployment by hand; returns its id."""
        [deployment] = [known for known, its_name in self._deployments.items() if its_name == name]
        run = self.ask("POST", f"/deployments/{deployment}/create_flow_run", {"state": {"type": "SCHEDULED"}})
        return str(run["id"])

    def ask(self, method: str, path: str, content: Any = None, patience_s: float = 180) -> Any:
        """What the server's API answers; asks again for so long while it does not, then raises RequestException."""
        url = f"http://127.0.0.1:{self.port}/api{path}"
        ends = time.monotonic() + patience_s
        while True:
            try:
                answer = requests.request(method, url, json=content, timeout=10)
                answer.raise_for_status()
                return answer.json() if answer.content else None
            except requests.RequestException as error:
                is_ours = error.response is not None and error.response.status_code < 500
                if is_ours or time.monotonic() > ends:
                    raise
                time.sleep(0.5)

    def runs(self, since: datetime | None = None, until: datetime | None = None) -> list[FlowRun]:
        """Runs that were due since a moment, oldest first; not those that are due later than `until`, or now."""
        chosen: dict[str, Any] = {"expected_start_time": {"before_": (until or self.now()).isoformat()}}
        if since:
            chosen["expected_start_time"]["after_"] = since.isoformat()
        query = {"sort": "EXPECTED_START_TIME_DESC", "limit": 200, "flow_runs": chosen}
        return [self._run(raw) for raw in reversed(self.ask("POST", "/flow_runs/filter", query))]

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
        begun = time.monotonic()
        while not holds():
            if time.monotonic() - begun > within_s:
                raise TimeoutError(f"{otherwise} within {within_s:.0f} s")
            time.sleep(0.2)
        return time.monotonic() - begun


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


def _command(pid: int) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(psutil.Process(pid).cmdline())
    return ""
