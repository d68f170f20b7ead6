"""Run one command and measure it: wall time, CPU time, peak memory.

CPU is user + system of the process and of all descendants it waited for (`wait4`). Peak memory is the larger
of two readings: the kernel's peak resident set of the largest single process (`ru_maxrss`), and the sum over
the process tree sampled from /proc every 20 ms, which counts pages shared by processes more than once.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_S = 0.02
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: seconds, seconds and megabytes (10^6 bytes)."""

    wall_s: float
    cpu_s: float
    peak_mb: float


class CommandFailedError(Exception):
    """A measured command ended with another status than 0; the message holds the end of its output."""


def _tree(pid: int) -> list[int]:
    found = [pid]
    for process in found:
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in children.read_text().split())
            except OSError:
                continue  # the thread ended meanwhile
    return found


def _resident_bytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
    except OSError:
        return 0  # the process ended meanwhile


class _Sampler(threading.Thread):
    """Keeps the peak of the resident memory of a process tree until told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.peak_bytes = 0

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_S):
            self.peak_bytes = max(self.peak_bytes, sum(map(_resident_bytes, _tree(self._pid))))

    def stop(self) -> int:
        self._ended.set()
        self.join()
        return self.peak_bytes


def measure(command: Sequence[str], output: Path, environment: Mapping[str, str]) -> Cost:
    """Run `command`, its output going to the file `output`; raise CommandFailedError if it fails."""
    with output.open("wb") as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **environment}
        )
        sampler = _Sampler(process.pid)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
    tree_bytes = sampler.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        tail = output.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise CommandFailedError(f"{' '.join(command[:4])} … ended with {process.returncode}:\n{tail}")
    peak_bytes = max(tree_bytes, usage.ru_maxrss * 1024)
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, peak_bytes / 1e6)
