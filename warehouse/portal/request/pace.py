"""One request at a time, and time between two: across the threads and processes of a machine."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.portal.request.failure import Failure

POLL_S = 0.02


class Pace:
    """Turns at the portal, at least `interval_s` apart.

    The time of the last request stands in `file`, by the clock that only counts on (the same for all processes of a
    machine since it started): setting the wall clock changes nothing. A time that lies ahead is one from before the
    machine was restarted, or damage: then one interval is waited, as after a request just made. `file` and the lock
    beside it are created where they are missing. `patience_s` is how long to wait for a turn while others have theirs.
    Raises OSError where the files cannot be written.
    """

    def __init__(self, file: Path, interval_s: float, patience_s: float) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        self._lock = FileLock(file.with_name(file.name + ".lock"))
        self.interval_s = interval_s
        self._patience_s = patience_s

    def slow_down(self, interval_s: float) -> None:
        """Let at least so many seconds pass from now on; never fewer than before."""
        self.interval_s = max(self.interval_s, interval_s)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until a request may be made, and keep all others from making one meanwhile. Raises Failure.

        The interval counts from the end of the turn, or from `note_arrival`.
        """
        self._take()
        self._is_noted = False
        try:
            yield
        finally:
            try:
                if not self._is_noted:
                    self._note()
            finally:
                self._lock.release()

    def note_arrival(self) -> None:
        """Note that the portal began to answer: the request had reached it by then.

        Counted from the sending, two requests could reach the portal closer together than they were sent: the first
        one may have to wait for a connection.
        """
        self._note()
        self._is_noted = True

    def _take(self) -> None:
        patience_ends = time.monotonic() + self._patience_s + self.interval_s
        while True:
            try:
                self._lock.acquire(timeout=max(0.0, patience_ends - time.monotonic()), poll_interval=POLL_S)
            except Timeout:
                raise Failure(f"Other runs asked the portal for {self._patience_s:g} s; no turn came.") from None
            wait_s = self._wait_s()
            if wait_s <= 0:
                self._note()  # now, too: a process that is killed in its turn has asked
                return
            self._lock.release()  # others may have shorter intervals, and would starve
            time.sleep(wait_s)

    def _wait_s(self) -> float:
        """Seconds until the interval is over."""
        last = self._last()
        now = time.monotonic()
        if last > now:
            self._note()
            return self.interval_s
        return last + self.interval_s - now

    def _last(self) -> float:
        """When the last request was made: long ago where there was none, ahead of now where it cannot be read."""
        try:
            content = self._file.read_bytes()
        except FileNotFoundError:
            return -math.inf
        try:
            last = float(content)
        except ValueError:
            return math.inf
        # Without its line end it was cut off while it was written.
        return last if math.isfinite(last) and content.endswith(b"\n") else math.inf

    def _note(self) -> None:
        self._file.write_bytes(f"{time.monotonic():.6f}\n".encode())
