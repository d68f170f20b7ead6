"""The flow that asks gov.kz for publishers' newest releases: one task for each step of `warehouse.runs.discover`."""

from datetime import datetime
from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import Field

from flows import tasks
from flows.refetch import load_fetched, new_run


@flow(name="discover", flow_run_name=lambda: tasks.run_name("newest"))
def discover(
    publishers: list[str] = [],
    since: str | None = None,
    limit: Annotated[int | None, Field(gt=0)] = None,
    as_of: datetime | None = None,
) -> State[Any]:
    """List publishers' newest releases on gov.kz and load those that no digest has.

    Args:
        publishers: Slugs of publishers; all if empty.
        since: Back to this day, like 2025-05-01.
        limit: No more releases of a publisher and language.
        as_of: The moment to take as now; the clock's if empty.
    """
    run = new_run("discover", as_of, "Lists asked for")
    return load_fetched(run, lambda: tasks.list_newest(run, publishers, since, limit))
