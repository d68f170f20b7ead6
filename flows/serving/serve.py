"""Serve everything: Prefect's server with its UI, and the deployments on their schedules.

`python -m flows.serving.serve` starts both; with `--server-only` it is the server alone, for machines with workers to
get their runs from. The server, and `flows.serving.runner`, which serves the deployments, are processes of their own,
watched, and restarted when they end. One Ctrl-C, or SIGTERM, ends both. They end as well when this process is killed.
"""

import contextlib
import logging
import logging.handlers
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

from flows.serving import server as prefect_server
from flows.serving.clock import Clock
from flows.serving.processes import holder
from warehouse.errors import PressError, UsageError
from warehouse.locks import LockHeld, hold
from warehouse.report.output import visible
from warehouse.report.summary import short
from warehouse.settings import Settings, load_settings, workplace

STARTS_WITHIN_S = 180
"""How long the server may take until it answers; on a busy machine, with a new database, a minute is not rare."""

RUNNER_ENDS_WITHIN_S, SERVER_ENDS_WITHIN_S = 12, 6
LOOKS_EVERY_S = 0.25
UNHEALTHY_FOR_S = 60
"""After how long of not answering a server that runs is ended, to be started anew."""

LONGEST_PAUSE_S = 60
"""The longest pause before a process that keeps ending is started anew."""

LOG_BYTES, LOGS_KEPT = 5 << 20, 3


class Child:
    """A process beside this one, in a process group of its own, kept on a leash (`flows.serving.leash`)."""

    def __init__(self, name: str, command: Sequence[str], environ: Mapping[str, str], log: logging.Logger) -> None:
        self.name = name
        self._command = [sys.executable, "-m", "flows.serving.leash", *command]
        self._environ = {**os.environ, **environ}
        self._log = log
        self._pause_s = 1.0
        self._process: subprocess.Popen[str] | None = None
        self.started_at = 0.0

    def start(self) -> None:
        """Start it; what it prints is for the terminal, its errors are for the log."""
        self.started_at = time.monotonic()
        self._process = process = subprocess.Popen(  # noqa: S603 - our own modules
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
        assert process.stdout is not None
        assert process.stderr is not None
        told: Callable[[str], None] = say if self.name == "runner" else self._log.info
        for stream, take in ((process.stdout, told), (process.stderr, self._log.info)):
            threading.Thread(target=_pump, args=(stream, take), daemon=True).start()

    @property
    def ended(self) -> int | None:
        """The exit code when it has ended."""
        return None if self._process is None else self._process.poll()

    def restart(self, is_stopping: threading.Event) -> None:
        """Start it anew after a pause, longer each time it ends soon; what is left of it is ended first."""
        self.end(0)
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S) if time.monotonic() - self.started_at < 300 else 1.0
        if not is_stopping.wait(self._pause_s):
            self.start()

    def end(self, within_s: float) -> None:
        """End it and all that it started: by a signal to itself, and after `within_s` seconds by SIGKILL to all."""
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


def _pump(stream: IO[str], take: Callable[[str], None]) -> None:
    for line in stream:
        take(line.rstrip("\n"))


def say(line: str) -> None:
    """One line for the person at the terminal."""
    with contextlib.suppress(OSError):
        print(visible(line), flush=True)


@contextmanager
def only_one(home: Path, where: str) -> Iterator[None]:
    """Be the one process that serves this Prefect home; raises PressError when another is, and says where."""
    with ExitStack() as held:
        try:
            home.mkdir(parents=True, exist_ok=True)
            # The database in it has the addresses and passwords of those who are told.
            home.chmod(0o700)
            left_behind = held.enter_context(hold(home / "serve.lock", home / "serve.json", {"url": where}))
        except LockHeld as error:
            process, url = error.note.get("pid", "?"), error.note.get("url", "starting")
            raise PressError(f"It is being served already: process {process}, {url}.") from None
        except OSError as error:
            raise PressError(f"{home} cannot be written: {error.strerror}.") from error
        if left_behind is not None:
            say(f"Tidied up after process {left_behind.get('pid', '?')}, which ended without a word.")
        yield


def _log_to(path: Path) -> logging.Logger:
    """A log that stays small: five megabytes, and three older ones."""
    log = logging.getLogger("flows.serving.serve")
    log.setLevel(logging.INFO)
    log.propagate = False
    # On a full disk the log has gaps, and nothing more is to be said of it.
    logging.raiseExceptions = False
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8", errors="replace"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.handlers = [handler]
    return log


def serve(settings: Settings, is_stopping: threading.Event, *, server_only: bool = False) -> None:
    """Serve until `is_stopping` is set. Raises PressError where that cannot begin."""
    server = settings.server
    prefect_server.refuse_open_door(server)
    home, where = prefect_server.prefect_home(settings), prefect_server.url(server)
    environments = prefect_server.server_environment(settings), prefect_server.runner_environment(settings)
    with only_one(home, where):
        _refuse_taken_port(settings)
        _make_inbox(settings)
        log = _log_to(home / "serve.log")
        command = ["prefect", "server", "start", "--host", server.host, "--port", str(server.port)]
        child = Child("server", command, environments[0], log)
        runner = None if server_only else Child("runner", ["flows.serving.runner"], environments[1], log)
        say("Starting Prefect's server …")
        try:
            child.start()
            _wait_until_healthy(settings, child, is_stopping)
            if not is_stopping.is_set():
                _tell(settings, home)
                if runner:
                    runner.start()
            _watch(settings, child, runner, is_stopping)
        finally:
            say("Stopping …")
            if runner:
                runner.end(RUNNER_ENDS_WITHIN_S)
            child.end(SERVER_ENDS_WITHIN_S)
    say("Stopped.")


def _refuse_taken_port(settings: Settings) -> None:
    server = settings.server
    if prefect_server.is_free(server):
        return
    kind = "a Prefect server of somebody else" if prefect_server.is_healthy(server) else "something else"
    raise PressError(
        f"Port {server.port} is taken by {kind}: {holder(server.port)}. "
        "End that, or set PRESS_SERVER_PORT to another port."
    )


def _make_inbox(settings: Settings) -> None:
    try:
        settings.inbox.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PressError(f"The inbox {settings.inbox} cannot be made: {error.strerror}.") from error


def _wait_until_healthy(settings: Settings, child: Child, is_stopping: threading.Event) -> None:
    ends = time.monotonic() + STARTS_WITHIN_S
    log = prefect_server.prefect_home(settings) / "serve.log"
    while not is_stopping.wait(LOOKS_EVERY_S):
        if child.ended is not None:
            raise PressError(f"Prefect's server ended with {child.ended} before it answered; {log} says why.")
        if prefect_server.is_healthy(settings.server):
            return
        if time.monotonic() > ends:
            raise PressError(f"Prefect's server did not answer for {STARTS_WITHIN_S} s; {log} may say why.")


def _tell(settings: Settings, home: Path) -> None:
    say(f"  UI        {prefect_server.url(settings.server)}")
    say(f"  runs in   {prefect_server.database_told(settings)}")
    say(f"  inbox     {short(settings.inbox)}")
    say(f"  log       {short(home / 'serve.log')}")
    say(f"  contact   {settings.portal.contact or 'none: set PRESS_PORTAL_CONTACT, for gov.kz is asked hourly'}")
    say("Ctrl-C stops everything.")


def _watch(settings: Settings, server: Child, runner: Child | None, is_stopping: threading.Event) -> None:
    """Start anew what ends, until `is_stopping` is set."""
    healthy_at = asked_at = time.monotonic()
    clock = Clock()
    while not is_stopping.wait(LOOKS_EVERY_S):
        now = time.monotonic()
        if now - asked_at > UNHEALTHY_FOR_S / 6:
            asked_at = now
            if prefect_server.is_healthy(settings.server, UNHEALTHY_FOR_S / 6):
                healthy_at = now
        if server.ended is None and now - max(healthy_at, server.started_at) > UNHEALTHY_FOR_S + STARTS_WITHIN_S:
            say("The server does not answer; it is ended and started anew.")
            server.end(SERVER_ENDS_WITHIN_S)
        if clock.jumped_s() < 0:
            say("The clock was set back; the server, which waits for times of day, is started anew.")
            server.end(SERVER_ENDS_WITHIN_S)
        for child in (server, runner):
            if child is not None and child.ended is not None:
                say(f"The {child.name} ended with {child.ended}; it is started anew.")
                child.restart(is_stopping)
                healthy_at = time.monotonic()


def main() -> None:
    """Serve by the settings of the environment; exits with 0 when it was stopped and 1 when it could not begin."""
    is_stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        is_stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    try:
        if sys.argv[1:] not in ([], ["--server-only"]):
            raise UsageError("flows.serving.serve takes no argument but --server-only.")
        serve(load_settings(), is_stopping, server_only=bool(sys.argv[1:]))
    except PressError as error:
        print(f"press: {' '.join(visible(str(error)).split())}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
