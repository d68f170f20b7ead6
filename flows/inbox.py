"""The flow that takes in what arrived in the inbox: `flows.ingest` on its files, which are then moved out of it."""

from datetime import datetime
from typing import Any

from prefect import flow, get_run_logger, runtime
from prefect.client.schemas.objects import State
from prefect.states import Failed

from flows.ingest import ingested, shown_progress
from flows.states import end_idle, tag, with_warning
from warehouse.clock import utc
from warehouse.errors import PressError
from warehouse.intake.inbox import (
    Moved,
    arriving_sentence,
    last_arrival,
    look,
    move,
    refused_sentence,
    waiting_sentence,
)
from warehouse.report.output import visible
from warehouse.runs.ingest import Ingest
from warehouse.settings import load_settings


def _run_name() -> str:
    """When the run was due: `2025-06-01 06:00 UTC · inbox`."""
    return f"{utc(runtime.flow_run.scheduled_start_time):%Y-%m-%d %H:%M} UTC · inbox"


@flow(name="ingest-inbox", flow_run_name=_run_name)
def ingest_inbox(
    as_of: datetime | None = None,
    *,
    refetch: bool = False,
) -> State[Any]:
    """Load the digests that arrived in the inbox, and move them out of it.

    Files that are still arriving are left for the next run. Ends `Completed` with what was loaded as its message, or
    `Failed` with the reason where a file was refused or nothing could be loaded; files that were not read stay.

    Args:
        as_of: The moment to take as now; the clock's if empty.
        refetch: Also fetch the gov.kz pages of what was loaded.
    """
    settings = load_settings()
    try:
        arrived = look(settings)
        for path in arrived.arriving:
            get_run_logger().info("%s is still arriving; it is left for the next run.", visible(path.name))
        if not arrived.ready:
            said = waiting_sentence(arrived, last_arrival(settings), utc(as_of))
            return with_warning(end_idle(said, settings, as_of), refused_sentence(settings))
        attempt = Ingest(settings, as_of, flow_run_id=str(runtime.flow_run.id), progress=shown_progress())
        state = ingested(attempt, list(arrived.ready), refetch=refetch, as_of=as_of)
    except PressError as error:
        reason = visible(str(error))
        get_run_logger().error("The inbox was not taken in: %s", reason)
        tag("failed")
        return Failed(message=reason)
    try:
        _tell(move(arrived, attempt.report.files_taken, attempt.report.refused, settings))
    except PressError as error:
        reason = visible(str(error))
        get_run_logger().error("The inbox was not emptied: %s", reason)
        tag("failed")
        return Failed(message=f"{state.message} {reason}")
    state.message = f"{state.message}{arriving_sentence(arrived)}"
    return with_warning(state, refused_sentence(settings))


def _tell(moved: Moved) -> None:
    for name, places in (("done", moved.done), ("refused", moved.refused)):
        for path, place in places.items():
            get_run_logger().info("Moved %s to %s/%s.", visible(path.name), name, visible(place.name))
    for path in moved.left:
        get_run_logger().warning("%s changed while it was read; the next run reads it again.", visible(path.name))
