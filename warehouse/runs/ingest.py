"""Ingest digests: read, parse, normalise, load, then check and publish as every run does."""

import codecs
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from warehouse.errors import CheckFailed, PressError, first_line
from warehouse.intake.archive import LoadRecord, announce, keep_reference
from warehouse.intake.paths import as_paths, sort_out
from warehouse.intake.receive import ArchivedDigest, Intake, KnownDigest, discard, new_bytes, take_in
from warehouse.load.known_contents import knower_of_all, known_contents
from warehouse.load.star import LoadCounts
from warehouse.load.unchanged import is_unchanged
from warehouse.runs.isolate import OF_INPUT, faults, is_of_input, suspects
from warehouse.runs.load_run import LoadRun, Progress
from warehouse.runs.run import Run
from warehouse.settings import Settings
from warehouse.stage.digests import WORKERS_FROM, normalise_texts, stage_digests

log = logging.getLogger(__name__)

NO_DIGEST = "is no digest: no line in it says “Source : https://www.gov.kz/…”, so it holds no item to load."


def read(run: Run, paths: Iterable[Path], *, force: bool = False) -> list[ArchivedDigest]:
    """Open the warehouse and archive the new digests of files or folders of `*.txt`; with `force`, known ones too.

    Raises what `Run.open` raises; after WarehouseLocked it may be called again.
    """
    with run.step("read"):
        run.open(f"ingest, run {run.load_run.run_id}")
        rows = run.con.sql("select sha256, first_seen_at, bytes from source_file").fetchall()
        known = {sha256: KnownDigest(first_seen_at, size) for sha256, first_seen_at, size in rows}
        delivery = sort_out(paths, run.settings.home)
        run.load_run.bystanders = delivery.bystanders
        new = new_bytes(delivery.files, {} if force else known)
        intake = Intake(run.counter("read"), _pipeline(run, new))
        take_in(intake, delivery.files, known, run.settings, force=force)
        run.load_run.files_known = intake.known
        for path, error in {**delivery.refusals, **intake.refusals}.items():
            _refuse(run, path, str(error))
    return intake.digests


def parse(run: Run, received: Sequence[ArchivedDigest]) -> int:
    """Read digests into staged listings, rejects and new texts; returns the number of listings."""
    staging, load_run = run.staging, run.load_run
    with run.step("parse"):
        size = sum(digest.bytes for digest in received)
        if staging.pipeline is None:
            deliver = _pipeline(run, size)
            for digest in received:
                deliver(digest)
        known, count = partial(known_contents, run.con), run.counter("parse", size)
        for digest in stage_digests(received, run.reference, staging, known, count):
            _refuse_digest(run, digest, NO_DIGEST + _encoding(digest.archived))
        load_run.files_loaded = [digest.path for digest in staging.digests]
        load_run.listings = sum(part.listings for part in staging.parts)
        load_run.rejected = sum(part.rejects for part in staging.parts)
    return load_run.listings


def normalise(run: Run) -> int:
    """Normalise the staged texts that are new; returns how many."""
    with run.step("normalise"):
        total = sum(part.new_contents for part in run.staging.parts)
        normalise_texts(run.staging, run.reference, run.counter("normalise", total))
    return total


def load(run: Run) -> LoadCounts:
    """Load what is staged into the star, in a transaction that `Run.check` commits."""
    load_run = run.load_run
    with run.step("load"):
        staged = run.staging.digests
        load_run.is_idle = _is_nothing_new(run)
        if load_run.is_idle:
            is_refused = load_run.refusals and not load_run.files_known and not staged
            load_run.status = "failed" if is_refused else "unchanged"
            return load_run.counts
        run.staging.with_reference = _follows_other_reference(run)
        announce_load(run, tuple((digest.path, digest.sha256) for digest in staged))
        run.con.begin()
        return run.load(load_run.as_of)


def load_others(run: Run, received: Sequence[ArchivedDigest], failure: Exception) -> None:
    """After a load that ended with `failure`: load and check the digests that can be loaded, and refuse the others.

    Every attempt starts from the archived bytes and is undone but for the last, which `Run.commit` commits; so a run
    that is killed meanwhile leaves nothing half done. Digests are tried in the order of their hashes: which of two that
    fail only together is refused does not depend on who came first. Raises `failure` where no digest is at fault: it
    comes from the system, or the load fails without any of them too.
    """
    whole = run.load_run
    digests = sorted((one for one in received if one.path not in whole.refusals), key=lambda one: one.sha256)
    if not digests or not is_of_input(failure):
        raise failure
    log.debug("the load failed; looking for the digests at fault", exc_info=failure)
    keys = suspects(run.con, whole.checks) if isinstance(failure, CheckFailed) else set()
    run.load_run = replace(whole)

    loaded: list[ArchivedDigest] | None = None

    def attempt(some: Collection[ArchivedDigest]) -> Exception | None:
        nonlocal loaded
        run.start_over()
        loaded, chosen = None, {one.sha256 for one in some}
        try:
            parse(run, [one for one in received if one.sha256 in chosen])
            normalise(run)
            load(run) if some else _load_nothing(run)
            run.verify()
        except OF_INPUT as error:
            if not is_of_input(error):
                raise
            return error
        loaded = sorted(some, key=lambda one: one.sha256)
        return None

    try:
        if attempt([]) is not None:
            raise failure
        suspected = {one for one in digests if one.source_file_key in keys}
        at_fault = dict(faults(attempt, digests, suspected, failure))
    except Exception:
        run.load_run = whole
        raise
    for digest, reason in at_fault.items():
        _refuse_digest(run, digest, f"cannot be loaded: {_in_words(reason)}")
    rest = [digest for digest in digests if digest not in at_fault]
    if rest and loaded == rest:
        return
    run.start_over()
    parse(run, [digest for digest in received if digest.path not in run.load_run.refusals])
    normalise(run)
    load(run)
    run.verify()


def _load_nothing(run: Run) -> None:
    """Load no digest at all, to see whether that alone fails."""
    run.con.begin()
    run.load(run.load_run.as_of)


def _in_words(error: Exception) -> str:
    return str(error) if isinstance(error, PressError) else f"{type(error).__name__}: {first_line(error)}"


def announce_load(
    run: Run, digests: tuple[tuple[str, str], ...] = (), answers: Mapping[str, int] | None = None
) -> None:
    """Archive the reference rows, and write down what the load depends on, for `press rebuild`: see `LoadRecord`."""
    load_run, sha256 = run.load_run, run.reference.sha256
    keep_reference(run.settings.seeds, sha256, run.settings)
    as_of = load_run.as_of.isoformat() + "Z"
    announce(LoadRecord(load_run.run_id, as_of, digests, sha256, kind=load_run.kind, answers=answers), run.settings)


def has_new_reference(run: Run) -> bool:
    """Whether the reference rows differ from those of the load with the latest `as_of`."""
    return run.con.execute(LAST_REFERENCE.format(last="row(as_of, rowid)")).fetchone() != (run.reference.sha256,)


def _follows_other_reference(run: Run) -> bool:
    """Whether what the reference rows say may not be what the warehouse has: a load of the past came in between."""
    return has_new_reference(run) or (
        run.con.execute(LAST_REFERENCE.format(last="rowid")).fetchone() != (run.reference.sha256,)
    )


LAST_REFERENCE = "select arg_max(reference_sha256, {last}) from load_run where status = 'loaded'"


def touched_releases(run: Run) -> list[int]:
    """The keys of the releases that the load listed; call it between `load` and `Run.publish`."""
    if run.load_run.is_idle:
        return []
    query = "select distinct release_key from fact_listing where source_file_key in (from scope_file) order by all"
    rows = run.con.execute(query).fetchall()
    return [release for (release,) in rows]


def ingest(
    paths: Iterable[Path | str] | Path | str,
    *,
    settings: Settings,
    as_of: datetime | str | None = None,
    force: bool = False,
    progress: Progress = lambda step, done, total: None,
) -> LoadRun:
    """Load digests, files or folders of `*.txt`, or one of them, into the warehouse and publish it.

    Digests whose bytes were loaded before are skipped, unless `force`. `as_of` is the moment that the load takes as now
    (the clock's if None). What cannot be read as a digest, or fails a check, is refused, with the reason in
    `LoadRun.refusals`; the rest is loaded.

    Raises PressError, and then the warehouse is as before: WarehouseLocked, WarehouseUnusable, CheckFailed, UsageError.
    """
    chosen = as_paths(paths)
    with Run(settings, as_of, progress=progress) as run:
        received = read(run, chosen, force=force)
        try:
            parse(run, received)
            normalise(run)
            load(run)
            run.verify()
        except OF_INPUT as failure:
            load_others(run, received, failure)
        run.commit()
        run.publish()
    return run.load_run


def _pipeline(run: Run, size: int) -> Callable[[ArchivedDigest], None]:
    """What takes digests of this size in bytes together as they come: other processes, where that is worth it."""
    if size < WORKERS_FROM:
        return lambda _: None
    known = knower_of_all(run.con, run.staging.folder)
    return run.staging.start_pipeline(run.settings.seeds, run.reference.sha256, known).add


def _refuse(run: Run, path: str, reason: str) -> None:
    log.warning("%s", reason)
    run.load_run.refusals[path] = reason


def _refuse_digest(run: Run, digest: ArchivedDigest, reason: str) -> None:
    """Refuse a digest, and every other path with its bytes."""
    for path in (digest.path, *digest.twins):
        _refuse(run, path, f"{path} {reason}")
    if digest.twins:
        run.load_run.files_known = [path for path in run.load_run.files_known if path not in digest.twins]
    discard(digest)


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
