"""Outcomes: which checks and observations pass and which fail, and since when.

`check_outcome` has a row for every change of an outcome; `mart_check_state` is the last of each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.check.checks import CheckResult, opening_comment
from warehouse.check.observations import Observation
from warehouse.database.sql import SQL, rows

LONGEST_DETAIL = 500
"""Characters of a detail that is stored; names of files and sections can be of any length."""

ORDER = ("failing", "warned", "passed")

NAMES = {"failed": "failing"}
"""The outcomes of a check that have another name once they last."""

CHANGE = """
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
having $outcome is distinct from arg_max(outcome, changed_at)
"""
"""Insert an outcome that differs from the check's last one; its moment is after that of the last one."""


@dataclass(frozen=True, slots=True)
class CheckState:
    """A check or an observation as a person wants to see it: its last result, and since when it is so.

    `was_failing` is set where it failed before that.
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
    results: Iterable[CheckResult | Observation],
    run_id: str,
    as_of: datetime,
) -> list[CheckState]:
    """Write down which outcomes changed; returns the state of every check that ever ran, failing ones first."""
    latest = {each.name: each for each in results}
    for name, each in sorted(latest.items()):
        outcome, detail = NAMES.get(each.outcome, each.outcome), each.detail[:LONGEST_DETAIL]
        of_check = {"name": name, "outcome": outcome, "offending": each.offending, "detail": detail}
        con.execute(CHANGE, {**of_check, "as_of": as_of, "run_id": run_id})
    paths = [path for folder in ("checks", "observations") for path in (SQL / folder).glob("*.sql")]
    sentences = {path.stem: _sentence(path.read_text(encoding="utf-8")) for path in paths}
    states = []
    for row in rows(con.sql("select * from mart_check_state")):
        name = row["check_name"]
        if name in sentences:
            result = latest.get(name)
            offending = result.offending if result else row["offending"]
            detail = result.detail[:LONGEST_DETAIL] if result else row["detail"]
            was_failing = row["outcome_before"] == "failing"
            state = CheckState(name, row["outcome"], offending, sentences[name], detail, row["since"], was_failing)
            states.append(state)
    return sorted(states, key=lambda state: (ORDER.index(state.outcome), state.name))


def _sentence(query: str) -> str:
    return opening_comment(query).removeprefix("fail: ").removeprefix("warn: ")
