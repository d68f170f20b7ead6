"""When a request is sent again: how long to wait before it, and when a run stops asking."""

import math
import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from warehouse.portal.exchange import Answer
from warehouse.portal.request.limits import REFUSALS

_SECONDS = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*")
_LONGEST_DATE = 64


def backoff_s(retries: int, first_s: float, longest_s: float) -> float:
    """A random wait up to one that doubles from `first_s` with each retry, but for `longest_s` (full jitter)."""
    return random.uniform(0.0, min(longest_s, first_s * 2.0 ** min(retries, 30)))  # noqa: S311 - no secret


def retry_after_s(headers: Mapping[str, str]) -> float:
    """Seconds that Retry-After asks for, itself seconds or a date; 0 without one, and where it cannot be read.

    A date is compared with the answer's own, for the portal's clock wrote both. Header names are lower-case.
    """
    value = headers.get("retry-after", "")
    if seconds := _SECONDS.fullmatch(value):
        return float(seconds[1])
    if value.strip().isdecimal():
        return math.inf
    until = _date(value)
    if until is None:
        return 0.0
    now = _date(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value[:_LONGEST_DATE])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date


class Breaker:
    """Opens after `failures_in_a_row`, and stays open: the rest is left for the next run."""

    def __init__(self, failures_in_a_row: int) -> None:
        self._limit = failures_in_a_row
        self._failures = 0
        self.reason = ""
        """Why it is open, as the beginning of a sentence; empty while it is not."""

    def note(self, answer: Answer) -> None:
        """Count an answer to a request; one that is no failure ends the row."""
        if answer.barrier in {"robots", "breaker"}:
            return
        status = answer.status or 0
        failed = (answer.error is not None and answer.barrier is None) or status in REFUSALS or status >= 500
        self._failures = self._failures + 1 if failed else 0
        if self._failures >= self._limit:
            self.open(f"The portal refused, throttled or failed {self._failures} requests in a row")

    def open(self, reason: str) -> None:
        """Stop the run's requests; the first reason stays."""
        self.reason = self.reason or reason
