"""`python -m flows.serving.serve` as a person starts it, on a server of its own, and what its server then says."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import requests

from flows.serving.processes import processes_with
from tests.desk.prefect_database import put_database
from tests.desk.warehouse import Desk
from warehouse.project import PROJECT

PATIENCE_S = 120
"""How long anything may take on a busy machine before the test gives up."""

ANSWERS_WITHIN_S = 30
"""After how long a server that did not answer is asked again."""


def until(what: Callable[[], Any], describe: Callable[[], object] = str, within_s: float = PATIENCE_S) -> Any:
    """What the function gives once it gives anything; fails with the description when it does not in time."""
    ends = time.monotonic() + within_s
    while not (value := what()):
        assert time.monotonic() < ends, describe()
        time.sleep(0.1)
    return value


class Terminal:
    """A program that goes on until Ctrl-C, as a person starts it, and what it prints meanwhile."""

    def __init__(self, command: Sequence[str], folder: Path, environ: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self._lines.extend(self.process.stdout)

    @property
    def output(self) -> str:
        return "".join(self._lines)

    def wait_for(self, text: str, within_s: float = PATIENCE_S) -> str:
        """What it printed up to now, once this is part of it. Fails where the program ends before."""
        until(lambda: text in self.output or not self._reader.is_alive(), lambda: self.output, within_s)
        assert text in self.output, self.output
        return self.output

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Press Ctrl-C, as the terminal does: to the whole group. Returns the exit code, and has all output then."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise

    def wait(self) -> int:
        """The exit code, once it ends of itself and all that it printed is read."""
        code = self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        return code


@dataclass
class Serving:
    """One `make serve`: its process, what it prints, and its server."""

    desk: Desk
    port: int
    auth: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    home_name: str = "prefect"
    patience_s: float = PATIENCE_S
    command: Sequence[str] = (sys.executable, "-m", "flows.serving.serve")
    project: Path = PROJECT

    @property
    def home(self) -> Path:
        return self.desk.folder / self.home_name

    @property
    def environ(self) -> dict[str, str]:
        """No setting of this machine, and a portal that nobody is at."""
        return {
            **{name: value for name, value in self.desk.environ.items() if not name.startswith(("PREFECT_", "MAKE"))},
            "PREFECT_HOME": str(self.home),
            "PREFECT_RUNNER_POLL_FREQUENCY": "1",
            "PRESS_SERVER_PORT": str(self.port),
            "PRESS_SERVER_AUTH": self.auth,
            "PRESS_PORTAL_URL": "http://127.0.0.1:9",
            **self.settings,
        }

    def start(self) -> "Serving":
        """Start it, and return when all is served."""
        put_database(self.home)
        self.terminal = self._open_terminal()
        self.terminal.wait_for("  maintain ", self.patience_s)
        return self

    def _open_terminal(self) -> Terminal:
        return Terminal(self.command, self.project, self.environ)

    @property
    def process(self) -> subprocess.Popen[str]:
        return self.terminal.process

    @property
    def output(self) -> str:
        """What it printed since its start."""
        return self.terminal.output

    def refusal(self) -> str:
        """What it says when it does not begin."""
        terminal = self._open_terminal()
        assert terminal.wait() == 1, terminal.output
        return terminal.output

    def stop(self) -> float:
        """Press Ctrl-C. Returns after how many seconds it had ended."""
        begin = time.monotonic()
        assert self.terminal.stop() == 0, self.output
        return time.monotonic() - begin

    def kill(self, within_s: float = PATIENCE_S) -> None:
        """End the serving process by SIGKILL, and wait until all that it started has noticed and ended."""
        self.process.kill()
        self.process.wait()
        until(lambda: not self.processes(), self.processes, within_s)

    def log(self) -> str:
        return "".join(path.read_text() for path in sorted(self.home.glob("serve.log*")))

    def processes(self) -> dict[int, str]:
        """Processes on this Prefect home, with their commands, oldest first."""
        commands = {}
        for process in processes_with("PREFECT_HOME", [str(self.home)]):
            with contextlib.suppress(psutil.Error):
                commands[process.pid] = " ".join(process.cmdline())
        return dict(sorted(commands.items()))

    def process_of(self, pattern: str) -> int:
        """The one process with such a command."""
        (pid,) = (pid for pid, command in self.processes().items() if re.search(pattern, command))
        return pid

    # What the server says.

    def api(
        self,
        path: str,
        content: object = None,
        method: str | None = None,
        auth: str | None = None,
        patience_s: float | None = None,
    ) -> Any:
        """What the server answers. Asks again while it is away or its database is busy; raises RequestException."""
        ends = time.monotonic() + (self.patience_s if patience_s is None else patience_s)
        method = method or ("GET" if content is None else "POST")
        url = f"http://127.0.0.1:{self.port}/api{path}"
        user, _, password = (self.auth if auth is None else auth).partition(":")
        while True:
            try:
                answer = requests.request(
                    method, url, json=content, auth=(user, password) if user else None, timeout=ANSWERS_WITHIN_S
                )
                answer.raise_for_status()
                return answer.json() if answer.content else None
            except requests.RequestException as error:
                is_final = error.response is not None and error.response.status_code < 500
                if is_final or time.monotonic() > ends:
                    raise
                time.sleep(0.2)

    def status(self, auth: str) -> int:
        try:
            self.api("/flow_runs/count", {}, auth=auth)
        except requests.HTTPError as error:
            return error.response.status_code
        return 200

    def deployments(self) -> dict[str, dict[str, Any]]:
        return {deployment["name"]: deployment for deployment in self.api("/deployments/filter", {})}

    def run(self, deployment: str, **content: Any) -> str:
        """Start a run of a deployment by hand; returns its id."""
        deployment_id = self.deployments()[deployment]["id"]
        return str(self.api(f"/deployments/{deployment_id}/create_flow_run", content)["id"])

    def state(self, run: str) -> tuple[str, str]:
        """Name and message of the state of a run."""
        state = self.api(f"/flow_runs/{run}")["state"]
        return state["name"], state["message"] or ""

    def runs(self, **state: Any) -> list[dict[str, Any]]:
        """Runs whose state is like this: `type` or `name`, one of a list."""
        chosen = {"flow_runs": {"state": {kind: {"any_": any_of} for kind, any_of in state.items()}}, "limit": 200}
        return list(self.api("/flow_runs/filter", chosen))
