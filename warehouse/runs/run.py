"""One run that writes the warehouse: its lock, its connection, its staged files, its report; all or nothing.

`Ingest` and `Refetch` are runs: what is between opening the warehouse and checking what was loaded is theirs.
"""

import logging
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from warehouse.check.checks import CheckResult, run_checks
from warehouse.check.observations import THRESHOLDS
from warehouse.clock import utc
from warehouse.database.connection import connected, writing
from warehouse.errors import CheckFailed, PressError, as_press_error
from warehouse.intake import archive
from warehouse.load.order import Loaded
from warehouse.publish.copy import is_published, publish
from warehouse.reference.rows import Reference, load_reference
from warehouse.runs.load_run import Progress, Report, rejected_records, write_down
from warehouse.runs.watch import watch
from warehouse.settings import Settings
from warehouse.stage.digests import Staged

log = logging.getLogger(__name__)

STOPPED = ("(os error ", "thrift: transport error")
"""What Polars says where the system stopped it, as a full disk does: in the middle of a file, and at its end."""


class Run:
    """One run, as a context manager: call its steps in their order.

    Leaving it with an error rolls back what is not committed and writes a `load_run` that says why.
    """

    def __init__(
        self,
        settings: Settings,
        as_of: datetime | str | None = None,
        *,
        flow_run_id: str | None = None,
        progress: Progress = lambda step, done, total: None,
    ) -> None:
        self.settings = settings
        self.progress = progress
        run_id = str(uuid.uuid4())
        self.report = Report(run_id, utc(as_of), settings.warehouse, settings.published, flow_run_id)
        self._open = ExitStack()
        self._con: duckdb.DuckDBPyConnection | None = None
        self._reference: Reference | None = None
        self._staged = Staged(settings.staging / run_id)
        self._nothing_new = False
        self._commit = ""
        self.thresholds: Path | None = settings.seeds / THRESHOLDS
        """What observations are expected to find; None observes nothing, as where the past is replayed."""

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
        if isinstance(error, duckdb.Error | OSError) or (
            isinstance(error, Exception) and any(words in str(error) for words in STOPPED)
        ):
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

    @property
    def reference(self) -> Reference:
        """The reference rows that the run uses."""
        assert self._reference is not None, "read comes first"
        return self._reference

    def _open_warehouse(self, purpose: str) -> None:
        """Take the writer's lock, open the warehouse and settle what killed runs left behind."""
        self._reference = load_reference(self.settings.seeds)
        self.report.reference_sha256 = self._reference.sha256
        archive.refuse_lost(self.settings)
        self._con = self._open.enter_context(writing(self.settings, purpose))
        self._clean_up()

    def _tell(self, step: str, total: int = 0) -> Callable[[int], None]:
        """A function that is told how much more of a step is done, and passes on how much is done in all."""
        done = 0

        def tell(more: int) -> None:
            nonlocal done
            done += more
            self.progress(step, min(done, total) if total else done, total)

        return tell

    def _clean_up(self) -> None:
        """Settle what attempts that were killed left behind. Only the writer that holds the lock gets here."""
        shutil.rmtree(self.settings.staging, ignore_errors=True)
        self._staged.folder.mkdir(parents=True)
        done = self.con.sql("select run_id from load_run where status <> 'failed'").fetchall()
        committed = {run_id for (run_id,) in done}
        archive.settle(self.settings, committed.__contains__)

    def _sentence(self) -> str:
        """What the run did, in one sentence."""
        return self.report.sentence()

    def check(self) -> list[CheckResult]:
        """Check what was loaded and commit it. Raises CheckFailed, and nothing is committed, when a check fails."""
        with self._step("check"):
            report = self.report
            if not self._nothing_new:
                report.checks = run_checks(self.con)
                report.rejects = rejected_records(self.con)
                if failed := [check for check in report.checks if check.outcome == "failed"]:
                    raise CheckFailed("; ".join(str(check) for check in failed))
        report.message = self._sentence()
        write_down(report, self.con)
        self._observe()
        if not self._nothing_new:
            self._commit = "begun"
            self.con.commit()
            self._commit = "done"
            archive.settle(self.settings, report.run_id.__eq__)
        self.con.execute("checkpoint")
        return report.checks

    def _observe(self) -> None:
        if self.thresholds is not None:
            watch(self.con, self.report, self.thresholds, is_idle=self._nothing_new)

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
            self._observe()
            self._con.execute("checkpoint")
        except (duckdb.Error, OSError, PressError):
            log.warning("The failed attempt could not be written down in load_run.")
