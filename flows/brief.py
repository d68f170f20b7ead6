"""The flow that writes the brief of a day: a page of HTML beside the warehouse and an artifact in Prefect's UI.

Run it with `python -m flows.brief`. It reads the published copy alone, so it blocks no load.
"""

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.command import command, reach_server
from flows.states import fail
from flows.tasks import run_name
from warehouse.clock import day_of, parse_day, utc, weekday_and_day
from warehouse.errors import PressError
from warehouse.report.brief.edition import NoRelease, read, write
from warehouse.report.brief.gather import Brief
from warehouse.report.brief.markdown import markdown
from warehouse.report.brief.words import NOTHING_YET, headline
from warehouse.report.text import LONGEST_MESSAGE, markdown_link, one_line, visible
from warehouse.settings import load_settings


@task(task_run_name="write", cache_policy=NO_CACHE)
def write_brief(day: date | None, today: date) -> tuple[Brief, Path] | None:
    """Read the brief of the day and write its page; None where the warehouse has no release."""
    settings = load_settings()
    try:
        brief = read(settings, day, before=today)
    except NoRelease as error:
        get_run_logger().warning("%s", error)
        return None
    path = write(settings, brief)
    get_run_logger().info("Wrote %s: %s", path, visible(headline(brief)))
    return brief, path


def _run_name() -> str:
    """When, and of which day: `2025-06-01 08:00 Almaty · brief of 2025-05-31`."""
    return run_name(f"brief of {runtime.flow_run.parameters.get('day') or 'the latest day'}")


@flow(name="brief", flow_run_name=_run_name)
def brief(
    day: date | None = None,
    as_of: datetime | None = None,
) -> State[Any]:
    """Write the brief of a day to `data/briefs` and as the artifact `brief`.

    Ends `Completed` with the brief in a sentence as its message, also where the warehouse has no release yet, or
    `Failed` with the reason.

    Args:
        day: The day of the brief; the latest one with releases before today if empty.
        as_of: The moment to take as now; the clock's if empty.
    """
    today = day_of(utc(as_of or runtime.flow_run.scheduled_start_time))
    try:
        result = write_brief(None if day is None else parse_day(day.isoformat()), today)
    except PressError as error:
        return fail("The brief failed", error)
    if result is None:
        create_markdown_artifact(key="brief", markdown=NOTHING_YET, description="No release yet")
        return Completed(message=NOTHING_YET)
    of_day, path = result
    message = _message(of_day, today)
    description = markdown_link(message, longest=LONGEST_MESSAGE)
    create_markdown_artifact(key="brief", markdown=markdown(of_day, path), description=description)
    return Completed(message=message, data=str(path))


def _message(brief: Brief, today: date) -> str:
    """The brief in a sentence, which first says so where yesterday had no release."""
    yesterday = today - timedelta(days=1)
    sentence = headline(brief)
    if brief.is_latest and brief.day < yesterday:
        sentence = f"Nothing of {weekday_and_day(yesterday)}, so the latest day before it. {sentence}"
    return one_line(sentence)


def main() -> None:
    """Run the flow on the latest day, say where the page is, and exit with 1 when it failed."""
    with command():
        reach_server()
        state = brief(return_state=True)
    print(state.message)
    if not state.is_completed():
        sys.exit(1)
    if isinstance(path := state.result(raise_on_failure=False), str):
        print(f"Wrote {path}")


if __name__ == "__main__":
    main()
