"""Prefect flows: thin wrappers around `warehouse` with retries, schedules and artifacts."""

import logging
import os
from collections.abc import MutableMapping
from zoneinfo import reset_tzpath

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def leave_out_proxy(environ: MutableMapping[str, str]) -> None:
    """Reach this machine's own addresses without the proxy of `http_proxy`: Prefect's server listens at one of them."""
    listed = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    hosts = [host for host in map(str.strip, listed.split(",")) if host]
    if "*" not in hosts:
        # Both names: some programs read the one, some the other.
        environ["no_proxy"] = environ["NO_PROXY"] = ",".join([*hosts, *(own for own in LOOPBACK if own not in hosts)])


def leave_out_system_zones(environ: MutableMapping[str, str]) -> None:
    """Take all time zones from the Python package tzdata: Prefect's schedules too, whatever zones the system has."""
    environ["PYTHONTZPATH"] = ""
    reset_tzpath(())


# Before Prefect is imported, which every module of this package does after this one; child processes inherit it.
leave_out_proxy(os.environ)
leave_out_system_zones(os.environ)


def _without_traceback(record: logging.LogRecord) -> bool:
    """Whether to log a record: not the traceback of a run that ended Failed on purpose.

    The log and the state of such a run have the reason in a sentence; Prefect's engine would add its own traceback.
    """
    return not (record.exc_info and type(record.exc_info[1]).__name__ == "FailedRun")


logging.getLogger("prefect.engine").addFilter(_without_traceback)
