"""A Prefect server as `prefect server start` starts it: on its own database, and without a setting of this machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.desk.ports import free_port
from tests.desk.prefect_database import put_database
from tests.desk.serving import until


@contextmanager
def run_server(home: Path) -> Iterator[Path]:
    """Run it for as long as the block lasts, as the one that flows and clients of this process ask; gives its log."""
    # Where only other tests run they are not there yet: importing them takes two seconds.
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    put_database(home)
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PRESS_"))}
    environ |= {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "DEBUG",
        "DO_NOT_TRACK": "1",
    }
    log = home / "server.log"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out, env=environ, cwd=home) as process:
        try:
            with temporary_settings(updates={PREFECT_API_URL: api}):
                with get_client(sync_client=True) as client:
                    until(lambda: client.api_healthcheck() is None, log.read_text)
                yield log
                _send_the_rest()
        finally:
            process.terminate()


def _send_the_rest() -> None:
    """Let the server have what flows of this process logged and reported last, while it is there."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all()
    EventsWorker.drain_all()
