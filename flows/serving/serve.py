"""Serve everything: Prefect's server with its UI, and the deployments on their schedules.

`python -m flows.serving.serve` starts both; with `--server-only` it starts the server alone, for machines whose workers
get their runs from it. The server, and `flows.serving.runner`, which serves the deployments, are processes of their
own: this one watches them, and restarts one that ends. One Ctrl-C, or SIGTERM, ends all. So does the end of this one.
"""

import contextlib
import logging
import logging.handlers
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from flows.serving import server as prefect_server
from flows.serving.child import Child
from flows.serving.clock_jumps import ClockJumps
from flows.serving.processes import holder
from warehouse.errors import PressError, UsageError
from warehouse.locks import LockHeld, hold
from warehouse.report.text import short, visible
from warehouse.settings import Settings, load_settings

STARTS_WITHIN_S = 180
"""How long the server may take until it answers; on a busy machine, with a new database, a minute is not rare."""

RUNNER_ENDS_WITHIN_S, SERVER_ENDS_WITHIN_S = 12, 6
LOOKS_EVERY_S = 0.25
ASKS_EVERY_S, SILENT_FOR_S = 10, 60
"""How often the server is asked whether it is healthy; after how long of silence it is restarted."""

LOG_BYTES, OLDER_LOGS = 5 << 20, 3


def say(line: str) -> None:
    """One line for the person at the terminal."""
    with contextlib.suppress(OSError):
        print(visible(line), flush=True)


@contextmanager
def only_one(home: Path, where: str) -> Iterator[None]:
    """Be the one process that serves this Prefect home; raises PressError when another is, and says where."""
    with ExitStack() as stack:
        try:
            home.mkdir(parents=True, exist_ok=True)
            # Its database has the addresses and passwords of alerts.
            home.chmod(0o700)
            killed = stack.enter_context(hold(home / "serve.lock", home / "serve.json", {"url": where}))
        except LockHeld as error:
            pid, url = error.note.get("pid", "?"), error.note.get("url", "an address it has not written yet")
            raise PressError(f"Process {pid} serves it already, at {url}.") from None
        except OSError as error:
            raise PressError(f"{home} cannot be written: {error.strerror}.") from error
        if killed is not None:
            say(f"Tidied up after process {killed.get('pid', '?')}, which ended without a word.")
        yield


def _log_to(path: Path) -> logging.Logger:
    """A log that stays small: five megabytes, and three older ones."""
    log = logging.getLogger("flows.serving.serve")
    log.setLevel(logging.INFO)
    log.propagate = False
    # On a full disk the log has gaps, and nothing can be written of that.
    logging.raiseExceptions = False
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=LOG_BYTES, backupCount=OLDER_LOGS, encoding="utf-8", errors="replace"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.handlers = [handler]
    return log


def serve(settings: Settings, is_stopping: threading.Event, *, server_only: bool = False) -> None:
    """Serve until `is_stopping` is set. Raises PressError where that cannot begin."""
    address = settings.server
    prefect_server.refuse_open_door(address)
    home = prefect_server.prefect_home(settings)
    environments = prefect_server.server_environment(settings), prefect_server.runner_environment(settings)
    with only_one(home, prefect_server.url(address)):
        _refuse_taken_port(settings)
        _create_inbox(settings)
        log = _log_to(home / "serve.log").info
        command = ["prefect", "server", "start", "--host", address.host, "--port", str(address.port)]
        server = Child("server", command, environments[0], log, log)
        runner = Child("runner", ["flows.serving.runner"], environments[1], say, log)
        say("Starting Prefect's server …")
        try:
            server.start()
            _wait_until_healthy(settings, server, is_stopping)
            if not is_stopping.is_set():
                _say_where(settings, home)
                if not server_only:
                    runner.start()
            _watch(settings, server, runner, is_stopping)
        finally:
            say("Stopping …")
            runner.end(RUNNER_ENDS_WITHIN_S)
            server.end(SERVER_ENDS_WITHIN_S)
    say("Stopped.")


def _refuse_taken_port(settings: Settings) -> None:
    address = settings.server
    if prefect_server.is_free(address):
        return
    kind = "another Prefect server" if prefect_server.is_healthy(address) else "another program"
    raise PressError(
        f"Port {address.port} is taken by {kind}: {holder(address.port)}. "
        "End that, or set PRESS_SERVER_PORT to another port."
    )


def _create_inbox(settings: Settings) -> None:
    try:
        settings.inbox.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PressError(f"The inbox {settings.inbox} cannot be made: {error.strerror}.") from error


def _wait_until_healthy(settings: Settings, server: Child, is_stopping: threading.Event) -> None:
    log = prefect_server.prefect_home(settings) / "serve.log"
    while not is_stopping.wait(LOOKS_EVERY_S):
        if server.exit_code is not None:
            raise PressError(f"Prefect's server ended with {server.exit_code} before it answered; {log} says why.")
        if prefect_server.is_healthy(settings.server):
            return
        if time.monotonic() - server.started_at > STARTS_WITHIN_S:
            raise PressError(f"Prefect's server did not answer for {STARTS_WITHIN_S} s; {log} may say why.")


def _say_where(settings: Settings, home: Path) -> None:
    say(f"  UI        {prefect_server.url(settings.server)}")
    say(f"  runs in   {prefect_server.database_place(settings)}")
    say(f"  inbox     {short(settings.inbox)}")
    say(f"  log       {short(home / 'serve.log')}")
    say(f"  contact   {settings.portal.contact or 'none: set PRESS_PORTAL_CONTACT, for gov.kz is asked hourly'}")
    say("Ctrl-C stops everything.")


def _watch(settings: Settings, server: Child, runner: Child, is_stopping: threading.Event) -> None:
    """Restart what ends, and end a server that is silent, until `is_stopping` is set."""
    healthy_at = asked_at = time.monotonic()
    clock = ClockJumps()
    while not is_stopping.wait(LOOKS_EVERY_S):
        now = time.monotonic()
        if now - asked_at > ASKS_EVERY_S:
            asked_at = now
            if prefect_server.is_healthy(settings.server, ASKS_EVERY_S):
                healthy_at = now
        if server.exit_code is None and now - max(healthy_at, server.started_at) > SILENT_FOR_S + STARTS_WITHIN_S:
            say("The server does not answer; restarting it.")
            server.end(SERVER_ENDS_WITHIN_S)
        if clock.seconds() < 0:
            say("The clock was set back; restarting the server, which waits for times of day.")
            server.end(SERVER_ENDS_WITHIN_S)
        for child in (server, runner):
            if child.exit_code is not None:
                say(f"The {child.name} ended with {child.exit_code}; restarting it.")
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
