"""Open a visitor at gov.kz for a run: its client, at the user's pace, and the archive that it writes."""

import logging
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from warehouse.database.connection import reading
from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.archive.verify import loaded_bytes
from warehouse.portal.archive.warc import Archive
from warehouse.portal.exchange import Answer, PortalRequest
from warehouse.portal.read.markers import read_by
from warehouse.portal.request.client import Client
from warehouse.portal.visits.site_texts import SiteTexts, recall_shown
from warehouse.portal.visits.tally import Tally
from warehouse.portal.visits.visit import Visitor
from warehouse.runs.run import Run
from warehouse.settings import Settings

log = logging.getLogger(__name__)


@contextmanager
def visiting(run: Run, tally: Tally) -> Iterator[Visitor]:
    """A visitor that archives every attempt before it is read; `tally` gets refusals, failures and pauses at the end.

    Raises WarehouseLocked while another run fetches into the same archive.
    """
    settings, run_id = run.settings, run.load_run.run_id
    last_request, loaded = _last_fetch(settings)
    purpose = run.load_run.kind
    with Archive(settings.answers, purpose=purpose, loaded=loaded) as archive, read_by(settings.seeds):

        def keep(purpose: str, request: PortalRequest, answer: Answer) -> None:
            archive.append(Attempt(run_id, purpose, "", "", request, answer))

        started_at = _start_after(run.load_run.as_of, last_request, archive.last_ended_at)
        with Client(settings.portal, pace_file=_pace_file(settings), started_at=started_at, keep=keep) as client:
            site_texts = SiteTexts(partial(_recall_shown, settings))
            visitor = Visitor(client, archive, run_id, settings.portal.url, site_texts)
            yield visitor
            tally.refusing = visitor.forbidden | visitor.refusing
            tally.failing = visitor.failing
            tally.paused = client.is_open


def _last_fetch(settings: Settings) -> tuple[datetime | None, dict[str, int]]:
    """When the last loaded attempt was made, and how many bytes of each file of the archive are loaded."""
    if not settings.published.exists():
        return None, {}
    with reading(settings.published) as con:
        [last_request] = con.sql("select max(requested_at) from fact_fetch").fetchone() or [None]
        return last_request, loaded_bytes(con)


def _recall_shown(settings: Settings, texts: Collection[int]) -> list[tuple[int, int, bool]]:
    """What is known of texts, by what is published now."""
    if not settings.published.exists():
        return []
    with reading(settings.published) as con:
        return recall_shown(con, texts)


def _start_after(as_of: datetime, *earlier: datetime | None) -> datetime:
    """The moment from which a run counts its times: after those of earlier runs, so that edits keep their order.

    A run may get a moment that was used before: when a failed one is repeated, or a clock is set back.
    """
    last = max((moment for moment in earlier if moment is not None), default=None)
    if last is None or last < as_of:
        return as_of
    log.warning("as_of is %s, but there was a request at %s already: times continue from there.", as_of, last)
    return last + timedelta(microseconds=1)


def _pace_file(settings: Settings) -> Path:
    """The user's file of the pace; where it cannot be written, one beside the archive, for this folder alone."""
    pace = settings.pace
    try:
        pace.parent.mkdir(parents=True, exist_ok=True)
        if os.access(pace.parent, os.W_OK):
            return pace
        reason = "it is not writable"
    except OSError as error:
        reason = error.strerror or "it cannot be made"
    log.warning("The pace is kept for this folder alone: %s: %s. XDG_STATE_HOME names another.", pace.parent, reason)
    return settings.answers.parent / "pace"
