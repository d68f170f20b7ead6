"""How long to wait before a request is sent again."""

import math
import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*")
_LONGEST_DATE = 64


def backoff_s(retries: int, first_s: float, longest_s: float) -> float:
    """Any time from none to one that doubles from `first_s` with each retry made, up to `longest_s` (full jitter)."""
    return random.uniform(0.0, min(longest_s, first_s * 2.0 ** min(retries, 30)))  # noqa: S311 - no secret


def retry_after_s(headers: Mapping[str, str]) -> float:
    """What Retry-After asks for, given in seconds or as a date; 0 without one, and where it cannot be read.

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
