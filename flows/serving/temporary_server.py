"""Prefect's temporary server: its API for one run, at a free port of this machine, over Prefect's own database.

Prefect starts one by itself where no server is named. But then it begins after the program's imports, and imports the
server's code into the program, too, which costs both time. This one starts beside the imports.
"""

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, MutableMapping
from pathlib import Path

from warehouse.errors import PressError

URL = "PREFECT_API_URL"
TIMEOUT_S, STOP_S = 120.0, 5.0
"""How long it may take to start, unless Prefect's own setting says so, and to stop before it is killed."""

ENVIRONMENT = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
"""What makes Prefect's server a temporary one: no UI, and no services that are of use to a lasting one alone."""

_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def start(environ: MutableMapping[str, str] = os.environ) -> Callable[[], None]:
    """Start the server, for as long as this process lasts, unless settings may name another one.

    Has to be called before Prefect is imported, which then finds its address in `environ`; at the end of the process
    Prefect tells it the last events before it is stopped. Returns the function that waits until it answers, which
    raises PressError where it does not.
    """
    if names_server(environ):
        return lambda: None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = ("--factory", "prefect.server.api.server:create_app", "--lifespan", "on", "--log-level", "error")
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.serving.leash", "uvicorn", *app, "--host", "127.0.0.1", "--port", str(port)],
        stdin=subprocess.PIPE,
        env={**environ, **ENVIRONMENT},
        start_new_session=True,
    )
    atexit.register(_end, process)
    environ[URL] = f"http://127.0.0.1:{port}/api"
    timeout_s = float(environ.get("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS") or TIMEOUT_S)
    return lambda: wait_for(process, environ[URL], timeout_s)


def names_server(environ: MutableMapping[str, str]) -> bool:
    """Whether the environment is about which server to use, or a file that Prefect reads its settings from may be."""
    named = ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_SERVER_EPHEMERAL_ENABLED")
    if any(name in environ for name in named) or Path("prefect.toml").exists():
        return True
    home = environ.get("PREFECT_HOME") or "~/.prefect"
    profiles = Path(environ.get("PREFECT_PROFILES_PATH") or f"{home}/profiles.toml").expanduser()
    for path, sign in ((profiles, URL), (Path(".env"), URL), (Path("pyproject.toml"), "[tool.prefect")):
        with contextlib.suppress(OSError):
            if sign in path.read_text(encoding="utf-8", errors="replace"):
                return True
    return False


def wait_for(process: subprocess.Popen[bytes], url: str, timeout_s: float) -> None:
    """Wait until the server of a process answers; raises PressError where that ends before, or takes too long."""
    until = time.monotonic() + timeout_s
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), _DIRECTLY.open(f"{url}/health", timeout=timeout_s):
            return
        time.sleep(0.05)
    what = f"within {timeout_s:g} s" if process.poll() is None else f"and ended with {process.returncode}"
    raise PressError(f"Prefect's temporary server did not start {what}: see above, or start one with `make serve`.")


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_S)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
