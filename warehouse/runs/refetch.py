"""Fetch pages of gov.kz and load what they say: plan, fetch, parse, load, check, publish.

Fetching writes the archive of answers and nothing else; loading reads the archive from where it was left. So a run
that was killed loses nothing it has, and the next one begins by loading it.
"""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from warehouse.database.connection import connected, only_writer, reading
from warehouse.errors import PressError, UsageError
from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.archive.warc import Archive
from warehouse.portal.exchange import LANGUAGES, Answer, PortalRequest
from warehouse.portal.request.client import Client
from warehouse.portal.visits.plan import DUE, Plan, Wishes, plan_visits
from warehouse.portal.visits.schedule import load_schedule
from warehouse.portal.visits.tally import Tally
from warehouse.portal.visits.visit import FOUND, Visitor
from warehouse.reference.rows import load_reference
from warehouse.runs.load_run import Progress
from warehouse.runs.replay import PortalRun, load_unloaded, replay
from warehouse.settings import Settings

__all__ = ["PortalRun", "Refetch", "load_unloaded", "replay"]

log = logging.getLogger(__name__)

LIST_SIZE = 50
"""How many releases are asked for at a time in a list."""

MOST_PAGES = 200
"""How many pages of a publisher's list are asked for at most."""


class Refetch(PortalRun):
    """One run that fetches: call plan, fetch, parse, load, check and publish in this order."""

    def __init__(
        self,
        settings: Settings,
        as_of: datetime | str | None = None,
        *,
        kind: str = "refetch",
        flow_run_id: str | None = None,
        progress: Progress = lambda step, done, total: None,
    ) -> None:
        super().__init__(settings, as_of, kind=kind, flow_run_id=flow_run_id, progress=progress)
        self._plan = Plan([], 0)

    def _asked(self) -> str:
        return self.fetched.sentence()

    def plan(self, wishes: Wishes = DUE) -> Plan:
        """Load what a killed run left in the archive, then choose the pages to visit.

        Raises UsageError for wishes that cannot be meant, and PressError where there is no warehouse yet.
        """
        if not self.settings.warehouse.exists():
            raise PressError(f"{self.settings.warehouse} does not exist yet: load a digest first, with `press ingest`.")
        with self._step("read"):
            load_unloaded(self.settings, self.report.as_of)
            with only_writer(self.settings, f"{self.report.kind}, planning"), connected(self.settings) as con:
                self._plan = plan_visits(con, self.report.as_of, wishes, load_schedule(self.schedule).early)
        self.fetched.left = self._plan.left
        return self._plan

    def fetch(self) -> Tally:
        """Visit the pages of the plan; every attempt is in the archive when this returns, or is interrupted."""
        with self._step("fetch"), self._visitor() as visitor:
            tell = self._tell("fetch", len(self._plan.visits))
            for number, (target, validators) in enumerate(self._plan.visits):
                try:
                    visit = visitor.visit(target, validators)
                except UsageError as error:
                    log.warning("%s", error)
                    continue
                if visit is None:
                    self.fetched.left += len(self._plan.visits) - number
                    break
                self.fetched.note(visit.outcome, f"{target.code} {target.language}", visit.slowest_s)
                tell(1)
        return self.fetched

    def publishers(self) -> list[str]:
        """The slugs of the publishers that the warehouse knows, the busiest first; with none, of the reference rows."""
        if not self.settings.published.exists():
            return load_reference(self.settings.seeds).publishers["slug"].to_list()
        with reading(self.settings.published) as con:
            found = con.execute(
                """
                select slug from dim_publisher left join fact_release using (publisher_key)
                group by slug order by count(fact_release.release_key) desc, slug
                """
            ).fetchall()
        return [slug for (slug,) in found]

    def discover(self, publishers: Sequence[str], since: date | str | None = None, limit: int | None = None) -> Tally:
        """Ask for the newest releases of publishers in each language, back to the day `since` or `limit` of each.

        Without either, one page of the list. Raises UsageError for a day that is none.
        """
        if limit is not None and limit < 1:
            raise UsageError(f"--limit is {limit}; it must be at least 1.")
        back_to = _day(since)
        load_unloaded(self.settings, self.report.as_of)
        with self._step("fetch"), self._visitor() as visitor:
            tell = self._tell("fetch", len(publishers) * len(LANGUAGES))
            for slug in publishers:
                for language in LANGUAGES:
                    self._newest(visitor, (slug, language), back_to, limit)
                    tell(1)
        return self.fetched

    def _newest(self, visitor: Visitor, which: tuple[str, str], back_to: datetime | None, limit: int | None) -> None:
        # Pages of one size: a list that goes on at page 2 must have been cut there.
        size = LIST_SIZE if limit is None else -(-limit // -(-limit // LIST_SIZE))
        seen: set[str] = set()
        for page in range(1, MOST_PAGES + 1):
            try:
                found = visitor.newest(*which, page, size)
            except UsageError as error:
                log.warning("%s", error)
                return
            if found is None:
                self.fetched.left += 1
                return
            self.fetched.note(found.outcome, f"{' '.join(which)}, page {page}", 0.0)
            if page > 1 and found.outcome not in FOUND:
                self.fetched.left += 1  # how much of the list is left the portal does not tell
                return
            new = {one.code for one in found.pages} - seen
            seen |= new
            dates = [one.published_at for one in found.pages if one.published_at is not None]
            is_enough = len(seen) >= limit if limit is not None else back_to is None
            is_old = back_to is not None and (not dates or min(dates) < back_to)
            # A page may be shorter than asked for; the list ends where one brings nothing new.
            if not new or is_enough or is_old:
                return

    @contextmanager
    def _visitor(self) -> Iterator[Visitor]:
        portal, run_id = self.settings.portal, self.report.run_id
        last_asked, loaded = self._known()
        with Archive(self.settings.answers, purpose=self.report.kind, loaded=loaded) as archive:

            def keep(purpose: str, request: PortalRequest, answer: Answer) -> None:
                archive.append(Attempt(run_id, purpose, "", "", request, answer))

            begun = self._behind(last_asked, archive.last_ended_at)
            with Client(portal, pace_file=self._pace_file(), started_at=begun, keep=keep) as client:
                visitor = Visitor(client, archive, run_id, portal.url)
                yield visitor
                self.fetched.refusing = visitor.forbidden | visitor.refusing
                self.fetched.paused = client.is_open

    def _pace_file(self) -> Path:
        """The user's own; where there is no place for it one beside the archive, which is that of this folder alone."""
        pace = self.settings.pace
        try:
            pace.parent.mkdir(parents=True, exist_ok=True)
            if os.access(pace.parent, os.W_OK):
                return pace
            told = "it is not writable"
        except OSError as error:
            told = error.strerror or "it cannot be made"
        log.warning("The pace is kept for this folder alone: %s: %s. XDG_STATE_HOME names another.", pace.parent, told)
        return self.settings.answers.parent / "pace"

    def _known(self) -> tuple[datetime | None, dict[str, int]]:
        """When the last attempt that is loaded was made, and how many bytes of each file of the archive are loaded."""
        if not self.settings.published.exists():
            return None, {}
        with reading(self.settings.published) as con:
            [last_asked] = con.sql("select max(requested_at) from fact_fetch").fetchone() or [None]
            return last_asked, dict(con.sql("select warc_file, bytes_loaded from portal_archive").fetchall())

    def _behind(self, *earlier: datetime | None) -> datetime:
        """The moment from which this run tells its times: behind those of earlier runs, or edits would turn round.

        A run may be given a moment that was used before, as when one that failed is run again, and clocks are set back.
        """
        last = max((moment for moment in earlier if moment is not None), default=None)
        if last is None or last < self.report.as_of:
            return self.report.as_of
        log.warning("as_of is %s, and %s was asked already: times go on from there.", self.report.as_of, last)
        return last + timedelta(microseconds=1)


def _day(since: date | str | None) -> datetime | None:
    """The beginning of a day, UTC without zone."""
    if isinstance(since, str):
        try:
            since = date.fromisoformat(since)
        except ValueError:
            raise UsageError(f"--since is “{since}”, which is no day: write it like 2025-05-01.") from None
    return None if since is None else datetime(since.year, since.month, since.day, tzinfo=UTC).replace(tzinfo=None)
