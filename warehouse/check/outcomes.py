"""Outcomes: which checks and observations pass and which fail, and since when.

`check_outcome` has a row for every change of an outcome; `mart_check_state` is the last of each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.check.checks import CheckResult, opening_comment, row_text
from warehouse.check.observations import Observation
from warehouse.database.sql import SQL, rows

LONGEST_DETAIL = 500
"""Characters of a detail that is stored; names of files and sections can be of any length."""

ORDER = ("failing", "warned", "passed")


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
    results: Sequence[CheckResult],
    observations: Sequence[Observation],
    run_id: str,
    as_of: datetime,
) -> list[CheckState]:
    """Write down which outcomes changed; returns the state of every check that ever ran, failing ones first."""
    paths = [path for folder in ("checks", "observations") for path in (SQL / folder).glob("*.sql")]
    sentences = {path.stem: _sentence(path.read_text(encoding="utf-8")) for path in paths}
    new = {each.name: (_outcome(each), each.offending, _detail(each)[:LONGEST_DETAIL]) for each in results}
    new |= {each.name: (each.outcome, each.offending, each.detail[:LONGEST_DETAIL]) for each in observations}
    before = {row["check_name"]: row for row in rows(con.sql("select * from mart_check_state"))}
    states = []
    for name in sorted({*new, *before} & sentences.keys()):
        last = before.get(name)
        if name not in new:
            assert last is not None
            new[name] = last["outcome"], last["offending"], last["detail"]
        outcome, offending, detail = new[name]
        if last is None or last["outcome"] != outcome:
            since = _insert(con, name, as_of, new[name], run_id)
            was_failing = last is not None and last["outcome"] == "failing"
        else:
            since, was_failing = last["since"], last["outcome_before"] == "failing"
        states.append(CheckState(name, outcome, offending, sentences[name], detail, since, was_failing))
    return sorted(states, key=lambda state: (ORDER.index(state.outcome), state.name))


def _insert(
    con: duckdb.DuckDBPyConnection, name: str, as_of: datetime, result: tuple[str, int, str], run_id: str
) -> datetime:
    """Insert a changed outcome; returns its moment, which is after that of the check's last one."""
    outcome, offending, detail = result
    inserted = con.execute(
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
    assert inserted is not None
    changed_at: datetime = inserted[0]
    return changed_at


def _sentence(query: str) -> str:
    return opening_comment(query).removeprefix("fail: ").removeprefix("warn: ")


def _outcome(result: CheckResult) -> str:
    return {"failed": "failing"}.get(result.outcome, result.outcome)


def _detail(result: CheckResult) -> str:
    return "; ".join(row_text(row) for row in result.rows[:3])
