"""The server alone, as docs/operations.md starts it: on its own database, and without a setting of this machine."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.desk.ports import free_port
from tests.desk.prefect_database import put_database
from tests.desk.serving import Terminal
from warehouse.project import PROJECT

COMMAND = ("python", "-m", "flows.serving.serve", "--server-only")


@contextmanager
def run_server(home: Path) -> Iterator[Path]:
    """Run it for as long as the block lasts, as the one that flows and clients of this process ask; gives its log."""
    # Where only other tests run it is not there yet: importing it takes two seconds.
    from prefect.settings import PREFECT_API_URL, temporary_settings

    put_database(home)
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PRESS_"))}
    environ |= {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_LOGGING_LEVEL": "DEBUG",
        "PRESS_SERVER_PORT": str(port),
        "PRESS_WAREHOUSE": str(home / "warehouse.duckdb"),
    }
    terminal = Terminal([sys.executable, *COMMAND[1:]], PROJECT, environ)
    try:
        terminal.wait_for("Ctrl-C")
        with temporary_settings(updates={PREFECT_API_URL: f"http://127.0.0.1:{port}/api"}):
            yield home / "serve.log"
            _send_the_rest()
    finally:
        terminal.stop()
    assert terminal.output.endswith("Stopping …\nStopped.\n")


def _send_the_rest() -> None:
    """Let the server have what flows of this process logged and reported last, while it is there."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all()
    EventsWorker.drain_all()
