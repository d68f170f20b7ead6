"""Fetch pages of gov.kz that are due: plan, fetch, then load as `runs.pages` does.

Fetching writes only the archive of answers; loading reads the archive from where it last stopped. So a killed run loses
nothing, and the next one begins by loading what it fetched.
"""

import logging
from datetime import datetime

from warehouse.database.connection import only_writer, open_to_write
from warehouse.errors import PressError, UsageError
from warehouse.portal.visits.plan import DUE, Plan, Wishes, plan_visits
from warehouse.portal.visits.schedule import load_schedule
from warehouse.portal.visits.tally import Tally
from warehouse.reference.rows import reference_file
from warehouse.runs.load_run import LoadRun, Progress
from warehouse.runs.pages import SCHEDULE, finish, load_unloaded, parse, small_run
from warehouse.runs.run import Run
from warehouse.runs.visits import visiting
from warehouse.settings import Settings

log = logging.getLogger(__name__)


def plan(run: Run, wishes: Wishes = DUE) -> Plan:
    """Load what a killed run left in the archive, then choose the pages to visit.

    Raises UsageError for wishes that make no sense, and PressError where there is no warehouse yet.
    """
    if not run.settings.warehouse.exists():
        raise PressError(f"{run.settings.warehouse} does not exist yet: load a digest first, with `press ingest`.")
    with run.step("read"):
        return _choose(run, wishes)


def _choose(run: Run, wishes: Wishes) -> Plan:
    settings, as_of = run.settings, run.load_run.as_of
    load_unloaded(settings, as_of)
    with only_writer(settings, f"{run.load_run.kind}, planning"), open_to_write(settings) as con:
        return plan_visits(con, as_of, wishes, load_schedule(reference_file(settings.seeds, SCHEDULE)).early)


def fetch(run: Run, plan: Plan) -> Tally:
    """Visit the pages of a plan; every attempt is in the archive when this returns, or is interrupted.

    Where another run fetched after the pages were chosen, they are chosen again: what it has just fetched is not due.
    """
    tally = run.load_run.tally = Tally("pages")
    with run.step("fetch"), visiting(run, tally) as visitor:
        if plan.is_outdated(run.settings.answers):
            plan = _choose(run, plan.wishes)
        tally.left = plan.left
        count = run.counter("fetch", len(plan.visits))
        for number, (target, validators) in enumerate(plan.visits):
            try:
                visit = visitor.visit(target, validators)
            except UsageError as error:
                log.warning("%s", error)
                continue
            if visit is None:
                tally.left += len(plan.visits) - number
                break
            tally.note(visit.outcome, f"{target.code} {target.language}", visit.slowest_s)
            count(1)
    return tally


def refetch(
    settings: Settings,
    wishes: Wishes = DUE,
    as_of: datetime | str | None = None,
    progress: Progress = lambda step, done, total: None,
) -> LoadRun:
    """Fetch the pages that are due by `wishes`, load and publish them."""
    with small_run(settings, as_of, "refetch", progress=progress) as run:
        fetch(run, plan(run, wishes))
        return finish(run, parse(run))
