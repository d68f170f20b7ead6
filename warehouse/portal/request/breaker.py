"""When a run stops asking: the portal refuses, throttles or fails again and again, or asks to be left alone."""

from warehouse.portal.exchange import Answer
from warehouse.portal.request.limits import REFUSALS


class Breaker:
    """Opens after `failures_in_a_row`, and stays open: what is left is left for the next run."""

    def __init__(self, failures_in_a_row: int) -> None:
        self._limit = failures_in_a_row
        self._failures = 0
        self.why = ""
        """Why it is open, as the beginning of a sentence; empty while it is not."""

    @property
    def is_open(self) -> bool:
        """Whether nothing more is to be asked."""
        return bool(self.why)

    def note(self, answer: Answer) -> None:
        """Count an answer to a request; one that is no failure ends the row."""
        if answer.withheld in {"robots", "breaker"}:
            return
        status = answer.status or 0
        failed = (answer.error is not None and answer.withheld is None) or status in REFUSALS or status >= 500
        self._failures = self._failures + 1 if failed else 0
        if self._failures >= self._limit:
            self.open(f"The portal refused, throttled or failed {self._failures} requests in a row")

    def open(self, why: str) -> None:
        """Stop asking; the first reason stays."""
        self.why = self.why or why
