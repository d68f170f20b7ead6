"""Run one command and measure it: wall time, CPU time, peak memory.

CPU is user + system of the process and of all descendants it waited for (`wait4`). Peak memory is read from
/proc every 20 ms: the larger of the highest sum of resident memory over the process tree (which counts pages
shared by processes more than once) and the highest peak the kernel noted for one process (`VmHWM`).
`ru_maxrss` would not do: it starts at what the measuring process held when it forked.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_S = 0.02
MEMORY_LINE = re.compile(r"(VmRSS|VmHWM):\s+(\d+) kB")


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


def _memory_bytes(pid: int) -> tuple[int, int]:
    """Return resident memory now and its peak so far; zeros for a process that has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0, 0
    fields = {name: int(kilobytes) * 1024 for name, kilobytes in MEMORY_LINE.findall(status)}
    return fields.get("VmRSS", 0), fields.get("VmHWM", 0)


class _Sampler(threading.Thread):
    """Keeps the peak of the resident memory of a process tree until told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.peak_bytes = 0

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_S):
            readings = [_memory_bytes(pid) for pid in _tree(self._pid)]
            highest = max(peak for _, peak in readings)
            self.peak_bytes = max(self.peak_bytes, highest, sum(now for now, _ in readings))

    def stop(self) -> int:
        self._ended.set()
        self.join()
        return self.peak_bytes


def measure(command: Sequence[str], output: Path, environment: Mapping[str, str]) -> Cost:
    """Run `command`, its output going to the file `output`; raise CommandFailedError if it fails."""
    with output.open("wb") as log:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **environment})
        sampler = _Sampler(process.pid)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
    peak_bytes = sampler.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        tail = output.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise CommandFailedError(f"{' '.join(command[:4])} … ended with {process.returncode}:\n{tail}")
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, peak_bytes / 1e6)
