"""When a page of the portal is to be asked for next: the schedule of `seeds/refetch_schedule.csv`, decided purely.

A row of the schedule is a step of a state: an outcome of a visit, or `edited` (the page was edited). A page without a
visit has no state: it is due at once. `after` says how long (`6h`, `7d`) from where it is counted: the `first_sight`
of the page (its first visit), the `edit`, the `first_visit` of a stretch of such outcomes, or the `last_visit`. What
is counted from the last visit is a failure: the n-th failure in a row, of whatever kind, waits for step n, and the last
step repeats. Of other states each step is a moment, and a page is due at the first one after its last visit; after the
last one it rests.

The row `early` says how much before it is due a page may be asked, so that a run each day, which never gets to a page
at the same second, does not find it due only the day after: so much, and no more than a part of the wait.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path

from warehouse.errors import UsageError
from warehouse.portal.exchange import DENIALS, OUTCOMES
from warehouse.reference.rows import read_rows

COLUMNS = ("outcome", "step", "after", "counted_from", "reason")
STATES = (*OUTCOMES, "edited")
OLD_STATE = "missing"
"""A state of schedules archived earlier, which had a step for pages without a visit; it is passed over."""
COUNTED_FROM = ("first_sight", "edit", "first_visit", "last_visit")
EARLY, DUE = "early", "due"
EARLY_SHARE = 12
"""A page is never asked earlier than by this part of its wait: one that waits an hour by five minutes."""
LATER_STATES = {"not_the_release": "not_found"}
"""States that schedules archived earlier lack, and whose steps they then have."""
NEVER_EARLY = DENIALS
"""Outcomes after which no page is asked early: what is gone must be so for its 14 days in full."""
_AFTER = re.compile(r"([0-9]{1,5})([hd])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit of a page: when (UTC without zone; the last of its attempts), and its outcome of `OUTCOMES`."""

    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a state, rising, and from where they are counted."""

    counted_from: str
    after: tuple[timedelta, ...]

    def next(self, start: datetime, visited: datetime, early: timedelta) -> datetime | None:
        """The first moment for which the last visit was too early, None after the last moment."""
        before = timedelta()
        for after in self.after:
            if start + after - min(early, (after - before) / EARLY_SHARE) > visited:
                return start + after
            before = after
        return None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The steps of every state of `STATES`, and how much before it is due a page may be asked."""

    steps: Mapping[str, Steps]
    early: timedelta

    def is_failure(self, visit: Visit) -> bool:
        """Whether the visit failed."""
        return self.steps[visit.outcome].counted_from == "last_visit"


def due(history: Iterable[Visit], *, schedule: Schedule, edited_at: datetime | None = None) -> datetime | None:
    """When a page, a release in one language, is to be asked for next (UTC without zone); None: never again.

    `history` are its visits in any order, at least one; `edited_at` is when an edit of the page was last seen. A moment
    that is past is due now. Failures neither end a stretch of denials, `no_body` or `unreadable` nor belong to it.
    Raises ValueError for an outcome that is none.
    """
    visits = sorted(history, key=lambda visit: (visit.at, visit.outcome))
    for visit in visits:
        if visit.outcome not in OUTCOMES:
            raise ValueError(f"The visit at {visit.at} has the outcome “{visit.outcome}”, which is none of OUTCOMES.")
    first, last = visits[0], visits[-1]
    steps = schedule.steps[last.outcome]
    if schedule.is_failure(last):
        in_a_row = sum(1 for _ in takewhile(schedule.is_failure, reversed(visits)))
        return last.at + steps.after[min(in_a_row, len(steps.after)) - 1]
    early = timedelta() if last.outcome in NEVER_EARLY else schedule.early
    if steps.counted_from == "first_visit":
        return steps.next(_stretch_began(visits, schedule), last.at, early)
    edited = schedule.steps["edited"]
    again = edited.next(edited_at, last.at, early) if edited_at else None
    return again or steps.next(first.at, last.at, early)


def load_schedule(path: Path) -> Schedule:
    """Read the schedule. Raises UsageError naming the file, and the line where there is one, that is wrong."""
    steps: dict[str, Steps] = {}
    early = timedelta()
    for line, row in enumerate(read_rows(path, COLUMNS).iter_rows(named=True), start=2):
        try:
            if row["outcome"] == EARLY:
                early = _early(row)
            elif row["outcome"] != OLD_STATE:
                steps[row["outcome"]] = _add_step(steps.get(row["outcome"]), row)
        except ValueError as error:
            raise UsageError(f"{path}, line {line}: {error}") from None
    steps = {later: steps[state] for later, state in LATER_STATES.items() if state in steps} | steps
    if absent := [state for state in STATES if state not in steps]:
        raise UsageError(f"The schedule {path} has no step for {', '.join(absent)}.")
    return Schedule(steps, early)


def _early(row: Mapping[str, str | None]) -> timedelta:
    if row["counted_from"] != DUE or row["step"] != "1":
        raise ValueError("early is one step, counted from due.")
    return _after(row)


def _add_step(known: Steps | None, row: Mapping[str, str | None]) -> Steps:
    """The steps of a state with one more. Raises ValueError for one that cannot be the next."""
    state, counted_from, earlier = row["outcome"], row["counted_from"] or "", known.after if known else ()
    if state not in STATES:
        raise ValueError(f"“{state}” is no outcome; there are {', '.join(STATES)}.")
    if row["step"] != str(len(earlier) + 1):
        raise ValueError(f"step “{row['step']}” of {state} is not the next: steps are numbered from 1.")
    after = _after(row)
    if earlier and after <= earlier[-1]:
        raise ValueError(f"step {row['step']} of {state} is not later than the one above.")
    if counted_from == "last_visit" and not after:
        raise ValueError(f"{state} would be asked for without end: after must not be nothing.")
    if counted_from not in COUNTED_FROM:
        raise ValueError(f"counted_from is “{counted_from}”, not {', '.join(COUNTED_FROM)}.")
    if known and counted_from != known.counted_from:
        raise ValueError(f"{state} is counted from {known.counted_from} above, here from {counted_from}.")
    if (counted_from == "edit") != (state == "edited"):
        raise ValueError("edited, and nothing else, is counted from the edit.")
    if state == "ok" and counted_from != "first_sight":
        raise ValueError("ok is counted from first_sight.")
    return Steps(counted_from, (*earlier, after))


def _after(row: Mapping[str, str | None]) -> timedelta:
    match = _AFTER.fullmatch(row["after"] or "")
    if not match:
        raise ValueError(f"after is “{row['after']}”, not a number of hours or days such as 6h or 7d.")
    return int(match[1]) * _UNITS[match[2]]


def _stretch_began(visits: Sequence[Visit], schedule: Schedule) -> datetime:
    """When the last visit's outcome was first seen, with nothing but failures and the same since; denials are one."""
    began, last = visits[-1].at, visits[-1].outcome
    same = DENIALS if last in DENIALS else (last,)
    for visit in reversed(visits):
        if visit.outcome in same:
            began = visit.at
        elif not schedule.is_failure(visit):
            break
    return began
