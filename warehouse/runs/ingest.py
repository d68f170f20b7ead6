"""Ingest digests: read, parse, normalise, load, then check and publish as every run does."""

import codecs
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from warehouse.errors import InputRefused
from warehouse.intake.archive import LoadRecord, announce, keep_reference
from warehouse.intake.receive import ArchivedDigest, KnownDigest, digest_paths, new_bytes, take_in
from warehouse.load.star import LoadCounts, is_unchanged, write_known_contents
from warehouse.runs.load_run import LoadRun, Progress
from warehouse.runs.run import Run
from warehouse.settings import Settings
from warehouse.stage.digests import WORKERS_FROM, normalise_texts, stage_digests

log = logging.getLogger(__name__)

NO_DIGEST = "{} is no digest: no line in it says “Source : https://www.gov.kz/…”, so it holds no item to load."


def read(run: Run, paths: Iterable[Path], *, force: bool = False) -> list[ArchivedDigest]:
    """Open the warehouse and archive the new digests of files or folders of `*.txt`; with `force`, known ones too.

    Raises what `Run.open` raises; after WarehouseLocked it may be called again.
    """
    with run.step("read"):
        run.open(f"ingest, run {run.load_run.run_id}")
        rows = run.con.sql("select sha256, first_seen_at, bytes from source_file").fetchall()
        known = {sha256: KnownDigest(first_seen_at, size) for sha256, first_seen_at, size in rows}
        files = list(digest_paths(paths))
        if new_bytes(files, {} if force else known) >= WORKERS_FROM:
            run.staging.hire()
        intake = take_in(files, known, run.settings, force=force, progress=run.counter("read"))
        run.load_run.files_known = intake.known
        for path, error in intake.refusals.items():
            _refuse(run, path, error)
    return intake.digests


def parse(run: Run, received: Sequence[ArchivedDigest]) -> int:
    """Read digests into staged listings, rejects and new texts; returns the number of listings."""
    staging, load_run = run.staging, run.load_run
    with run.step("parse"):
        write_known_contents(run.con, staging.folder)
        count = run.counter("parse", sum(digest.bytes for digest in received))
        for digest in stage_digests(received, run.reference, staging, count):
            reason = NO_DIGEST.format(digest.path) + _encoding(digest.archived)
            _refuse(run, digest.path, InputRefused(reason))
            if digest.first_seen_at is None:
                digest.archived.unlink(missing_ok=True)
        load_run.files_loaded = [digest.path for digest in staging.digests]
        load_run.listings = sum(part.listings for part in staging.parts)
        load_run.rejected = sum(part.rejects for part in staging.parts)
    return load_run.listings


def normalise(run: Run) -> int:
    """Normalise the staged texts that are new; returns how many."""
    with run.step("normalise"):
        total = sum(part.new_contents for part in run.staging.parts)
        normalise_texts(run.staging, run.reference, run.settings.seeds, run.counter("normalise", total))
    return total


def load(run: Run) -> LoadCounts:
    """Load what is staged into the star, in a transaction that `Run.check` commits."""
    load_run = run.load_run
    with run.step("load"):
        load_run.is_idle = _is_nothing_new(run)
        if load_run.is_idle:
            load_run.status = "failed" if load_run.refusals and not load_run.files_known else "unchanged"
            return load_run.counts
        announce_load(run, tuple((digest.path, digest.sha256) for digest in run.staging.digests))
        run.con.begin()
        return run.load(load_run.as_of)


def announce_load(
    run: Run, digests: tuple[tuple[str, str], ...] = (), answers: Mapping[str, int] | None = None
) -> None:
    """Archive the reference rows, and write down what the load depends on, for `press rebuild`: see `LoadRecord`."""
    load_run, sha256 = run.load_run, run.reference.sha256
    keep_reference(run.settings.seeds, sha256, run.settings)
    as_of = load_run.as_of.isoformat() + "Z"
    announce(LoadRecord(load_run.run_id, as_of, digests, sha256, kind=load_run.kind, answers=answers), run.settings)


def has_new_reference(run: Run) -> bool:
    """Whether the reference rows differ from those last loaded."""
    last = run.con.execute(
        "select reference_sha256 from load_run where status = 'loaded' order by as_of desc, rowid desc limit 1"
    ).fetchone()
    return last != (run.reference.sha256,)


def touched_releases(run: Run) -> list[int]:
    """The keys of the releases that the load listed; call it between `load` and `Run.publish`."""
    if run.load_run.is_idle:
        return []
    rows = run.con.execute("select release_key from scope_release order by release_key").fetchall()
    return [release for (release,) in rows]


def ingest(
    paths: Sequence[Path | str],
    *,
    settings: Settings,
    as_of: datetime | str | None = None,
    force: bool = False,
    progress: Progress = lambda step, done, total: None,
) -> LoadRun:
    """Load digests, files or folders of `*.txt`, into the warehouse and publish it.

    Digests whose bytes were loaded before are skipped, unless `force`. `as_of` is the moment that the load takes as now
    (the clock's if None). What cannot be read as a digest is refused, with the reason in `LoadRun.refusals`; the rest
    is loaded.

    Raises PressError, and then the warehouse is as before: WarehouseLocked, WarehouseUnusable, CheckFailed, UsageError.
    """
    with Run(settings, as_of, progress=progress) as run:
        received = read(run, [Path(path) for path in paths], force=force)
        parse(run, received)
        normalise(run)
        load(run)
        run.check()
        run.publish()
    return run.load_run


def _refuse(run: Run, path: str, error: InputRefused) -> None:
    log.warning("%s", error)
    run.load_run.refusals[path] = str(error)


def _encoding(path: Path) -> str:
    """What to do about a file in another encoding than UTF-8; empty where it is UTF-8."""
    with path.open("rb") as file:
        start = file.read(1 << 16)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return " It is not UTF-8: if it is a text, save it as UTF-8."
    return ""


def _is_nothing_new(run: Run) -> bool:
    digests = run.staging.digests
    if run.load_run.refusals and not run.load_run.files_known and not digests:
        return True
    return not has_new_reference(run) and (not digests or is_unchanged(run.con, run.staging))
