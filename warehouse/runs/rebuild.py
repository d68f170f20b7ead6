"""Rebuild the warehouse from the archive: the same digests, reference rows and moments give the same rows.

Needed when the schema changed or the file is damaged. The new warehouse is made beside the old one and replaces it at
the end; the history of runs (`load_run`) is copied where the old file can still be read.
"""

import contextlib
import logging
import os
import shutil
import uuid
from dataclasses import replace
from pathlib import Path

import duckdb

from warehouse.database.connection import only_writer, open_to_write
from warehouse.database.sql import literal
from warehouse.errors import PressError, first_line
from warehouse.files import sync
from warehouse.intake.archive import LoadRecord, load_records, settle
from warehouse.intake.receive import recall
from warehouse.portal.archive.verify import losses
from warehouse.portal.archive.warc import archive_files
from warehouse.publish.copy import publish
from warehouse.reference.rows import fingerprint
from warehouse.runs import pages
from warehouse.runs.ingest import load, normalise, parse
from warehouse.runs.load_run import Progress
from warehouse.runs.run import Run
from warehouse.settings import Settings

log = logging.getLogger(__name__)


def rebuild(settings: Settings, progress: Progress) -> int:
    """Replay every load of the archive into a new file, replace the warehouse by it and publish it.

    Returns how many loads were replayed. Raises PressError, and leaves everything as it was, when the archive holds no
    load, or a digest of it is missing or damaged.
    """
    if not settings.loads.is_dir():
        raise PressError(f"{settings.loads} holds no record of a load, so there is nothing to rebuild from.")
    with only_writer(settings, "rebuild"):
        records = _drop_uncommitted(load_records(settings), settings)
        if not records:
            raise PressError(f"{settings.loads} holds no record of a load, so there is nothing to rebuild from.")
        workshop = settings.home / "staging" / f"rebuild-{settings.warehouse.name}"
        shutil.rmtree(workshop, ignore_errors=True)
        workshop.mkdir(parents=True)
        try:
            new = settings.model_copy(update={"warehouse": workshop / settings.warehouse.name})
            for record in records:
                _replay(record, settings, new, progress)
            _warn_of_losses(records, settings)
            if all(record.answers is None for record in records):
                _load_answers(records[-1], settings, new, progress)
            _copy_history(settings.warehouse, new, [record.run_id for record in records])
            settings.warehouse.with_name(settings.warehouse.name + ".wal").unlink(missing_ok=True)
            os.replace(new.warehouse, settings.warehouse)
            sync(settings.home)
            settle(settings, {record.run_id for record in records}.__contains__)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
        publish(settings)
    return len(records)


def _drop_uncommitted(records: list[LoadRecord], settings: Settings) -> list[LoadRecord]:
    """The records without announced loads that the old warehouse shows as not committed.

    Where it cannot be read, all count: their digests are in the archive.
    """
    announced = {path.name.removesuffix(".json.pending") for path in settings.loads.glob("[!.]*.json.pending")}
    if not announced or not settings.warehouse.exists():
        return records
    try:
        with duckdb.connect(settings.warehouse, read_only=True) as con:
            committed = {run_id for (run_id,) in con.execute("select run_id from load_run").fetchall()}
    except duckdb.Error:
        return records
    return [record for record in records if record.run_id not in announced - committed]


def _warn_of_losses(records: list[LoadRecord], settings: Settings) -> None:
    """Name the files of answers that lack what was loaded from them: what they lack cannot be made again."""
    loaded = [record.answers for record in records if record.answers is not None]
    for loss in losses(settings.answers, loaded[-1]) if loaded else ():
        log.warning("%s: %s What it lacks is lost.", settings.answers / loss.file, loss.sentence)


def _replay(record: LoadRecord, archive: Settings, new: Settings, progress: Progress) -> None:
    """Do a load again, with all that it depended on."""
    settings = new.model_copy(update={"seeds": archive.references / record.reference_sha256})
    try:
        is_whole = fingerprint(settings.seeds) == record.reference_sha256
    except OSError as error:
        raise PressError(f"The archive lacks reference rows: {error.filename}: {error.strerror}.") from error
    if not is_whole:
        raise PressError(f"The archived reference rows {settings.seeds} are damaged: their SHA-256 is another.")
    if record.answers is None:
        _replay_digests(record, archive, settings, progress)
    else:
        _replay_answers(record, archive, settings, progress)


def _replay_digests(record: LoadRecord, archive: Settings, settings: Settings, progress: Progress) -> None:
    with Run(settings, record.as_of, run_id=record.run_id, progress=progress, observes=False) as run:
        run.open("rebuild")
        known = dict(run.con.execute("select sha256, first_seen_at from source_file").fetchall())
        # All have been seen, for a new one that is refused is taken out of the archive.
        seen_at = run.load_run.as_of
        digests = recall(record, archive)
        parse(run, [replace(digest, first_seen_at=known.get(digest.sha256, seen_at)) for digest in digests])
        normalise(run)
        load(run)
        run.check()


def _replay_answers(record: LoadRecord, archive: Settings, settings: Settings, progress: Progress) -> None:
    kind, answers, until = record.kind, archive.answers, record.answers
    with pages.small_run(settings, record.as_of, kind, run_id=record.run_id, progress=progress, observes=False) as run:
        again = kind == "replay"
        pages.load(run, pages.parse_again(run, answers, until) if again else pages.parse(run, answers, until))
        run.check()


def _load_answers(last: LoadRecord, archive: Settings, new: Settings, progress: Progress) -> None:
    """Load the archive of answers by the reference rows of the last load: earlier versions kept no record of it."""
    if archive_files(archive.answers):
        until = {path.name: path.stat().st_size for path in archive_files(archive.answers)}
        record = replace(last, run_id=str(uuid.uuid4()), kind="replay", answers=until)
        _replay(record, archive, new, progress)


def _copy_history(old: Path, new: Settings, run_ids: list[str]) -> None:
    """Copy the history of runs and of outcomes of checks, as far as the old warehouse can be read.

    Of the loads of these runs that the old warehouse lacks, as one restored does, the new history is kept.
    """
    with open_to_write(new) as con:
        try:
            con.execute(f"attach {literal(old)} as old (read_only)")
            con.begin()
            con.execute("delete from load_run where run_id not in $recorded", {"recorded": run_ids})
            con.execute("delete from load_run where run_id in (select run_id from old.load_run)")
            con.execute("insert into load_run by name select * from old.load_run")
            # A warehouse of an earlier schema has no such history.
            for table in ("check_outcome", "check_result"):
                query = "select 1 from duckdb_tables() where database_name = 'old' and table_name = $table"
                if con.execute(query, {"table": table}).fetchone():
                    con.execute(f"insert into {table} by name select * from old.{table}")
            con.commit()
        except duckdb.Error as error:
            log.warning("The history of runs in %s is lost: %s", old, first_line(error))
            with contextlib.suppress(duckdb.Error):
                con.rollback()
        con.execute("checkpoint")
