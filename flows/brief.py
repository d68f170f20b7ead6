"""The flow that writes the brief of a day: a page of HTML beside the warehouse and an artifact in Prefect's UI.

Run it with `python -m flows.brief`. It only reads, and from the published copy, so it is in no load's way.
"""

import sys
from datetime import date, datetime, timedelta
from typing import Any

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.states import fail
from flows.tasks import run_name
from warehouse.clock import day_of, parse_day, utc, weekday_and_day
from warehouse.errors import PressError
from warehouse.report.brief.edition import Edition, NothingToTell, read, write
from warehouse.report.brief.markdown import markdown
from warehouse.report.brief.words import NOTHING_YET, headline
from warehouse.report.text import markdown_text, one_line, visible
from warehouse.settings import load_settings


@task(task_run_name="write", cache_policy=NO_CACHE)
def make(day: date | None, today: date) -> Edition | None:
    """Read what the warehouse knows of the day and write the page; None where it has no release."""
    settings = load_settings()
    try:
        edition = write(settings, read(settings, day, before=today))
    except NothingToTell as nothing:
        get_run_logger().warning("%s", nothing)
        return None
    get_run_logger().info("Wrote %s: %s", edition.path, visible(headline(edition.brief)))
    return edition


def _run_name() -> str:
    """When, and of which day: `2025-06-01 03:00 UTC · brief of 2025-05-31`."""
    return run_name(f"brief of {runtime.flow_run.parameters.get('day') or 'the latest day'}")


@flow(name="brief", flow_run_name=_run_name)
def brief(
    day: date | None = None,
    as_of: datetime | None = None,
) -> State[Any]:
    """Write the brief of a day to `data/briefs` and as the artifact `brief`.

    Ends `Completed` with what is in the brief as its message, also where the warehouse has nothing to tell yet, or
    `Failed` with the reason.

    Args:
        day: The day to tell of; the latest one with releases before today if empty.
        as_of: The moment to take as now; the clock's if empty.
    """
    today = day_of(utc(as_of or runtime.flow_run.scheduled_start_time))
    try:
        edition = make(None if day is None else parse_day(day.isoformat()), today)
    except PressError as error:
        return fail("The brief failed", error)
    if edition is None:
        create_markdown_artifact(key="brief", markdown=NOTHING_YET, description="Nothing to tell yet")
        return Completed(message=NOTHING_YET)
    message = _message(edition, today)
    create_markdown_artifact(
        key="brief", markdown=markdown(edition.brief, edition.path), description=markdown_text(message)
    )
    return Completed(message=message, data=str(edition.path))


def _message(edition: Edition, today: date) -> str:
    """What is in the brief, and first of all when the day it should be of brought nothing."""
    told_of, yesterday = edition.brief, today - timedelta(days=1)
    said = headline(told_of)
    if told_of.is_latest and told_of.day < yesterday:
        said = f"Nothing of {weekday_and_day(yesterday)}, so the latest day before it. {said}"
    return one_line(said)


def main() -> None:
    """Run the flow on the latest day, say where the page is, and exit with 1 when it failed."""
    state = brief(return_state=True)
    print(state.message)
    if not state.is_completed():
        sys.exit(1)
    if isinstance(path := state.result(raise_on_failure=False), str):
        print(f"Wrote {path}")


if __name__ == "__main__":
    main()
