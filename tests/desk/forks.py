"""The command line in processes of their own that a test may kill, forked from one that has imported all of it.

A process costs half as much as one that begins with Python, and all of its life is at work.
"""

import multiprocessing
import os
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess

from warehouse.cli import main as cli
from warehouse.runs import ingest, refetch  # noqa: F401 - the command line imports them when it needs them

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])


def fork_press(environ: Mapping[str, str], *arguments: object) -> ForkServerProcess:
    """Start the command line with such an environment; what it prints goes nowhere."""
    process = FORKS.Process(target=_run, args=(dict(environ), [str(argument) for argument in arguments]))
    process.start()
    return process


def _run(environ: dict[str, str], arguments: list[str]) -> None:
    os.environ.clear()
    os.environ.update(environ)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    raise SystemExit(cli.run(arguments))
