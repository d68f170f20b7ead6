"""Compare the warehouse with its own history and write down what that and the checks found, at the end of each run.

A run into which nothing came does so too: that nothing comes is worth telling of.
"""

from pathlib import Path

import duckdb

from warehouse.check.checks import run_checks, scope_everything
from warehouse.check.observations import THRESHOLDS, load_thresholds, observe, record
from warehouse.database.connection import writing
from warehouse.database.sql import SQL
from warehouse.publish.copy import is_published, publish
from warehouse.runs.load_run import Report, write_down
from warehouse.settings import Settings


def watch(con: duckdb.DuckDBPyConnection, report: Report, thresholds: Path, *, is_idle: bool) -> None:
    """Fill `observed`, `states` and `last_change` of a report, and write down which outcomes changed.

    `is_idle` says that the run checked nothing, because nothing came in. Raises UsageError for thresholds that cannot
    be read.
    """
    found = report.checks
    before = _not_passed(con)
    # A load checks what it touched. Only a look at the whole tells whether what was wrong before is not any more; and
    # where nothing came in, whether what undid a load is not there any more.
    again = before["failing"] if is_idle else before["failing"] | before["warned"]
    again -= {check.name for check in found if check.outcome != "passed"}
    if again:
        scope_everything(con)
        whole = {check.name: check for check in run_checks(con, again)}
        found = [check for check in found if check.name not in whole] + list(whole.values())
    report.observed = observe(con, load_thresholds(thresholds), report.as_of)
    report.states = record(con, found, report.observed, report.run_id, report.as_of)
    last = con.execute("select max(as_of) from load_run where status = 'loaded'").fetchone()
    report.last_change = last[0] if last else None


def watch_idle(settings: Settings, report: Report) -> None:
    """The same for a run that has no connection of its own, and publish it where it found something new.

    Where there is no warehouse yet it is begun by this attempt, from which on silence counts. Raises PressError, such
    as WarehouseLocked.
    """
    is_first = not settings.warehouse.exists()
    with writing(settings, "watching") as con:
        con.begin()
        if is_first:
            write_down(report, con)
        watch(con, report, settings.seeds / THRESHOLDS, is_idle=True)
        con.commit()
        if not is_published(con, settings):
            con.execute("checkpoint")
            # DuckDB's own lock on the file would be lost if this process opened and closed the file beside it.
            con.close()
            publish(settings)


def _not_passed(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """The checks that warned or failed when they last ran, by which of the two."""
    checks = [path.stem for path in (SQL / "checks").glob("*.sql")]
    asked = "select outcome, check_name from mart_check_state where outcome <> 'passed' and check_name in $checks"
    found: dict[str, set[str]] = {"failing": set(), "warned": set()}
    for outcome, name in con.execute(asked, {"checks": checks}).fetchall():
        found[outcome].add(name)
    return found
