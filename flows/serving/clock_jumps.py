"""Notice that the clock was set, or stood still with the machine: what waits for a time of day must look again."""

import time
from collections.abc import Callable

JUMP_S = 60.0
"""From how many seconds on a change is a jump; less is how a clock is kept right."""


class ClockJumps:
    """By how much the clock jumped since the last look. A machine that slept finds its clock ahead."""

    def __init__(self, now: Callable[[], float] = time.time, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._now, self._elapsed = now, elapsed
        self._start = now() - elapsed()

    def seconds(self) -> float:
        """Seconds it jumped ahead, negative where it jumped back; 0 for less than `JUMP_S`."""
        start = self._now() - self._elapsed()
        seconds = start - self._start
        if abs(seconds) < JUMP_S:
            return 0.0
        self._start = start
        return seconds
