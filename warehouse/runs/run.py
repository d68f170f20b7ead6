"""One run that writes the warehouse: its lock, its connection, its staged files and its record; all or nothing."""

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

from warehouse.check.checks import CheckResult, run_checks, scope_touched
from warehouse.check.thresholds import THRESHOLDS, load_thresholds
from warehouse.clock import utc
from warehouse.database.connection import close_warehouse, use_cores, writing
from warehouse.errors import CheckFailed, PressError, as_press_error
from warehouse.intake.archive import refuse_lost, settle
from warehouse.load.star import STEPS as TABLES
from warehouse.load.star import LoadCounts, load_star
from warehouse.publish.copy import is_published
from warehouse.publish.copy import publish as replace_published
from warehouse.reference.contracts import refuse_wrong
from warehouse.reference.rows import Reference, load_reference
from warehouse.runs.load_run import LoadRun, Progress, rejected_records, write_down
from warehouse.runs.watch import watch
from warehouse.settings import Settings
from warehouse.stage.digests import Staging

log = logging.getLogger(__name__)

SYSTEM_ERRORS = ("(os error ", "thrift: transport error")
"""Words of Polars' errors where the system stops it, as on a full disk: within a file, and at its end."""


class Run:
    """One run, as a context manager: the steps of `runs.ingest` and `runs.pages` take it, one after the other.

    `load_run` counts what it has done so far. An error rolls back what is not committed and writes a row of `load_run`
    with the reason. With `observes` false, as where the past is replayed, no observations are made.
    """

    def __init__(
        self,
        settings: Settings,
        as_of: datetime | str | None = None,
        *,
        kind: str = "ingest",
        run_id: str | None = None,
        flow_run_id: str | None = None,
        progress: Progress = lambda step, done, total: None,
        observes: bool = True,
    ) -> None:
        self.settings = settings
        self.load_run = LoadRun(
            run_id or str(uuid.uuid4()), utc(as_of), settings.warehouse, settings.published, flow_run_id, kind=kind
        )
        self.staging = Staging(settings.staging / self.load_run.run_id)
        self._progress = progress
        self._thresholds = settings.seeds / THRESHOLDS if observes else None
        self._exits = ExitStack()
        self._con: duckdb.DuckDBPyConnection | None = None
        self._reference: Reference | None = None
        self._is_committing = self._is_committed = False

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The connection of the one writer, from `open` on."""
        assert self._con is not None, "open comes first"
        return self._con

    @property
    def reference(self) -> Reference:
        """The reference rows that the run uses, from `open` on."""
        assert self._reference is not None, "open comes first"
        return self._reference

    def open(self, purpose: str) -> None:
        """Take the writer's lock, open the warehouse and clear up after killed runs.

        Raises WarehouseLocked, and may then be called again, WarehouseUnusable, and UsageError for reference rows that
        cannot be read.
        """
        if self._thresholds is not None:
            refuse_wrong(self.settings.seeds)
            load_thresholds(self._thresholds)
        self._reference = load_reference(self.settings.seeds)
        self.load_run.reference_sha256 = self._reference.sha256
        refuse_lost(self.settings)
        self._con = self._exits.enter_context(writing(self.settings, purpose))
        shutil.rmtree(self.settings.staging, ignore_errors=True)
        self.staging.folder.mkdir(parents=True)
        committed = self.con.sql("select run_id from load_run where status <> 'failed'").fetchall()
        settle(self.settings, {run_id for (run_id,) in committed}.__contains__)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step of the run."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            seconds = self.load_run.seconds[name] = time.perf_counter() - begun
            log.info("%s took %.2f s", name, seconds)

    def counter(self, step: str, total: int = 0) -> Callable[[int], None]:
        """A function that takes how much more of a step is done, and reports how much is done in all."""
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            self._progress(step, min(done, total) if total else done, total)

        return count

    def load(self, as_of: datetime) -> LoadCounts:
        """Load what is staged into the star, in a transaction that the caller began and `check` commits."""
        count = self.counter("load", len(TABLES))
        counts = load_star(self.con, self.staging, self.reference, as_of, lambda _: count(1))
        self.load_run.counts, self.load_run.status = counts, "loaded"
        return counts

    def verify(self) -> None:
        """Check what was loaded. Raises CheckFailed when a check fails."""
        load_run = self.load_run
        with self.step("check"):
            if not load_run.is_idle:
                scope_touched(self.con)
                use_cores(self.con, self.settings)
                load_run.checks = run_checks(self.con)
                load_run.rejects = rejected_records(self.con)
                if failed := [check for check in load_run.checks if check.outcome == "failed"]:
                    raise CheckFailed("; ".join(str(check) for check in failed))

    def start_over(self) -> None:
        """Undo what is loaded and not committed, and forget what is staged."""
        try:
            self.con.rollback()
        except duckdb.Error:
            log.debug("there was no transaction to roll back")
        settle(self.settings, lambda _: False)
        self.staging.dismiss()
        shutil.rmtree(self.staging.folder, ignore_errors=True)
        self.staging = Staging(self.staging.folder)
        self.staging.folder.mkdir(parents=True)
        self.load_run.forget_load()

    def check(self) -> list[CheckResult]:
        """Check what was loaded and commit it. Raises CheckFailed, and commits nothing, when a check fails."""
        self.verify()
        return self.commit()

    def commit(self) -> list[CheckResult]:
        """Commit what was loaded and checked, and write it down."""
        load_run = self.load_run
        load_run.message = load_run.sentence()
        write_down(load_run, self.con)
        self._observe()
        if not load_run.is_idle:
            self._is_committing = True
            self.con.commit()
            self._is_committed = True
            settle(self.settings, load_run.run_id.__eq__)
        self.con.execute("checkpoint")
        return load_run.checks

    def publish(self) -> Path:
        """Replace the published copy, unless it is up to date, and time it."""
        load_run = self.load_run
        if load_run.is_idle and is_published(self.con, self.settings):
            load_run.seconds["publish"] = 0.0
            return self.settings.published
        # DuckDB's own lock on the file would be lost if this process opened and closed the file beside it.
        close_warehouse(self.con)
        with self.step("publish"):
            return replace_published(self.settings, self.con)

    def _observe(self) -> None:
        if self._thresholds is not None:
            watch(self.con, self.load_run, self._thresholds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is not None:
                self._fail(error)
        finally:
            self.staging.dismiss()
            self._exits.close()
            shutil.rmtree(self.staging.folder, ignore_errors=True)
        if isinstance(error, duckdb.Error | OSError) or (
            isinstance(error, Exception) and any(words in str(error) for words in SYSTEM_ERRORS)
        ):
            raise as_press_error(error, is_loaded=self._is_committed) from error

    def _fail(self, error: BaseException) -> None:
        """Roll back what is not committed, and write down the failed run where that is possible."""
        load_run = self.load_run
        log.debug("the run failed", exc_info=error)
        message = str(error) or type(error).__name__
        if self._con is None:
            load_run.status, load_run.message = "failed", message
            return
        try:
            self._con.rollback()
        except duckdb.Error:
            log.debug("there was no transaction to roll back")
        if self._is_committed:
            return
        load_run.status, load_run.message = "failed", message
        load_run.counts = LoadCounts()
        try:
            # Whether a commit that failed half-way holds is only known when the warehouse is opened again.
            if not self._is_committing:
                settle(self.settings, lambda _: False)
            write_down(load_run, self._con)
            self._observe()
            self._con.execute("checkpoint")
        except (duckdb.Error, OSError, PressError):
            log.warning("The failed run could not be written down in load_run.")
