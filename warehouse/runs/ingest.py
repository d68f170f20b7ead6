"""Ingest digests: read, parse, normalise, load, check, publish.

`Ingest` holds one attempt and has one method a step, so that the flow can show each as a task; `ingest` runs them all.
"""

import codecs
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from warehouse.errors import InputRefused
from warehouse.intake import archive
from warehouse.intake import receive as intake
from warehouse.load.order import STEPS as LOAD_STEPS
from warehouse.load.order import Loaded, is_known_already, load_staged, stage_known_contents
from warehouse.runs.load_run import Progress, Report
from warehouse.runs.run import Run
from warehouse.settings import Settings
from warehouse.stage.digests import WORKERS_FROM, normalise_staged, stage_digests

log = logging.getLogger(__name__)

NO_DIGEST = "{} is no digest: no line in it says “Source : https://www.gov.kz/…”, so it holds no item to load."


def _encoding(path: Path) -> str:
    """What to do about a file in another encoding than that of digests; nothing where that is not what is wrong."""
    with path.open("rb") as file:
        start = file.read(1 << 16)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return " It is not UTF-8: if it is a text, save it as UTF-8."
    return ""


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


class Ingest(Run):
    """One attempt to ingest: call read, parse, normalise, load, check and publish in this order."""

    def __init__(
        self,
        settings: Settings,
        as_of: datetime | str | None = None,
        *,
        force: bool = False,
        flow_run_id: str | None = None,
        progress: Progress = lambda step, done, total: None,
    ) -> None:
        super().__init__(settings, as_of, flow_run_id=flow_run_id, progress=progress)
        self.force = force
        self._received: list[intake.Received] = []

    def read(self, paths: Iterable[Path]) -> list[str]:
        """Take the writer's lock, open the warehouse and archive the digests that are new; returns their paths."""
        with self._step("read"):
            self._open_warehouse(f"ingest, run {self.report.run_id}")
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
        self._open_warehouse("rebuild")
        self._received = intake.recall(record, kept)

    def _refuse(self, path: str, error: InputRefused) -> None:
        log.warning("%s", error)
        self.report.refused[path] = str(error)

    def parse(self) -> int:
        """Read the digests into staged listings, rejects and new texts; returns the number of listings."""
        with self._step("parse"):
            stage_known_contents(self.con, self._staged.folder)
            tell = self._tell("parse", sum(received.bytes for received in self._received))
            for received in stage_digests(self._received, self.reference, self._staged, tell):
                self._refuse(
                    received.path, InputRefused(NO_DIGEST.format(received.path) + _encoding(received.archived))
                )
                if received.first_seen_at is None:
                    received.archived.unlink(missing_ok=True)
            self.report.files_loaded = [received.path for received in self._staged.digests]
            self.report.listings = sum(part.listings for part in self._staged.parts)
            self.report.rejected = sum(part.rejects for part in self._staged.parts)
        return self.report.listings

    def normalise(self) -> int:
        """Normalise the texts that are new; returns how many."""
        with self._step("normalise"):
            total = sum(part.new_contents for part in self._staged.parts)
            tell = self._tell("normalise", total)
            normalise_staged(self._staged, self.reference, self.settings.seeds, tell)
        return total

    def load(self) -> Loaded:
        """Load what is staged into the star, in a transaction that `check` commits."""
        with self._step("load"):
            report = self.report
            self._nothing_new = self._is_nothing_new()
            if self._nothing_new:
                report.status = "failed" if report.refused and not report.files_known else "unchanged"
                return report.loaded
            archive.keep_reference(self.settings.seeds, self.reference.sha256, self.settings)
            digests = tuple(
                (received.path, received.sha256) for received in self._staged.digests if received.first_seen_at is None
            )
            record = archive.LoadRecord(report.run_id, report.as_of.isoformat() + "Z", digests, self.reference.sha256)
            archive.announce(record, self.settings)
            self.con.begin()
            tell = self._tell("load", len(LOAD_STEPS))
            report.loaded = load_staged(self.con, self._staged, self.reference, report.as_of, lambda _: tell(1))
            report.texts_new = report.loaded.texts_new
            report.status = "loaded"
        return report.loaded

    def touched_releases(self) -> list[int]:
        """The keys of the releases that the load listed; to be asked between `load` and `publish`."""
        if self._nothing_new:
            return []
        found = self.con.execute("select release_key from scope_release order by release_key").fetchall()
        return [release for (release,) in found]

    def _is_nothing_new(self) -> bool:
        if self.report.refused and not self.report.files_known and not self._staged.digests:
            return True
        last = self.con.execute(
            "select reference_sha256 from load_run where status = 'loaded' order by as_of desc, rowid desc limit 1"
        ).fetchone()
        if last != (self.reference.sha256,):
            return False
        return not self._staged.digests or is_known_already(self.con, self._staged)
