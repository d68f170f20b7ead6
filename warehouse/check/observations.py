"""Observations: values of the warehouse's own history that can look wrong while every check passes.

Each is a file of `sql/observations` that returns values in the order of time: `item`, `measured_at`, `value`, `run_id`
(the attempt it is about, NULL for none) and `is_latest`. The latest values are held against limits: the value's own,
`most`, where the query has it; else those of the threshold, until there is a history to learn from. Then, by the
threshold's `method`:

- `differences`: the median of the last 30 values that were not odd themselves, give or take `spread` times their MAD
  (the median distance from the median), which counts as `floor` at least. `ratios` is the same of logarithms, for
  sizes.
- `gaps`, for times: `spread` times the 95th percentile of the last 30, and `high` at least; it only ever widens.
"""

import math
import statistics
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from warehouse.check.checks import LONGEST_VALUE, opening_comment
from warehouse.check.thresholds import Threshold, format_value
from warehouse.database.sql import rows, run_sql
from warehouse.errors import cut

SAMPLE = 30
"""From how many of the last values limits are learnt."""

LOOKED_BACK = 120
"""How many past values are searched for those to learn from."""


@dataclass(frozen=True, slots=True)
class Range:
    """The limits between which nothing is odd, and from how many values they were learnt; 0 for the threshold's own."""

    low: float | None
    high: float | None
    sample: int

    def hold(self, value: float) -> bool:
        """Whether the value is as expected."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Observation:
    """The result of an observation: how many of its latest values are odd, and a sentence about the first of them.

    `is_lost` is set where trust is lost; `run_ids` are the attempts that the odd values are about.
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


def observe(con: duckdb.DuckDBPyConnection, thresholds: list[Threshold], as_of: datetime) -> list[Observation]:
    """Hold the latest values of every observation against their limits; `as_of` is UTC without zone."""
    return [_observe(con, threshold, as_of) for threshold in thresholds]


def _observe(con: duckdb.DuckDBPyConnection, threshold: Threshold, as_of: datetime) -> Observation:
    query = threshold.query.read_text(encoding="utf-8")
    values = rows(run_sql(con, threshold.query, {"as_of": as_of, "at_least": threshold.at_least}))
    past: dict[str, list[float]] = {}
    # A digest is one of many; a source and a share are compared with themselves.
    by_item = threshold.method != "ratios"
    for row in values:
        if not row["is_latest"]:
            past.setdefault(row["item"] if by_item else "", []).append(row["value"])
    odd: list[tuple[dict[str, Any], Range]] = []
    for row in values:
        if not row["is_latest"]:
            continue
        if "most" in row:
            limits = Range(None, row["most"], 0)
        else:
            limits = limits_of(threshold, usual_values(threshold, past.get(row["item"] if by_item else "", [])))
        if not limits.hold(row["value"]):
            odd.append((row, limits))
    sentence = opening_comment(query)
    if not odd:
        return Observation(threshold.name, threshold.subject, sentence)
    lost_from = math.inf if threshold.fail_from is None else threshold.fail_from
    is_lost = any(row["value"] >= lost_from for row, _ in odd)
    detail = "; ".join(_detail(row, limits, threshold.unit) for row, limits in odd[:3])
    run_ids = frozenset(row["run_id"] for row, _ in odd if row["run_id"])
    return Observation(threshold.name, threshold.subject, sentence, len(odd), detail, is_lost, run_ids)


def usual_values(threshold: Threshold, past: list[float]) -> list[float]:
    """The past values to learn from, in the order of time: those that were not odd themselves.

    All are until there is a history, and so is what was odd `SAMPLE` times in a row: then it has become usual.
    """
    usual: list[float] = []
    odd: list[float] = []
    for value in past[-LOOKED_BACK:]:
        if len(usual) < threshold.history or limits_of(threshold, usual).hold(value):
            usual.append(value)
            odd = []
        else:
            odd.append(value)
            if len(odd) >= SAMPLE:
                usual, odd = odd, []
    return usual


def limits_of(threshold: Threshold, past: list[float]) -> Range:
    """The limits that past values, in the order of time, and the threshold set for the next value."""
    past = past[-SAMPLE:]
    if len(past) < threshold.history:
        return Range(threshold.low, threshold.high, 0)
    if threshold.method == "gaps":
        long_gap = statistics.quantiles(past, n=20, method="inclusive")[-1]
        return Range(threshold.low, max(threshold.high or 0.0, threshold.spread * long_gap), len(past))
    if threshold.method == "ratios":
        low, high = _around_median([math.log(max(value, 1.0)) for value in past], threshold)
        return Range(math.exp(low), math.exp(high), len(past))
    _, high = _around_median(past, threshold)
    # A share is never odd because it is small.
    always_odd = min((value for value in (threshold.odd_from, threshold.fail_from) if value is not None), default=None)
    most = high if always_odd is None else min(high, math.nextafter(always_odd, 0.0))
    return Range(threshold.low, most, len(past))


def _around_median(values: list[float], threshold: Threshold) -> tuple[float, float]:
    median = statistics.median(values)
    mad = statistics.median(abs(value - median) for value in values)
    distance = threshold.spread * max(mad, threshold.floor)
    return median - distance, median + distance


def _detail(row: dict[str, Any], limits: Range, unit: str) -> str:
    """What is odd about a value: “(all digests): 75 hours, expected at most 48 hours”."""
    low, high = limits.low, limits.high
    is_low = low is not None and row["value"] < low
    bound = low if is_low else high
    assert bound is not None
    source = f", as learnt from {limits.sample}" if limits.sample else ""
    side = "least" if is_low else "most"
    item = cut(row["item"], LONGEST_VALUE)
    return f"{item}: {format_value(row['value'], unit)}, expected at {side} {format_value(bound, unit)}{source}"
