"""Compare the warehouse with its own history at the end of each run, and write down which outcomes changed.

An idle run does so too, because silence may be odd as well.
"""

from pathlib import Path

import duckdb

from warehouse.check.checks import run_checks, scope_everything
from warehouse.check.observations import observe
from warehouse.check.outcomes import record
from warehouse.check.thresholds import THRESHOLDS, load_thresholds
from warehouse.database.connection import close_warehouse, writing
from warehouse.database.sql import SQL
from warehouse.publish.copy import is_published, publish
from warehouse.runs.load_run import LoadRun, write_down
from warehouse.settings import Settings


def watch(con: duckdb.DuckDBPyConnection, load_run: LoadRun, thresholds: Path) -> None:
    """Fill `observations`, `states` and `last_change` of a run, and write down which outcomes changed.

    Raises UsageError for thresholds that cannot be read.
    """
    results = load_run.checks
    # A load checks what it touched. What is so in the warehouse, and whether an earlier problem is over, needs a check
    # of the whole; in an idle run, that is a problem that rolled back a load.
    again = _of_outcomes(con, ["failing"] if load_run.is_idle else ["failing", "warned"])
    again |= {check.name for check in results if check.outcome == "warned"}
    again -= {check.name for check in results if check.outcome == "failed" or not check.is_scoped}
    if again:
        scope_everything(con)
        whole = {check.name: check for check in run_checks(con, again)}
        results = [check for check in results if check.name not in whole] + list(whole.values())
    load_run.observations = observe(con, load_thresholds(thresholds), load_run.as_of)
    load_run.states = record(con, [*results, *load_run.observations], load_run.run_id, load_run.as_of)
    last = con.execute("select max(as_of) from load_run where status = 'loaded'").fetchone()
    load_run.last_change = last[0] if last else None


def watch_idle(settings: Settings, load_run: LoadRun) -> None:
    """Watch for an idle run, which has no connection of its own, and publish where an outcome changed.

    Where there is no warehouse yet this run makes it, and from then on silence is noticed. Raises PressError, such as
    WarehouseLocked.
    """
    is_first = not settings.warehouse.exists()
    load_run.is_idle = True
    with writing(settings, "watching") as con:
        con.begin()
        if is_first:
            write_down(load_run, con)
        watch(con, load_run, settings.seeds / THRESHOLDS)
        con.commit()
        if not is_published(con, settings):
            con.execute("checkpoint")
            # DuckDB's own lock on the file would be lost if this process opened and closed the file beside it.
            close_warehouse(con)
            publish(settings, con)


def _of_outcomes(con: duckdb.DuckDBPyConnection, outcomes: list[str]) -> set[str]:
    """The checks that had one of these outcomes when they last ran."""
    checks = [path.stem for path in (SQL / "checks").glob("*.sql")]
    query = "select check_name from mart_check_state where outcome in $outcomes and check_name in $checks"
    return {name for (name,) in con.execute(query, {"outcomes": outcomes, "checks": checks}).fetchall()}
