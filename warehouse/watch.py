"""Compare the warehouse with its own history and write down what that and the checks found, at the end of each run.

A run into which nothing came does so too: that nothing comes is worth telling of.
"""

from pathlib import Path

import duckdb

from warehouse.checks import run_checks, scope_everything
from warehouse.database import SQL, writing
from warehouse.publish import is_published, publish
from warehouse.quality import THRESHOLDS, load_thresholds, observe, record
from warehouse.report import Report
from warehouse.settings import Settings


def watch(con: duckdb.DuckDBPyConnection, report: Report, thresholds: Path, *, is_idle: bool) -> None:
    """Fill `observed`, `states` and `last_change` of a report, and write down which outcomes changed.

    `is_idle` says that the run checked nothing, because nothing came in. Raises UsageError for thresholds that cannot
    be read.
    """
    found = report.checks
    if is_idle and _is_check_failing(con):
        # What undid a load is not there any more; without a look at the whole it would be failing for ever.
        scope_everything(con)
        found = run_checks(con)
    report.observed = observe(con, load_thresholds(thresholds), report.as_of)
    report.states = record(con, found, report.observed, report.run_id, report.as_of)
    last = con.execute("select max(as_of) from load_run where status = 'loaded'").fetchone()
    report.last_change = last[0] if last else None


def watch_idle(settings: Settings, report: Report) -> None:
    """The same for a run that has no connection of its own, and publish it where it found something new.

    Raises PressError, such as WarehouseLocked.
    """
    with writing(settings, "watching") as con:
        con.begin()
        watch(con, report, settings.seeds / THRESHOLDS, is_idle=True)
        con.commit()
        if not is_published(con, settings):
            con.execute("checkpoint")
            # DuckDB's own lock on the file would be lost if this process opened and closed the file beside it.
            con.close()
            publish(settings)


def _is_check_failing(con: duckdb.DuckDBPyConnection) -> bool:
    checks = [path.stem for path in (SQL / "checks").glob("*.sql")]
    failing = "select 1 from mart_check_state where outcome = 'failing' and check_name in $checks"
    return con.execute(failing, {"checks": checks}).fetchone() is not None
