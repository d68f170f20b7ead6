"""A run that loads archived answers, what fetching and replaying have in common: parse, load, check, publish."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from warehouse.errors import PressError
from warehouse.intake.archive import LoadRecord, announce, keep_reference
from warehouse.load.order import STEPS as LOAD_STEPS
from warehouse.load.order import Loaded, forget_portal, load_staged
from warehouse.portal.archive.losses import losses, lost_attempts, note_attempts
from warehouse.portal.archive.warc import archive_files, read
from warehouse.portal.visits.schedule import load_schedule
from warehouse.portal.visits.tally import Tally
from warehouse.runs.load_run import Progress, Report
from warehouse.runs.run import Run
from warehouse.settings import Settings
from warehouse.stage.attempts import AttemptStager, StagedAttempts
from warehouse.stage.digests import normalise_staged, normalised_meanwhile

log = logging.getLogger(__name__)

WAIT_FOR_WRITER_S = 600.0
"""How long a run with answers in hand waits for another writer."""

SMALL = ("threads = 1", "allocator_flush_threshold = '1MB'", "allocator_bulk_deallocation_flush_threshold = '1MB'")
"""DuckDB's settings for a load of some thousand pages: memory is given back at once, and one thread is enough."""

MEMORY_LIMIT_MB = 128
"""What DuckDB may use while answers are loaded."""

WORKER_FROM = 1 << 20
"""How many bytes of answers are worth another process that normalises while this one reads."""

SHOWN_FILES = 5
"""How many files a refusal names."""


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
        self.accepts_losses = False
        """Whether a replay goes on where the archive lacks what was loaded from it."""
        self.fetched = Tally("lists" if kind == "discover" else "pages")

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
                self._refuse_losses([loss.file for loss in losses(self.answers, since)])
                self.con.begin()
                note_attempts(self.con)
                forget_portal(self.con)
                since = {}
            stager = AttemptStager(self.con, load_schedule(self.schedule), self._staged.folder, self.report.run_id)
            tell = self._tell("parse")
            staging = stager.stage(read(self.answers, since))
            if self._unread(since) >= WORKER_FROM:
                staging = normalised_meanwhile(staging, self._staged, self.reference, self.settings.seeds)
            for attempts in staging:
                tell(attempts)
            if self._replays:
                self._refuse_losses(list(lost_attempts(self.con, self._staged.files("fetch"))))
            normalise_staged(self._staged, self.reference, self.settings.seeds)
            self.staged_attempts = stager.staged
            self._staged.read_to = stager.staged.read_to
            self.fetched.know_again(stager.staged.visits)
        return self.staged_attempts

    def _refuse_losses(self, files: Sequence[str]) -> None:
        """Raises PressError where a replay would lose what these files of the archive lack."""
        if not files:
            return
        shown = ", ".join(files[:SHOWN_FILES])
        shown += f" and {len(files) - SHOWN_FILES} more" if len(files) > SHOWN_FILES else ""
        told = f"{self.answers} lacks answers that were loaded from it; missing, cut off or damaged: {shown}."
        if not self.accepts_losses:
            raise PressError(
                f"{told} Texts are kept as they are. Bring the files back, or replay with --accept-losses to go on "
                "without what is lost."
            )
        log.warning("%s What they lack is lost.", told)

    def _unread(self, since: Mapping[str, int]) -> int:
        """How many bytes of the archive are not loaded yet."""
        return sum(max(0, path.stat().st_size - since.get(path.name, 0)) for path in archive_files(self.answers))

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


def replay(
    settings: Settings,
    as_of: datetime | str | None = None,
    progress: Progress | None = None,
    *,
    accept_losses: bool = False,
) -> Report:
    """Forget everything that came from the portal and read it from the archive again, all or nothing.

    Raises PressError where there is no warehouse, and where the archive lacks what was loaded from it: unless that is
    accepted, for then it is lost.
    """
    if not settings.warehouse.exists():
        raise PressError(f"{settings.warehouse} does not exist, so there is nothing to replay answers into.")
    with PortalRun(settings, as_of, kind="replay", progress=progress or (lambda step, done, total: None)) as run:
        run.accepts_losses = accept_losses
        run.parse()
        run.load()
        run.check()
        run.publish()
    return run.report


def _patient(settings: Settings) -> Settings:
    return replace(settings, lock_timeout_s=max(settings.lock_timeout_s, WAIT_FOR_WRITER_S))
