"""`python -m flows.serving.serve` as a person starts it, on a server of its own, and what its server then says."""

import base64
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psutil

from flows.serving.processes import processes_with
from tests.desk.prefect_database import put_database
from tests.desk.warehouse import Desk
from warehouse.settings import PROJECT

PATIENCE_S = 120
"""How long anything may take on a busy machine before the test gives up."""


def until(what: Callable[[], Any], told: Callable[[], object] = str) -> Any:
    """What the function gives once it gives anything."""
    ends = time.monotonic() + PATIENCE_S
    while not (found := what()):
        assert time.monotonic() < ends, told()
        time.sleep(0.1)
    return found


@dataclass
class Serving:
    """One `make serve`: its process, what it prints, and its server."""

    desk: Desk
    port: int
    auth: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.desk.folder / "prefect"

    @property
    def environ(self) -> dict[str, str]:
        """No setting of this machine, and a portal that nobody is at."""
        kept = {name: value for name, value in self.desk.environ.items() if not name.startswith("PREFECT_")}
        told = {"PREFECT_HOME": str(self.home), "PRESS_SERVER_PORT": str(self.port), "PRESS_SERVER_AUTH": self.auth}
        quick = {"PREFECT_RUNNER_POLL_FREQUENCY": "1"}
        return {**kept, **told, **quick, "PRESS_PORTAL_URL": "http://127.0.0.1:9", **self.settings}

    def start(self) -> "Serving":
        """Start it, and return when all is served."""
        put_database(self.home)
        self.process = self.begin()
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()
        until(lambda: self.has_said("  maintain "), lambda: (self.printed, self.log()))
        return self

    def begin(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "flows.serving.serve"],
            cwd=PROJECT,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.printed.append(line)

    def has_said(self, what: str) -> bool:
        return what in "".join(self.printed)

    def refused(self) -> str:
        """What it says when it does not begin."""
        process = self.begin()
        said, _ = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 1, said
        return said

    def stop(self, number: signal.Signals = signal.SIGINT) -> float:
        """Press Ctrl-C, as the terminal does: to the whole group. Returns after how many seconds it had ended."""
        begun = time.monotonic()
        os.killpg(self.process.pid, number)
        assert self.process.wait(PATIENCE_S) == 0, self.printed
        return time.monotonic() - begun

    def log(self) -> str:
        return "".join(path.read_text() for path in sorted(self.home.glob("serve.log*")))

    def processes(self) -> dict[int, str]:
        """Processes on this Prefect home, with their commands."""
        found = {}
        for process in processes_with("PREFECT_HOME", [str(self.home)]):
            with contextlib.suppress(psutil.Error):
                found[process.pid] = " ".join(process.cmdline())
        return found

    def process_of(self, what: str) -> int:
        (pid,) = (pid for pid, command in self.processes().items() if re.search(what, command))
        return pid

    # What the server says.

    def api(self, path: str, body: object = None, method: str | None = None, auth: str | None = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        if given := self.auth if auth is None else auth:
            request.add_header("Authorization", f"Basic {base64.b64encode(given.encode()).decode()}")
        content = until(lambda: self._answer(request), lambda: (path, self.log()))
        return json.loads(content) if content != b" " else None

    def _answer(self, request: urllib.request.Request) -> bytes | None:
        """The content; None where the server's database is busy, which clients are to ask again for."""
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return answer.read() or b" "
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            return None

    def status(self, auth: str) -> int:
        try:
            self.api("/flow_runs/count", {}, auth=auth)
        except urllib.error.HTTPError as error:
            return error.code
        return 200

    def deployments(self) -> dict[str, dict[str, Any]]:
        return {told["name"]: told for told in self.api("/deployments/filter", {})}

    def run(self, deployment: str) -> str:
        told = self.deployments()[deployment]
        return str(self.api(f"/deployments/{told['id']}/create_flow_run", {})["id"])

    def state(self, run: str) -> tuple[str, str]:
        told = self.api(f"/flow_runs/{run}")
        return told["state_name"], told["state"]["message"] or ""

    def runs(self, **state: Any) -> list[dict[str, Any]]:
        """Runs whose state is like this: `type` or `name`, one of a list."""
        chosen = {"flow_runs": {"state": {kind: {"any_": any_of} for kind, any_of in state.items()}}, "limit": 200}
        return list(self.api("/flow_runs/filter", chosen))
