"""Fetch pages of gov.kz and load what they say: plan, fetch, parse, load, check, publish.

Fetching writes the archive of answers and nothing else; loading reads the archive from where it was left. So a run
that was killed loses nothing it has, and the next one begins by loading it.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

from warehouse.archive import LoadRecord, announce, keep_reference
from warehouse.database import connected, only_writer, reading
from warehouse.errors import PressError, UsageError
from warehouse.load import STEPS as LOAD_STEPS
from warehouse.load import Loaded, forget_portal, load_staged
from warehouse.portal.client import Client
from warehouse.portal.fetched import Fetched
from warehouse.portal.plan import DUE, Plan, Wishes, plan_visits
from warehouse.portal.records import LANGUAGES
from warehouse.portal.schedule import load_schedule
from warehouse.portal.staging import AttemptStager, StagedAttempts
from warehouse.portal.visit import Visitor
from warehouse.portal.warc import Archive, archive_files, read
from warehouse.report import Progress, Report
from warehouse.run import Run
from warehouse.settings import Settings
from warehouse.stage import normalise_staged, normalised_meanwhile

log = logging.getLogger(__name__)

WAIT_FOR_WRITER_S = 600.0
"""How long a run with answers in hand waits for another writer."""

SMALL = ("threads = 1", "allocator_flush_threshold = '1MB'", "allocator_bulk_deallocation_flush_threshold = '1MB'")
"""DuckDB's settings for a load of some thousand pages: memory is given back at once, and one thread is enough."""

LIST_SIZE = 50
"""How many releases are asked for at a time in a list."""

MEMORY_LIMIT_MB = 128
"""What DuckDB may use while answers are loaded."""

WORKER_FROM = 1 << 20
"""How many bytes of answers are worth another process that normalises while this one reads."""

MOST_PAGES = 200
"""How many pages of a publisher's list are asked for at most."""


class PortalRun(Run):
    """A run that loads archived answers: what fetching and replaying have in common."""

    def __init__(
        self,
        settings: Settings,
        as_of: datetime | str | None = None,
        *,
        kind: str = "refetch",
        flow_run_id: str | None = None,
        progress: Progress = lambda step, done, total: None,
    ) -> None:
        # What one run fetches is little beside a digest: it stays small, however long it runs.
        small = replace(settings, memory_limit_mb=min(settings.memory_limit_mb, MEMORY_LIMIT_MB))
        super().__init__(small, as_of, flow_run_id=flow_run_id, progress=progress)
        self.report.kind = kind
        self.answers = settings.answers
        self.schedule = settings.seeds / "refetch_schedule.csv"
        self.staged_attempts = StagedAttempts()
        self._replays = kind == "replay"
        self.fetched = Fetched("lists" if kind == "discover" else "pages")

    def parse(self) -> StagedAttempts:
        """Take the writer's lock and read the answers that are not loaded yet into staged attempts and texts."""
        with self._step("parse"):
            if self.fetched.visits:
                self.settings = _patient(self.settings)
            self._open_warehouse(f"{self.report.kind}, run {self.report.run_id}")
            if not self._replays:
                for setting in SMALL:
                    self.con.execute(f"set {setting}")
            since = dict(self.con.sql("select warc_file, bytes_loaded from portal_archive").fetchall())
            if self._replays:
                if since and not archive_files(self.answers):
                    raise PressError(f"{self.answers} has no answers, so there is nothing to replay: texts are kept.")
                self.con.begin()
                forget_portal(self.con)
                since = {}
            stager = AttemptStager(self.con, load_schedule(self.schedule), self._staged.folder)
            tell = self._tell("parse")
            staging = stager.stage(read(self.answers, since))
            if self._unread(since) >= WORKER_FROM:
                staging = normalised_meanwhile(staging, self._staged, self.reference, self.settings.seeds)
            for attempts in staging:
                tell(attempts)
            normalise_staged(self._staged, self.reference, self.settings.seeds)
            self.staged_attempts = stager.staged
            self._staged.read_to = stager.staged.read_to
        return self.staged_attempts

    def _unread(self, since: Mapping[str, int]) -> int:
        """How many bytes of the archive are not loaded yet."""
        return sum(path.stat().st_size - since.get(path.name, 0) for path in archive_files(self.answers))

    def load(self) -> Loaded:
        """Load what is staged into the star, in a transaction that `check` commits."""
        with self._step("load"):
            report = self.report
            report.outcomes = self.staged_attempts.outcomes
            self._nothing_new = not self.staged_attempts.attempts and not self._replays
            if self._nothing_new:
                report.status = "unchanged"
                return report.loaded
            if not self._replays:
                self.con.begin()
            self._staged.with_reference = self._announce_reference()
            # Without new reference rows the answers alone say what is loaded, whenever that is done.
            as_of = report.as_of if self._staged.with_reference else self.staged_attempts.last_at or report.as_of
            tell = self._tell("load", len(LOAD_STEPS))
            report.loaded = load_staged(self.con, self._staged, self.reference, as_of, lambda _: tell(1))
            report.texts_new = report.loaded.texts_new
            report.status = "loaded"
        return report.loaded

    def _announce_reference(self) -> bool:
        """Whether the reference rows are others than those last loaded; they are then kept for `press rebuild`."""
        last = self.con.execute(
            "select reference_sha256 from load_run where status = 'loaded' order by as_of desc, rowid desc limit 1"
        ).fetchone()
        if last == (self.reference.sha256,):
            return False
        report, sha256 = self.report, self.reference.sha256
        keep_reference(self.settings.seeds, sha256, self.settings)
        announce(LoadRecord(report.run_id, report.as_of.isoformat() + "Z", (), sha256), self.settings)
        return True

    def _asked(self) -> str:
        """What the run asked, or took in place of that."""
        return f"Read {sum(self.report.outcomes.values()):,} attempts from the archive"

    def _sentence(self) -> str:
        report = self.report
        return f"{self._asked()}; {report.texts_new:,} new texts, {report.loaded.edits_new:,} edits."


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
                self._plan = plan_visits(con, self.report.as_of, wishes)
        self.fetched.left = self._plan.left
        return self._plan

    def fetch(self) -> Fetched:
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
        """The slugs of all publishers that the warehouse knows, the busiest first."""
        with reading(self.settings.published) as con:
            found = con.execute(
                """
                select slug from dim_publisher left join fact_release using (publisher_key)
                group by slug order by count(fact_release.release_key) desc, slug
                """
            ).fetchall()
        return [slug for (slug,) in found]

    def discover(self, publishers: Sequence[str], since: date | str | None = None, limit: int | None = None) -> Fetched:
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
        portal = self.settings.portal
        with (
            Archive(self.settings.answers, purpose=self.report.kind) as archive,
            Client(portal, pace_file=self.settings.pace, started_at=self.report.as_of) as client,
        ):
            visitor = Visitor(client, archive, self.report.run_id, portal.url)
            yield visitor
            self.fetched.refusing = visitor.refusing
            self.fetched.paused = client.is_open


def load_unloaded(settings: Settings, as_of: datetime) -> Report | None:
    """Load what is in the archive of answers and not in the warehouse; None where there is nothing."""
    if not archive_files(settings.answers):
        return None
    with PortalRun(settings, as_of) as run:
        run.parse()
        if not run.staged_attempts.attempts:
            run.con.close()
            return None
        run.load()
        run.check()
        run.publish()
    return run.report


def replay(settings: Settings, as_of: datetime | str | None = None, progress: Progress | None = None) -> Report:
    """Forget everything that came from the portal and read it from the archive again, all or nothing."""
    with PortalRun(settings, as_of, kind="replay", progress=progress or (lambda step, done, total: None)) as run:
        run.parse()
        run.load()
        run.check()
        run.publish()
    return run.report


def _patient(settings: Settings) -> Settings:
    return replace(settings, lock_timeout_s=max(settings.lock_timeout_s, WAIT_FOR_WRITER_S))


def _day(since: date | str | None) -> datetime | None:
    """The beginning of a day, UTC without zone."""
    if isinstance(since, str):
        try:
            since = date.fromisoformat(since)
        except ValueError:
            raise UsageError(f"--since is “{since}”, which is no day: write it like 2025-05-01.") from None
    return None if since is None else datetime(since.year, since.month, since.day, tzinfo=UTC).replace(tzinfo=None)
