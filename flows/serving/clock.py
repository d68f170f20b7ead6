"""Notice that the clock was set, or stood still with the machine: what waits for a time of day must look again."""

import time
from collections.abc import Callable

JUMP_S = 60.0
"""From how many seconds on the clock was set; less is how a clock is kept right."""


class Clock:
    """Tells how far the clock was set since it was last asked. A machine that slept finds it set ahead."""

    def __init__(self, now: Callable[[], float] = time.time, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._now, self._elapsed = now, elapsed
        self._began = now() - elapsed()

    def jumped_s(self) -> float:
        """Seconds it was set ahead, negative where it was set back; 0 for less than `JUMP_S`."""
        began = self._now() - self._elapsed()
        jumped = began - self._began
        if abs(jumped) < JUMP_S:
            return 0.0
        self._began = began
        return jumped
