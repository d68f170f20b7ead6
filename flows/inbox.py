"""The flow of the inbox: it runs `flows.ingest` on the files there, and then moves them out."""

from datetime import datetime
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State

from flows import tasks
from flows.ingest import ingest_run, new_run
from flows.states import end_idle, fail, warn
from warehouse.clock import utc
from warehouse.errors import PressError
from warehouse.intake.inbox import (
    DONE,
    REFUSED,
    arriving_sentence,
    last_arrival,
    look,
    move,
    refused_sentence,
    waiting_sentence,
)
from warehouse.report.text import visible
from warehouse.settings import load_settings


@flow(name="ingest-inbox", flow_run_name=lambda: tasks.run_name("inbox"))
def ingest_inbox(
    as_of: datetime | None = None,
    *,
    refetch: bool = False,
) -> State[Any]:
    """Load the digests that arrived in the inbox, and move them out of it.

    Files that are still arriving stay for the next run. Ends `Completed` with what was loaded as its message, or
    `Failed` with the reason where a file was refused or nothing could be loaded; files that were not read stay.

    Args:
        as_of: The moment to take as now; the clock's if empty.
        refetch: Also fetch the gov.kz pages of what was loaded.
    """
    settings, log = load_settings(), get_run_logger()
    try:
        arrivals = look(settings)
        for path in arrivals.arriving:
            log.info("%s is still arriving; it stays for the next run.", visible(path.name))
        if not arrivals.ready:
            sentence = waiting_sentence(arrivals, last_arrival(settings), utc(as_of))
            return warn(end_idle(sentence, settings, as_of), refused_sentence(settings))
        run = new_run(settings, as_of)
        state = ingest_run(run, list(arrivals.ready), refetch=refetch, as_of=as_of)
    except PressError as error:
        return fail("The inbox was not taken in", error)
    try:
        moves = move(arrivals, run.load_run.files_taken, run.load_run.refusals, settings)
    except PressError as error:
        return fail("The inbox was not emptied", error, str(state.message))
    for folder, places in ((DONE, moves.to_done), (REFUSED, moves.to_refused)):
        for path, place in places.items():
            log.info("Moved %s to %s/%s.", visible(path.name), folder, visible(place.name))
    for path in moves.left:
        log.warning("%s changed while it was read; the next run reads it again.", visible(path.name))
    state.message = f"{state.message}{arriving_sentence(arrivals)}"
    return warn(state, refused_sentence(settings))
