"""Attempts that the archive has more than once, in a copy of a file or behind another's end: each is staged once."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import duckdb

from warehouse.keys import key
from warehouse.stage.answers import ReadAttempt


class Repeats:
    """Which attempts were met, in this run or by the warehouse; `counts` has by file of the archive those met again."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._known: set[int] = set()
        self.counts: Counter[str] = Counter()

    def leave_out(self, batch: Sequence[Sequence[ReadAttempt]]) -> list[list[ReadAttempt]]:
        """The visits of a batch without attempts that were met before, at any place."""
        moments = [one.attempt.answer.requested_at for visit in batch for one in visit]
        # A run's times are behind those of earlier ones, so but for copies this finds nothing, at once.
        loaded = self._con.execute(
            "select run_id, route, url, requested_at from fact_fetch where requested_at >= $1 and requested_at <= $2",
            [min(moments), max(moments)],
        )
        self._known |= {_identity(*row) for row in loaded.fetchall()}
        visits = [[one for one in visit if self._is_new(one)] for visit in batch]
        return [visit for visit in visits if visit]

    def _is_new(self, one: ReadAttempt) -> bool:
        request = one.attempt.request
        identity = _identity(one.attempt.run_id, request.route, request.url, one.attempt.answer.requested_at)
        is_new = identity not in self._known
        self._known.add(identity)
        self.counts[one.place.file] += not is_new
        return is_new


def _identity(run_id: str, route: str, url: str, requested_at: datetime) -> int:
    """Which attempt it is, wherever it stands: a run asks one thing at a time."""
    return key("attempt", run_id, route, url, requested_at.isoformat())
