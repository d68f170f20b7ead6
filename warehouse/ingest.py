"""Ingest digests: read, parse, normalise, load, check, publish.

`Ingest` holds one attempt and has one method a step, so that the flow can show each as a task; `ingest` runs them all.
"""

import logging
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from warehouse import archive, intake
from warehouse.checks import CheckResult, run_checks
from warehouse.database import connected, writing
from warehouse.errors import CheckFailed, InputRefused, PressError, as_press_error
from warehouse.load import STEPS as LOAD_STEPS
from warehouse.load import Loaded, is_known_already, load_staged, stage_known_contents
from warehouse.publish import is_published, publish
from warehouse.reference import Reference, load_reference
from warehouse.report import Progress, Report, rejected_records, utc, write_down
from warehouse.settings import Settings
from warehouse.stage import WORKERS_FROM, Staged, normalise_staged, stage_digests

log = logging.getLogger(__name__)

NO_DIGEST = "{} is no digest: no line in it says “Source : https://www.gov.kz/…”, so it holds no item to load."


def ingest(
    paths: Sequence[Path | str],
    *,
    settings: Settings,
    as_of: datetime | str | None = None,
    force: bool = False,
    progress: Progress = lambda step, done, total: None,
) -> Report:
    """Load digests, files or folders of `*.txt`, into the warehouse and publish it.

    Digests whose bytes were loaded before are skipped, unless `force`. `as_of` is the moment the load takes as its now
    (the clock's if None). What cannot be read as a digest is refused and stands in `Report.refused`; the rest is
    loaded.

    Raises PressError, and then the warehouse is as before: WarehouseLocked, WarehouseUnusable, CheckFailed, UsageError.
    """
    with Ingest(settings, as_of, force=force, progress=progress) as attempt:
        attempt.read([Path(path) for path in paths])
        attempt.parse()
        attempt.normalise()
        attempt.load()
        attempt.check()
        attempt.publish()
    return attempt.report


class Ingest:
    """One attempt to ingest, as a context manager: call the steps in the order of `STEPS`.

    Leaving it with an error rolls back what is not committed and writes a `load_run` that says why.
    """

    def __init__(
        self,
        settings: Settings,
        as_of: datetime | str | None = None,
        *,
        force: bool = False,
        flow_run_id: str | None = None,
        progress: Progress = lambda step, done, total: None,
    ) -> None:
        self.settings = settings
        self.force = force
        self.progress = progress
        run_id = str(uuid.uuid4())
        self.report = Report(run_id, utc(as_of), settings.warehouse, settings.published, flow_run_id)
        self._open = ExitStack()
        self._con: duckdb.DuckDBPyConnection | None = None
        self._reference: Reference | None = None
        self._staged = Staged(settings.staging / run_id)
        self._received: list[intake.Received] = []
        self._nothing_new = False
        self._commit = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is not None:
                self._fail(error)
        finally:
            self._staged.dismiss()
            self._open.close()
            shutil.rmtree(self._staged.folder, ignore_errors=True)
        # Polars says “(os error 28)” and the like where the system stopped it, as a full disk does.
        if isinstance(error, duckdb.Error | OSError) or (isinstance(error, Exception) and "(os error " in str(error)):
            raise as_press_error(error, is_loaded=self._commit == "done") from error

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The connection of the one writer; there is one between `read` and `publish`."""
        assert self._con is not None, "read comes first"
        return self._con

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.report.seconds[name] = time.perf_counter() - begun
            log.info("%s took %.2f s", name, self.report.seconds[name])

    def read(self, paths: Iterable[Path]) -> list[str]:
        """Take the writer's lock, open the warehouse and archive the digests that are new; returns their paths."""
        with self._step("read"):
            self._use_reference()
            purpose = f"ingest, run {self.report.run_id}"
            self._con = self._open.enter_context(writing(self.settings, purpose))
            self._clean_up()
            loaded = self.con.sql("select sha256, first_seen_at, bytes from source_file").fetchall()
            known = {sha256: intake.Known(first_seen_at, size) for sha256, first_seen_at, size in loaded}
            files = list(intake.digest_paths(paths))
            if intake.new_bytes(files, {} if self.force else known) >= WORKERS_FROM:
                self._staged.hire()
            taken = intake.take_in(files, known, self.settings, force=self.force, tell=self._tell("read"))
            self._received = taken.received
            self.report.files_known = taken.known
            for path, error in taken.refused.items():
                self._refuse(path, error)
        return [received.path for received in self._received]

    def read_archived(self, record: archive.LoadRecord, kept: Settings) -> None:
        """Open the warehouse and take in the digests of an earlier load from the archive of `kept`.

        Raises PressError when a digest is missing from the archive or is not what its name says.
        """
        self.report.run_id = record.run_id
        self._use_reference()
        self._con = self._open.enter_context(writing(self.settings, "rebuild"))
        self._clean_up()
        self._received = intake.recall(record, kept)

    def _use_reference(self) -> None:
        self._reference = load_reference(self.settings.seeds)
        self.report.reference_sha256 = self._reference.sha256

    def _tell(self, step: str, total: int = 0) -> Callable[[int], None]:
        """A function that is told how much more of a step is done, and passes on how much is done in all."""
        done = 0

        def tell(more: int) -> None:
            nonlocal done
            done += more
            self.progress(step, min(done, total) if total else done, total)

        return tell

    def _refuse(self, path: str, error: InputRefused) -> None:
        log.warning("%s", error)
        self.report.refused[path] = str(error)

    def _clean_up(self) -> None:
        """Settle what attempts that were killed left behind. Only the writer that holds the lock gets here."""
        shutil.rmtree(self.settings.staging, ignore_errors=True)
        self._staged.folder.mkdir(parents=True)
        done = self.con.sql("select run_id from load_run where status <> 'failed'").fetchall()
        committed = {run_id for (run_id,) in done}
        archive.settle(self.settings, committed.__contains__)

    def parse(self) -> int:
        """Read the digests into staged listings, rejects and new texts; returns the number of listings."""
        with self._step("parse"):
            assert self._reference is not None
            stage_known_contents(self.con, self._staged.folder)
            tell = self._tell("parse", sum(received.bytes for received in self._received))
            for received in stage_digests(self._received, self._reference, self._staged, tell):
                self._refuse(received.path, InputRefused(NO_DIGEST.format(received.path)))
                if received.first_seen_at is None:
                    received.archived.unlink(missing_ok=True)
            self.report.files_loaded = [received.path for received in self._staged.digests]
            self.report.listings = sum(part.listings for part in self._staged.parts)
            self.report.rejected = sum(part.rejects for part in self._staged.parts)
        return self.report.listings

    def normalise(self) -> int:
        """Normalise the texts that are new; returns how many."""
        with self._step("normalise"):
            assert self._reference is not None
            total = sum(part.new_contents for part in self._staged.parts)
            tell = self._tell("normalise", total)
            normalise_staged(self._staged, self._reference, self.settings.seeds, tell)
        return total

    def load(self) -> Loaded:
        """Load what is staged into the star, in a transaction that `check` commits."""
        with self._step("load"):
            assert self._reference is not None
            report = self.report
            self._nothing_new = self._is_nothing_new(self._reference)
            if self._nothing_new:
                report.status = "failed" if report.refused and not report.files_known else "unchanged"
                return report.loaded
            archive.keep_reference(self.settings.seeds, self._reference.sha256, self.settings)
            digests = tuple(
                (received.path, received.sha256) for received in self._staged.digests if received.first_seen_at is None
            )
            record = archive.LoadRecord(report.run_id, report.as_of.isoformat() + "Z", digests, self._reference.sha256)
            archive.announce(record, self.settings)
            self.con.begin()
            tell = self._tell("load", len(LOAD_STEPS))
            report.loaded = load_staged(self.con, self._staged, self._reference, report.as_of, lambda _: tell(1))
            report.texts_new = report.loaded.texts_new
            report.status = "loaded"
        return report.loaded

    def _is_nothing_new(self, reference: Reference) -> bool:
        if self.report.refused and not self.report.files_known and not self._staged.digests:
            return True
        last = self.con.execute(
            "select reference_sha256 from load_run where status = 'loaded' order by as_of desc, rowid desc limit 1"
        ).fetchone()
        if last != (reference.sha256,):
            return False
        return not self._staged.digests or is_known_already(self.con, self._staged)

    def check(self) -> list[CheckResult]:
        """Check what was loaded and commit it. Raises CheckFailed, and nothing is committed, when a check fails."""
        with self._step("check"):
            report = self.report
            if not self._nothing_new:
                report.checks = run_checks(self.con)
                report.rejects = rejected_records(self.con)
                if failed := [check for check in report.checks if check.outcome == "failed"]:
                    raise CheckFailed("; ".join(str(check) for check in failed))
        report.message = report.sentence()
        write_down(report, self.con)
        if not self._nothing_new:
            self._commit = "begun"
            self.con.commit()
            self._commit = "done"
            archive.settle(self.settings, report.run_id.__eq__)
        self.con.execute("checkpoint")
        return report.checks

    def publish(self) -> Path:
        """Replace the published copy, then write down how long that took."""
        report = self.report
        if self._nothing_new and is_published(self.con, self.settings):
            report.seconds["publish"] = 0.0
            return self.settings.published
        # DuckDB's own lock on the file would be lost if this process opened and closed the file beside it.
        self.con.close()
        with self._step("publish"):
            published = publish(self.settings)
        if not self._nothing_new:
            with connected(self.settings) as con:
                con.execute(
                    "update load_run set publish_s = $publish_s where run_id = $run_id",
                    {"publish_s": report.seconds["publish"], "run_id": report.run_id},
                )
        return published

    def _fail(self, error: BaseException) -> None:
        """Undo what is not committed, and write down the failed attempt where that is possible."""
        report = self.report
        log.debug("the attempt failed", exc_info=error)
        if self._con is None:
            report.status, report.message = "failed", str(error) or type(error).__name__
            return
        try:
            self._con.rollback()
        except duckdb.Error:
            log.debug("there was no transaction to roll back")
        if self._commit == "done":
            return
        report.status, report.message = "failed", str(error) or type(error).__name__
        report.loaded, report.texts_new = Loaded(), 0
        try:
            # Whether a commit that failed half-way holds is known when the warehouse is opened again.
            if not self._commit:
                archive.settle(self.settings, lambda _: False)
            write_down(report, self.con)
            self._con.execute("checkpoint")
        except (duckdb.Error, OSError, PressError):
            log.warning("The failed attempt could not be written down in load_run.")
