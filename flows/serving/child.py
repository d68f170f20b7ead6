"""A process beside this one: start, restart and end it, and pass on what it prints."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import IO

from warehouse.settings import workplace

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
"""The pause before a process that ended starts again: it doubles while the process keeps ending soon."""

SOON_S = 300
"""How soon after its start an end counts as soon."""

Line = Callable[[str], None]


class Child:
    """A module that runs as a process of its own, in a process group of its own, on a leash (`flows.serving.leash`).

    `output` and `errors` get each line that it prints.
    """

    def __init__(
        self, name: str, command: Sequence[str], environ: Mapping[str, str], output: Line, errors: Line
    ) -> None:
        self.name = name
        self.started_at = 0.0
        self._command = [sys.executable, "-m", "flows.serving.leash", *command]
        self._environ = {**os.environ, **environ}
        self._output, self._errors = output, errors
        self._pause_s = SHORTEST_PAUSE_S
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, and pass on what it prints."""
        self.started_at = time.monotonic()
        self._process = process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            cwd=workplace(),
            env=self._environ,
            start_new_session=True,
        )
        for stream, line in ((process.stdout, self._output), (process.stderr, self._errors)):
            assert stream is not None
            threading.Thread(target=_pass_on, args=(stream, line), daemon=True).start()

    @property
    def exit_code(self) -> int | None:
        """None before its start, and while it runs."""
        return None if self._process is None else self._process.poll()

    def restart(self, is_stopping: threading.Event) -> None:
        """End what is left of it, and start it again after a pause, unless `is_stopping` is set meanwhile."""
        self.end(0)
        is_soon = time.monotonic() - self.started_at < SOON_S
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S) if is_soon else SHORTEST_PAUSE_S
        if not is_stopping.wait(self._pause_s):
            self.start()

    def end(self, within_s: float) -> None:
        """End it and all that it started: SIGTERM to itself, and after `within_s` seconds SIGKILL to its group."""
        process = self._process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if within_s and process.poll() is None:
                process.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(within_s)
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _pass_on(stream: IO[str], line: Line) -> None:
    for text in stream:
        line(text.rstrip("\n"))
