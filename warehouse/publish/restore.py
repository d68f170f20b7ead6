"""Restore a backup: its warehouse and the files of its archive, verified before anything is replaced."""

import itertools
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from warehouse.check.checks import run_checks, scope_everything
from warehouse.database.connection import only_writer
from warehouse.database.schema import is_current
from warehouse.errors import InputRefused, PressError
from warehouse.files import AtomicFile, fingerprint, sync
from warehouse.intake.archive import load_records
from warehouse.publish.backup import Archived, Backup, back_up, backups, discard, prune, rows_of_tables, shelf
from warehouse.publish.copy import publish
from warehouse.settings import Settings

Put = Callable[[Path, Path], object]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: the backup, its releases, files of the archive put back, and loads that are newer than it.

    `replaced` is where the warehouse is that stood there before, if one did.
    """

    backup: Backup
    releases: int
    files: int
    newer_loads: int
    replaced: Path


def restore(settings: Settings, name: str | None = None) -> Restored:
    """Put a backup, the newest or that of this name, in the place of the warehouse and publish it.

    The copy is verified first: its hash, its rows and all checks. The warehouse that it replaces is kept beside it as
    `….replaced`. Files of the archive are put back where they are missing or damaged; newer ones stay, and
    `press rebuild` takes in the loads that are newer than the backup.

    Raises PressError, and leaves everything as it was, when there is no such backup or it is damaged.
    """
    return _restore(_chosen(settings, name), settings, shutil.copyfile)


def rehearse(settings: Settings, backup: Backup) -> Restored:
    """Restore a backup for a test, into a folder of its own that is removed again."""
    with TemporaryDirectory(prefix=".rehearsal-", dir=shelf(settings)) as folder:
        elsewhere = settings.model_copy(update={"warehouse": Path(folder) / settings.warehouse.name})
        return _restore(backup, elsewhere, _linked)


def back_up_and_rehearse(settings: Settings, as_of: datetime) -> tuple[Backup, int, list[str]]:
    """Make a backup, restore it for a test, then remove the oldest ones.

    Returns the backup, how many releases it restores, and the names of those removed. Raises PressError where it cannot
    be made or restored; then it does not stay, and none is removed.
    """
    backup = back_up(settings, as_of)
    try:
        releases = rehearse(settings, backup).releases
    except PressError:
        discard(backup)
        raise
    return backup, releases, prune(settings)


def _linked(source: Path, target: Path) -> None:
    """A second name for a file, where the system knows that, for it is only going to be read."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _chosen(settings: Settings, name: str | None) -> Backup:
    found = backups(settings)
    if not found:
        raise PressError(f"{shelf(settings)} has no backup.")
    named = [backup for backup in found if name is None or backup.name == name]
    if not named:
        names = ", ".join(backup.name for backup in found)
        raise PressError(f"There is no backup {name} in {shelf(settings)}; there are {names}.")
    return named[-1]


def _restore(backup: Backup, settings: Settings, put: Put) -> Restored:
    workshop = settings.home / "staging" / f"restore-{settings.warehouse.name}"
    with only_writer(settings, "restore"):
        try:
            shutil.rmtree(workshop, ignore_errors=True)
            workshop.mkdir(parents=True)
            for file in backup.archive:
                _verify(backup.objects / file.sha256, file.sha256)
            made = workshop / settings.warehouse.name
            put(backup.warehouse, made)
            _verify(made, backup.sha256)
            releases = _verify_rows(made, backup)
            files = sum(_put_back(file, backup, settings, put) for file in backup.archive)
            replaced = _replace(made, settings.warehouse)
        except OSError as error:
            raise PressError(f"{backup.folder} cannot be restored: {error.strerror}.") from error
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
        publish(settings)
        return Restored(backup, releases, files, _newer_loads(settings), replaced)


def _verify(path: Path, sha256: str) -> None:
    try:
        found, _ = fingerprint(path)
    except InputRefused as error:
        raise PressError(f"The backup is damaged: {error}") from error
    if found != sha256:
        raise PressError(f"The backup is damaged: {path} has the SHA-256 {found}, not {sha256}.")


def _verify_rows(made: Path, backup: Backup) -> int:
    """Raise PressError where the copy does not have the rows it should, or fails a check; returns its releases."""
    try:
        with duckdb.connect(made, read_only=True) as con:
            if not is_current(con):
                # Its checks are of another schema; `press rebuild` makes it again from the archive.
                return backup.rows.get("fact_release", 0)
            found = rows_of_tables(con)
            scope_everything(con)
            failed = [check for check in run_checks(con) if check.outcome == "failed"]
    except duckdb.Error as error:
        raise PressError(f"The backup {backup.folder} cannot be read: {str(error).splitlines()[0]}") from error
    if found != backup.rows:
        odd = sorted(name for name in {*found, *backup.rows} if found.get(name) != backup.rows.get(name))
        raise PressError(f"The backup {backup.folder} lacks rows of {', '.join(odd)}.")
    if failed:
        raise PressError(f"The backup {backup.folder} fails checks: {'; '.join(map(str, failed))}")
    return found["fact_release"]


def _put_back(file: Archived, backup: Backup, settings: Settings, put: Put) -> bool:
    """Put a file of the archive in its place, unless it is there, or a longer one that begins with it."""
    target = settings.home / "archive" / file.path
    if not target.resolve().is_relative_to((settings.home / "archive").resolve()):
        raise PressError(f"The manifest of {backup.folder} names {file.path}, which is not in the archive.")
    if target.exists():
        if target.stat().st_size >= file.bytes and _begins_with(target, backup.objects / file.sha256):
            return False
        os.replace(target, target.with_name(f"{target.name}.damaged"))
    with AtomicFile(target) as written:
        put(backup.objects / file.sha256, written.partial)
    return True


def _begins_with(path: Path, beginning: Path) -> bool:
    with path.open("rb") as whole, beginning.open("rb") as start:
        while block := start.read(1 << 20):
            if whole.read(len(block)) != block:
                return False
    return True


def _replace(made: Path, warehouse: Path) -> Path:
    """Put the file in the place of the warehouse, which is kept beside it with what it had not written.

    Returns where.
    """
    sync(made)
    kept = _beside(warehouse)
    for ending in ("", ".wal"):
        old, aside = Path(f"{warehouse}{ending}"), Path(f"{kept}{ending}")
        if old.exists():
            os.replace(old, aside)
    os.replace(made, warehouse)
    sync(warehouse.parent)
    return kept


def _beside(warehouse: Path) -> Path:
    """A name for what is replaced that nothing has: `….replaced`, `….replaced-2` and so on."""
    names = itertools.chain([".replaced"], (f".replaced-{number}" for number in itertools.count(2)))
    return next(path for name in names if not (path := Path(f"{warehouse}{name}")).exists())


def _newer_loads(settings: Settings) -> int:
    """How many loads the archive has that the warehouse does not."""
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        done = {run_id for (run_id,) in con.execute("select run_id from load_run").fetchall()}
    return sum(record.run_id not in done for record in load_records(settings))
