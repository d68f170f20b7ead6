"""The flow of the inbox: it runs `flows.ingest` on the files there, and then moves them out."""

import itertools
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
    Arrivals,
    Moves,
    arriving_sentence,
    last_arrival,
    look,
    move,
    overlooked_sentence,
    refused_sentence,
    waiting_sentence,
)
from warehouse.report.text import visible
from warehouse.settings import Settings, load_settings

NAMED = 50
"""How many files of a kind the log names."""


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
        for path in arrivals.arriving[:NAMED]:
            log.info("%s is still arriving; it stays for the next run.", visible(path.name))
        for name, reason in itertools.islice(arrivals.bystanders.items(), NAMED):
            log.info("%s is passed over: %s.", visible(name), reason)
        if not arrivals.ready:
            sentence = waiting_sentence(arrivals, last_arrival(settings), utc(as_of))
            return warn(end_idle(sentence, settings, as_of), _warning(arrivals, settings))
        run = new_run(settings, as_of)
        state = ingest_run(run, list(arrivals.ready), refetch=refetch, as_of=as_of)
    except PressError as error:
        return fail("The inbox was not taken in", error)
    try:
        moves = move(arrivals, run.load_run.files_taken, run.load_run.refusals, settings)
    except PressError as error:
        return fail("The inbox was not emptied", error, str(state.message))
    _log_moves(moves)
    state.message = f"{state.message}{arriving_sentence(arrivals)}"
    return warn(state, _warning(arrivals, settings))


def _warning(arrivals: Arrivals, settings: Settings) -> str:
    """What somebody should take care of in the inbox; empty where there is nothing."""
    return f"{overlooked_sentence(arrivals)} {refused_sentence(settings)}".strip()


def _log_moves(moves: Moves) -> None:
    log = get_run_logger()
    for folder, places in ((DONE, moves.to_done), (REFUSED, moves.to_refused)):
        for path, place in itertools.islice(places.items(), NAMED):
            log.info("Moved %s to %s/%s.", visible(path.name), folder, visible(place.name))
        if (more := len(places) - NAMED) > 0:
            log.info("Moved %s more to %s.", f"{more:,}", folder)
    for path in moves.left[:NAMED]:
        log.warning("%s changed while it was read; the next run reads it again.", visible(path.name))
    if (more := len(moves.left) - NAMED) > 0:
        log.warning("%s more changed while they were read.", f"{more:,}")
