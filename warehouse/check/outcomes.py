"""Outcomes: which checks and observations pass and which fail, since when, and what they find now.

`check_outcome` has a row for every change of an outcome, `check_result` the last result of each check;
`mart_check_state` puts both together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.check.checks import CheckResult, opening_comment
from warehouse.check.observations import Observation
from warehouse.database.sql import SQL, rows, run_over

LONGEST_DETAIL = 500
"""Characters of a detail that is stored; names of files and sections can be of any length."""

ORDER = ("failing", "warned", "passed")

NAMES = {"failed": "failing"}
"""The outcomes of a check that have another name once they last."""

CHANGE = """
insert into check_outcome by name
select
    check_name,
    greatest(result.as_of, last.changed_at + interval 1 microsecond) as changed_at,
    result.outcome,
    result.offending,
    result.detail,
    result.run_id
from given as result
left join (
    select check_name, max(changed_at) as changed_at, arg_max(outcome, changed_at) as outcome
    from check_outcome
    group by all
) as last using (check_name)
where result.outcome is distinct from last.outcome
order by check_name
"""
"""Insert the outcomes that differ from a check's last one, each at a moment after that of the last one."""


FORGET = "delete from check_result where check_name in (select check_name from given)"
RESULT = """
insert into check_result by name
select check_name, as_of as looked_at, offending, detail, run_id
from given
order by check_name
"""
"""Put the last result of each check in the place of the one before."""


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
    """Write down what was found and which outcomes changed; returns the state of every check that ever ran.

    Failing ones come first.
    """
    latest = {each.name: each for each in results}
    if latest:
        given = [
            {
                "check_name": name,
                "outcome": NAMES.get(each.outcome, each.outcome),
                "offending": each.offending,
                "detail": each.detail[:LONGEST_DETAIL],
                "as_of": as_of,
                "run_id": run_id,
            }
            for name, each in latest.items()
        ]
        run_over(con, given, CHANGE, FORGET, RESULT)
    return states(con)


def states(con: duckdb.DuckDBPyConnection) -> list[CheckState]:
    """The state of every check and observation that ever ran, failing ones first."""
    looks_for = sentences()
    known = [
        CheckState(
            row["check_name"],
            row["outcome"],
            row["offending"],
            looks_for[row["check_name"]],
            row["detail"],
            row["since"],
            row["outcome_before"] == "failing",
        )
        for row in rows(con.sql("select * from mart_check_state"))
        if row["check_name"] in looks_for
    ]
    return sorted(known, key=lambda state: (ORDER.index(state.outcome), state.name))


def sentences() -> dict[str, str]:
    """What each check and observation looks for, by name."""
    paths = [path for folder in ("checks", "observations") for path in (SQL / folder).glob("*.sql")]
    return {path.stem: _sentence(path.read_text(encoding="utf-8")) for path in paths}


def _sentence(query: str) -> str:
    return opening_comment(query).removeprefix("fail: ").removeprefix("warn: ")
