"""Ingest digests: read, parse, normalise, load, check, publish.

`Ingest` holds one attempt and has one method a step, so that the flow can show each as a task; `ingest` runs them all.
"""

import logging
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from warehouse import archive
from warehouse.checks import CheckResult, run_checks
from warehouse.database import rows, writing
from warehouse.errors import CheckFailed, InputRefused, PressError, UsageError, WarehouseUnusable
from warehouse.load import Loaded, is_known_already, load_staged, stage_known_contents
from warehouse.publish import is_published, publish
from warehouse.reference import Reference, load_reference
from warehouse.settings import Settings
from warehouse.stage import Staged, normalise_staged, stage_digests

log = logging.getLogger(__name__)

STEPS = ("read", "parse", "normalise", "load", "check", "publish")

NO_DIGEST = "{} is no digest: no line in it says “Source : https://www.gov.kz/…”, so it holds no item to load."

Progress = Callable[[str, int, int], None]
"""Told of a step, how much of it is done, and how much there is to do (bytes, texts or tables)."""


@dataclass(slots=True)
class Report:
    """What an attempt to ingest did."""

    run_id: str
    as_of: datetime
    warehouse: Path
    published: Path
    flow_run_id: str | None = None
    status: str = "failed"
    message: str = ""
    files_loaded: list[str] = field(default_factory=list)
    files_known: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    listings: int = 0
    texts_new: int = 0
    rejected: int = 0
    loaded: Loaded = field(default_factory=lambda: Loaded(0, 0, 0, 0))
    checks: list[CheckResult] = field(default_factory=list)
    rejects: list[dict[str, object]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def count_checks(self, outcome: str) -> int:
        """How many checks passed, warned or failed."""
        return sum(check.outcome == outcome for check in self.checks)


def utc(moment: datetime | str | None) -> datetime:
    """A moment as UTC without zone; text is ISO 8601, and a moment without zone is taken as UTC. None is the clock's now.

    Raises UsageError for text that is no moment.
    """
    if moment is None:
        return datetime.now(UTC).replace(tzinfo=None)
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            raise UsageError(
                f"as_of is “{moment}”, which is no moment: write it like 2025-06-01T06:00:00Z."
            ) from None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


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
    (the clock's if None). What cannot be read as a digest is refused and stands in `Report.refused`; the rest is loaded.

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
        self._received: list[archive.Received] = []
        self._nothing_new = False
        self._committing = False

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
        if isinstance(error, duckdb.Error | OSError):
            raise _as_press_error(error, is_loaded=self.report.status == "loaded") from error

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
            self._reference = load_reference(self.settings.seeds)
            purpose = f"ingest, run {self.report.run_id}"
            self._con = self._open.enter_context(writing(self.settings, purpose))
            self._clean_up()
            known = {row["sha256"]: row["first_seen_at"] for row in rows(self.con.sql("from source_file"))}
            for path in archive.digest_paths(paths):
                self._read(path, known)
        return [received.path for received in self._received]

    def read_archived(self, record: archive.LoadRecord, kept: Settings) -> None:
        """Open the warehouse and take in the digests of an earlier load from the archive of `kept`.

        Raises PressError when a digest is missing from the archive or is not what its name says.
        """
        self.report.run_id = record.run_id
        self._reference = load_reference(self.settings.seeds)
        self._con = self._open.enter_context(writing(self.settings, "rebuild"))
        self._clean_up()
        for path, sha256 in record.digests:
            archived = kept.digests / sha256
            try:
                found, size = archive.fingerprint(archived)
            except InputRefused as error:
                raise PressError(f"The archive lacks the digest {path}: {error}") from error
            if found != sha256:
                raise PressError(f"The archived digest {archived} is damaged: its SHA-256 is {found}.")
            self._received.append(archive.Received(path, sha256, size, archived))

    def _read(self, path: Path, known: dict[str, datetime | None]) -> None:
        total = done = 0

        def progress(size: int) -> None:
            nonlocal done
            done += size
            self.progress("read", done, total)

        try:
            total = archive.size(path)
            sha256, _ = archive.fingerprint(path, progress)
            this_run = {received.sha256 for received in self._received}
            if sha256 in this_run or (sha256 in known and not self.force):
                self.report.files_known.append(str(path))
                return
            received = archive.receive(path, sha256, self.settings)
            self._received.append(replace(received, first_seen_at=known.get(sha256)))
        except InputRefused as error:
            self._refuse(str(path), error)

    def _refuse(self, path: str, error: InputRefused) -> None:
        log.warning("%s", error)
        self.report.refused[path] = str(error)

    def _clean_up(self) -> None:
        """Settle what attempts that were killed left behind. Only the writer that holds the lock gets here."""
        shutil.rmtree(self.settings.staging, ignore_errors=True)
        self._staged.folder.mkdir(parents=True)
        committed = {row["run_id"] for row in rows(self.con.sql("select run_id from load_run where status <> 'failed'"))}
        archive.settle(self.settings, committed.__contains__)

    def parse(self) -> int:
        """Read the digests into staged listings, rejects and new texts; returns the number of listings."""
        with self._step("parse"):
            assert self._reference is not None
            stage_known_contents(self.con, self._staged.folder)
            total = sum(received.bytes for received in self._received)
            done = 0

            def progress(size: int) -> None:
                nonlocal done
                done = min(done + size, total)
                self.progress("parse", done, total)

            for received in stage_digests(self._received, self._reference, self._staged, progress):
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
            done = 0

            def progress(texts: int) -> None:
                nonlocal done
                done += texts
                self.progress("normalise", done, total)

            normalise_staged(self._staged, self._reference, self.settings.seeds, progress)
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
                (received.path, received.sha256)
                for received in self._staged.digests
                if received.first_seen_at is None
            )
            record = archive.LoadRecord(
                report.run_id, report.as_of.isoformat() + "Z", digests, self._reference.sha256
            )
            archive.announce(record, self.settings)
            self.con.begin()
            before = self._count_contents()
            done = 0

            def progress(_: str) -> None:
                nonlocal done
                done += 1
                self.progress("load", done, 0)

            report.loaded = load_staged(self.con, self._staged, self._reference, report.as_of, progress)
            report.texts_new = self._count_contents() - before
            report.status = "loaded"
        return report.loaded

    def _count_contents(self) -> int:
        counted = self.con.execute("select count(*) from text_content").fetchone()
        assert counted is not None
        return int(counted[0])

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
                report.rejects = self._rejects()
                if failed := [check for check in report.checks if check.outcome == "failed"]:
                    raise CheckFailed("; ".join(str(check) for check in failed))
        report.message = _sentence(report)
        self._write_load_run()
        if not self._nothing_new:
            self._committing = True
            self.con.commit()
            archive.settle(self.settings, report.run_id.__eq__)
        self.con.execute("checkpoint")
        return report.checks

    def _rejects(self) -> list[dict[str, object]]:
        return rows(
            self.con.sql(
                """
                select path, line_no, byte_start, byte_end, reason, detail, left(raw, 200) as raw
                from rejected_record inner join source_file using (source_file_key)
                where source_file_key in (select source_file_key from scope_file)
                order by path, byte_start limit 200
                """
            )
        )

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
            with duckdb.connect(self.settings.warehouse) as con:
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
        if self._committing and self._is_committed():
            return
        report.status, report.message = "failed", str(error) or type(error).__name__
        report.loaded, report.texts_new = Loaded(0, 0, 0, 0), 0
        try:
            # Whether a commit that failed half-way holds is known when the warehouse is opened again.
            if not self._committing:
                archive.settle(self.settings, lambda _: False)
            self._write_load_run()
            self._con.execute("checkpoint")
        except (duckdb.Error, OSError, PressError):
            log.warning("The failed attempt could not be written down in load_run.")

    def _is_committed(self) -> bool:
        """Whether the load is in the warehouse, in spite of what failed after it."""
        try:
            found = self.con.execute("select 1 from load_run where run_id = $1", [self.report.run_id]).fetchone()
        except duckdb.ConnectionException:
            return True  # closed to be published, which comes after the commit
        except duckdb.Error:
            return False
        return found is not None

    def _write_load_run(self) -> None:
        report = self.report
        seconds = {f"{step}_s": report.seconds.get(step) for step in STEPS}
        values: dict[str, object] = {
            "run_id": report.run_id,
            "flow_run_id": report.flow_run_id,
            "as_of": report.as_of,
            "status": report.status,
            "message": report.message,
            "reference_sha256": self._reference.sha256 if self._reference else None,
            "files_loaded": len(report.files_loaded),
            "files_known": len(report.files_known),
            "files_refused": len(report.refused),
            "listings": report.listings,
            "releases_new": report.loaded.releases_new,
            "releases_changed": report.loaded.releases_changed,
            "releases_unchanged": report.loaded.releases_unchanged,
            "texts_new": report.texts_new,
            "without_body": report.loaded.without_body,
            "rejected": report.rejected,
            "checks_passed": report.count_checks("passed"),
            "checks_warned": report.count_checks("warned"),
            "checks_failed": report.count_checks("failed"),
            **seconds,
        }
        names = ", ".join(values)
        places = ", ".join(f"${name}" for name in values)
        self.con.execute(f"insert into load_run ({names}) values ({places})", values)  # noqa: S608 - our own names


def _sentence(report: Report) -> str:
    """What the attempt did, in one sentence."""
    loaded = report.loaded
    if report.status == "unchanged":
        said = f"No change: {len(report.files_known) + len(report.files_loaded)} digests known already"
    elif report.status == "failed":
        said = "Nothing loaded"
    else:
        releases = loaded.releases_new + loaded.releases_changed + loaded.releases_unchanged
        said = (
            f"Loaded {releases} releases: {loaded.releases_new} new, {loaded.releases_changed} changed, "
            f"{loaded.releases_unchanged} unchanged; {report.rejected} records rejected"
        )
    if report.refused:
        said += f"; refused {len(report.refused)}: " + " ".join(report.refused.values())
    return said if said.endswith(".") else said + "."


def _as_press_error(error: Exception, *, is_loaded: bool) -> PressError:
    """An error of DuckDB or the system in the words of the warehouse."""
    told = str(error).splitlines()[0] if str(error) else type(error).__name__
    if isinstance(error, OSError):
        where = f" at {error.filename}" if error.filename else ""
        told = f"{error.strerror or told}{where}."
    if is_loaded:
        return WarehouseUnusable(f"The load is in the warehouse, but could not be finished; run it again: {told}")
    return WarehouseUnusable(f"The load failed and changed nothing: {told}")
