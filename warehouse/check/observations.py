"""Observations: values of the warehouse's own history that can look wrong while every check passes.

Each is a file of `sql/observations` that returns values in the order of time: `item`, `measured_at`, `value`, `run_id`
(the attempt it is about, NULL for none) and `is_latest`. What is expected of the latest ones stands in
`seeds/quality_thresholds.csv`: `low` and `high`, until there are `history` values to learn from. Then, by `method`:

- `differences`: the median of the last 30 values that were not odd themselves, give or take `spread` times their MAD
  (the median distance from the median), which counts as `floor` at least. `ratios` is the same of logarithms, for
  sizes.
- `gaps`, for times: `spread` times the 95th percentile of the last 30, and `high` at least; it only ever widens.

From the value `odd_from` on a value is odd, however often it was so before. From `fail_from` on trust is lost as well:
the run that it is about fails.
"""

import csv
import math
import statistics
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.check.checks import CheckResult
from warehouse.database.sql import SQL, rows
from warehouse.errors import UsageError

THRESHOLDS = "quality_thresholds.csv"
LONGEST_DETAIL = 500
"""How many letters of what was found are kept; names of files and sections can be of any length."""

LEARNT_FROM = 30
"""How many of the last values limits are learnt from."""

LOOKED_BACK = 120
"""How many values of the past are looked at for those to learn from."""

UNITS = ("hours", "bytes", "share")
METHODS = ("differences", "ratios", "gaps")
SUBJECTS = ("digests", "pages")


@dataclass(frozen=True, slots=True)
class Threshold:
    """What is expected of an observation: a row of `seeds/quality_thresholds.csv`."""

    name: str
    subject: str
    unit: str
    at_least: float
    low: float | None
    high: float | None
    odd_from: float | None
    fail_from: float | None
    method: str
    history: float
    spread: float
    floor: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which values nothing is odd, and from how many values that was learnt; 0 for the threshold's own."""

    low: float | None
    high: float | None
    learnt_from: int

    def holds(self, value: float) -> bool:
        """Whether the value is as expected."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Observed:
    """What an observation found: how many of its latest values are odd, and a sentence about the first of them.

    `is_lost` says that trust is lost, `run_ids` the attempts that the odd values are about.
    """

    name: str
    subject: str
    sentence: str
    offending: int = 0
    detail: str = ""
    is_lost: bool = False
    run_ids: frozenset[str] = field(default_factory=frozenset)

    @property
    def outcome(self) -> str:
        """`passed` or `failing`."""
        return "failing" if self.offending else "passed"


def load_thresholds(path: Path) -> list[Threshold]:
    """Read the thresholds. Raises UsageError with the file and row that cannot be read."""
    optional = {"low", "high", "odd_from", "fail_from"}
    numbers = {"at_least", *optional, "history", "spread", "floor"}
    read = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, strict=True):
                values: dict[str, Any] = {column.name: row[column.name] for column in fields(Threshold)}
                for name in numbers:
                    values[name] = None if name in optional and not values[name] else float(values[name])
                threshold = Threshold(**values)
                known = threshold.unit in UNITS and threshold.method in METHODS and threshold.subject in SUBJECTS
                if not known or not _query(threshold.name).exists():
                    raise UsageError(f"{path}: the row “{threshold.name}” names what is not known.")
                read.append(threshold)
    except OSError as error:
        raise UsageError(f"The thresholds {path} cannot be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise UsageError(f"The thresholds {path} are not understood: {error}.") from error
    return read


def observe(con: duckdb.DuckDBPyConnection, thresholds: list[Threshold], as_of: datetime) -> list[Observed]:
    """Compare the latest values of every observation with what is expected of them; `as_of` is UTC without zone."""
    return [_observe(con, threshold, as_of) for threshold in thresholds]


def _query(name: str) -> Path:
    return SQL / "observations" / f"{name}.sql"


def _observe(con: duckdb.DuckDBPyConnection, threshold: Threshold, as_of: datetime) -> Observed:
    query = _query(threshold.name).read_text(encoding="utf-8")
    (statement,) = con.extract_statements(query)
    given: dict[str, object] = {"as_of": as_of, "at_least": threshold.at_least}
    found = rows(con.execute(statement, {name: given[name] for name in statement.named_parameters} or None))
    past: dict[str, list[float]] = {}
    # A digest is one of many; a source and a share are compared with themselves.
    by_item = threshold.method != "ratios"
    for row in found:
        if not row["is_latest"]:
            past.setdefault(row["item"] if by_item else "", []).append(row["value"])
    odd: list[tuple[dict[str, Any], Limits]] = []
    for row in found:
        if not row["is_latest"]:
            continue
        limits = expected(threshold, usual(threshold, past.get(row["item"] if by_item else "", [])))
        if not limits.holds(row["value"]):
            odd.append((row, limits))
    sentence = query.partition("\n")[0].removeprefix("-- ")
    if not odd:
        return Observed(threshold.name, threshold.subject, sentence)
    lost_from = math.inf if threshold.fail_from is None else threshold.fail_from
    is_lost = any(row["value"] >= lost_from for row, _ in odd)
    told = "; ".join(_told(row, limits, threshold.unit) for row, limits in odd[:3])
    run_ids = frozenset(row["run_id"] for row, _ in odd if row["run_id"])
    return Observed(threshold.name, threshold.subject, sentence, len(odd), told, is_lost, run_ids)


def usual(threshold: Threshold, past: list[float]) -> list[float]:
    """Of values of the past, in the order of time, those to learn from: not the ones that were odd themselves.

    All are until there is a history, and so is what was odd `LEARNT_FROM` times in a row: then it is how things are.
    """
    learnt: list[float] = []
    odd: list[float] = []
    for value in past[-LOOKED_BACK:]:
        if len(learnt) < threshold.history or expected(threshold, learnt).holds(value):
            learnt.append(value)
            odd = []
        else:
            odd.append(value)
            if len(odd) >= LEARNT_FROM:
                learnt, odd = odd, []
    return learnt


def expected(threshold: Threshold, past: list[float]) -> Limits:
    """The limits that values of the past, in the order of time, and the threshold set for the next value."""
    past = past[-LEARNT_FROM:]
    if len(past) < threshold.history:
        return Limits(threshold.low, threshold.high, 0)
    if threshold.method == "gaps":
        usual = statistics.quantiles(past, n=20, method="inclusive")[-1]
        return Limits(threshold.low, max(threshold.high or 0.0, threshold.spread * usual), len(past))
    if threshold.method == "ratios":
        low, high = _around([math.log(max(value, 1.0)) for value in past], threshold)
        return Limits(math.exp(low), math.exp(high), len(past))
    _, high = _around(past, threshold)
    # A share is never odd by being small.
    always_odd = min((value for value in (threshold.odd_from, threshold.fail_from) if value is not None), default=None)
    most = high if always_odd is None else min(high, math.nextafter(always_odd, 0.0))
    return Limits(threshold.low, most, len(past))


def _around(values: list[float], threshold: Threshold) -> tuple[float, float]:
    middle = statistics.median(values)
    mad = statistics.median(abs(value - middle) for value in values)
    reach = threshold.spread * max(mad, threshold.floor)
    return middle - reach, middle + reach


def _told(row: dict[str, Any], limits: Limits, unit: str) -> str:
    """What is odd about a value: “(all digests): 75 hours, expected at most 48 hours”."""
    low, high = limits.low, limits.high
    is_low = low is not None and row["value"] < low
    bound = low if is_low else high
    assert bound is not None
    learnt = f", as learnt from {limits.learnt_from}" if limits.learnt_from else ""
    side = "least" if is_low else "most"
    return f"{row['item']}: {shown(row['value'], unit)}, expected at {side} {shown(bound, unit)}{learnt}"


def shown(value: float, unit: str) -> str:
    """A value with its unit, as a person reads it."""
    if unit == "share":
        return f"{100 * value:.0f} %"
    if unit == "bytes":
        return f"{value:,.0f} bytes"
    return f"{value / 24:.1f} days" if value >= 48 else f"{value:.0f} hours"


@dataclass(frozen=True, slots=True)
class CheckState:
    """A check or an observation as a person wants to see it: what it found last, and since when.

    `was_failing` says that it failed before it found that.
    """

    name: str
    outcome: str
    offending: int
    sentence: str
    detail: str
    since: datetime
    was_failing: bool = False


def record(
    con: duckdb.DuckDBPyConnection,
    found: list[CheckResult],
    observed: list[Observed],
    run_id: str,
    as_of: datetime,
) -> list[CheckState]:
    """Write down which outcomes changed; returns the state of every check that ever ran, failing ones first."""
    folders = (SQL / "checks", SQL / "observations")
    sentences = {path.stem: _sentence(path) for folder in folders for path in folder.glob("*.sql")}
    new = {one.name: (_outcome(one), one.offending, _detail(one)[:LONGEST_DETAIL]) for one in found}
    new |= {one.name: (one.outcome, one.offending, one.detail[:LONGEST_DETAIL]) for one in observed}
    before = {row["check_name"]: row for row in rows(con.sql("select * from mart_check_state"))}
    states = []
    for name in sorted({*new, *before} & sentences.keys()):
        known = before.get(name)
        last = known or {}
        outcome, offending, detail = new.get(name) or (last["outcome"], last["offending"], last["detail"])
        since = known["since"] if known else as_of
        was_failing = known is not None and known["outcome_before"] == "failing"
        if known is None or known["outcome"] != outcome:
            was_failing = known is not None and known["outcome"] == "failing"
            written = con.execute(
                """
                insert into check_outcome
                select
                    $name,
                    greatest($as_of::timestamp, max(changed_at) + interval 1 microsecond),
                    $outcome,
                    $offending,
                    $detail,
                    $run_id
                from check_outcome
                where check_name = $name
                returning changed_at
                """,
                {
                    "name": name,
                    "as_of": as_of,
                    "outcome": outcome,
                    "offending": offending,
                    "detail": detail,
                    "run_id": run_id,
                },
            ).fetchone()
            assert written is not None
            since = written[0]
        states.append(CheckState(name, outcome, offending, sentences[name], detail, since, was_failing))
    order = ("failing", "warned", "passed")
    return sorted(states, key=lambda state: (order.index(state.outcome), state.name))


def _sentence(path: Path) -> str:
    first = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("-- ")
    return first.removeprefix("fail: ").removeprefix("warn: ")


def _outcome(result: CheckResult) -> str:
    return {"failed": "failing"}.get(result.outcome, result.outcome)


def _detail(result: CheckResult) -> str:
    return "; ".join(", ".join(f"{name} {value}" for name, value in row.items()) for row in result.rows[:3])
