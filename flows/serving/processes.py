"""Processes of this machine: those of flow runs, and the one that listens at a port."""

import contextlib
from collections.abc import Collection

import psutil

from warehouse.report.text import visible


def processes_with(variable: str, values: Collection[str]) -> list[psutil.Process]:
    """Processes whose environment has one of these values for a variable, as far as this user may read it."""
    return [process for process in psutil.process_iter() if environ(process).get(variable) in values]


def environ(process: psutil.Process) -> dict[str, str]:
    """The environment of a process; empty where it has ended, or where this user may not read it."""
    with contextlib.suppress(psutil.Error):
        return process.environ()
    return {}


def holder(port: int) -> str:
    """The process that listens at a port: `process 123 (python -m http.server)`, or `another program`."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            sockets = process.net_connections("tcp")
            if any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in sockets):
                return f"process {process.pid} ({visible(' '.join(process.cmdline()))[:120]})"
    return "another program"
