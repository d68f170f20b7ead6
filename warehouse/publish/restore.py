"""Restore a backup: its warehouse and the files of its archive, verified before anything is replaced."""

import filecmp
import itertools
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from warehouse.check.checks import run_checks, scope_everything
from warehouse.database.connection import only_writer
from warehouse.database.schema import is_current
from warehouse.errors import InputRefused, PressError, first_line
from warehouse.files import AtomicFile, fingerprint, sync
from warehouse.intake.archive import record_files
from warehouse.portal.archive.warc import NAME
from warehouse.publish.backup import (
    MANIFEST,
    ArchivedFile,
    Backup,
    back_up,
    backups,
    is_damaged,
    prune,
    rows_of_tables,
    shelf,
)
from warehouse.publish.copy import publish
from warehouse.publish.upkeep import verify_archive
from warehouse.settings import Settings

SHA256 = re.compile(r"[0-9a-f]{64}")
Put = Callable[[Path, Path], object]


@dataclass(frozen=True, slots=True)
class Restoration:
    """A restored backup: its releases, files of the archive that were put back, and loads that are newer than it.

    `old_warehouse` is where the warehouse before it was moved to, if there was one. `damage` says in a sentence what is
    wrong with the archive still, because the backup lacks it; empty where nothing is.
    """

    backup: Backup
    releases: int
    files: int
    newer_loads: int
    old_warehouse: Path
    damage: str = ""


def restore(settings: Settings, name: str | None = None) -> Restoration:
    """Put a backup, the newest or the one of this name, in the place of the warehouse and publish it.

    The copy is verified first: its hash, its rows and all checks. The warehouse before it stays beside it as
    `….replaced`. Files of the archive are put back where they are missing or differ, and what stood there goes to the
    folder `damaged`. Only files of answers grow: one that begins as in the backup stays. What came after the backup
    stays too, and `press rebuild` loads it.

    Raises PressError, and leaves everything as it was, when there is no such backup or it is damaged.
    """
    restoration = _restore(_choose(settings, name), settings, shutil.copyfile)
    archive = verify_archive(settings)
    return restoration if archive.outcome == "passed" else replace(restoration, damage=archive.sentence)


def rehearse(settings: Settings, backup: Backup) -> Restoration:
    """Restore a backup for a test, into a folder of its own that is removed again."""
    with TemporaryDirectory(prefix=".rehearsal-", dir=shelf(settings)) as folder:
        elsewhere = settings.model_copy(update={"warehouse": Path(folder) / settings.warehouse.name})
        return _restore(backup, elsewhere, _link)


def back_up_and_rehearse(settings: Settings, as_of: datetime) -> tuple[Backup, int, list[str]]:
    """Make a backup, restore it for a test, then remove the oldest ones.

    Returns the backup, how many releases it restores, and the names of those removed. Raises PressError where it cannot
    be made or restored; then it does not stay, and none is removed.
    """
    backup = back_up(settings, as_of)
    try:
        releases = rehearse(settings, backup).releases
    except PressError:
        # Without its manifest it is no backup, even where its removal is stopped half-way.
        (backup.folder / MANIFEST).unlink()
        shutil.rmtree(backup.folder, ignore_errors=True)
        raise
    return backup, releases, prune(settings)


def _link(source: Path, target: Path) -> None:
    """Give a file that is only read a second name, or copy it where the system has no hard links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _choose(settings: Settings, name: str | None) -> Backup:
    there = backups(settings)
    if not there:
        raise PressError(f"{shelf(settings)} has no backup.")
    candidates = [backup for backup in there if name is None or backup.name == name]
    if not candidates:
        names = ", ".join(backup.name for backup in there)
        raise PressError(f"There is no backup {name} in {shelf(settings)}; there are {names}.")
    return candidates[-1]


def _restore(backup: Backup, settings: Settings, put: Put) -> Restoration:
    workshop = settings.home / "staging" / f"restore-{settings.warehouse.name}"
    with only_writer(settings, "restore"):
        try:
            shutil.rmtree(workshop, ignore_errors=True)
            workshop.mkdir(parents=True)
            for file in backup.archive:
                _verify(backup.objects / file.sha256, file.sha256)
                if is_damaged(file):
                    raise PressError(f"The backup is damaged: {file.path} in it is not what its name says.")
            candidate = workshop / settings.warehouse.name
            put(backup.warehouse, candidate)
            _verify(candidate, backup.sha256)
            releases = _verify_rows(candidate, backup)
            files = sum(_put_back(file, backup, settings, put) for file in backup.archive)
            _clear_strays(backup, settings)
            old_warehouse = _replace(candidate, settings.warehouse)
        except OSError as error:
            raise PressError(f"{backup.folder} cannot be restored: {error.strerror}.") from error
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
        publish(settings)
        return Restoration(backup, releases, files, _newer_loads(settings), old_warehouse)


def _verify(path: Path, sha256: str) -> None:
    try:
        actual, _ = fingerprint(path)
    except InputRefused as error:
        raise PressError(f"The backup is damaged: {error}") from error
    if actual != sha256:
        raise PressError(f"The backup is damaged: {path} has the SHA-256 {actual}, not {sha256}.")


def _verify_rows(candidate: Path, backup: Backup) -> int:
    """Raise PressError where the copy lacks rows or fails a check; returns the number of its releases."""
    try:
        with duckdb.connect(candidate, read_only=True) as con:
            if not is_current(con):
                # Its checks are of another schema; `press rebuild` makes the warehouse again from the archive.
                return backup.rows.get("fact_release", 0)
            rows = rows_of_tables(con)
            scope_everything(con)
            failed = [check for check in run_checks(con) if check.outcome == "failed"]
    except duckdb.Error as error:
        raise PressError(f"The backup {backup.folder} cannot be read: {first_line(error)}") from error
    if rows != backup.rows:
        odd = sorted(name for name in {*rows, *backup.rows} if rows.get(name) != backup.rows.get(name))
        raise PressError(f"The backup {backup.folder} lacks rows of {', '.join(odd)}.")
    if failed:
        raise PressError(f"The backup {backup.folder} fails checks: {'; '.join(map(str, failed))}")
    return rows["fact_release"]


def _put_back(file: ArchivedFile, backup: Backup, settings: Settings, put: Put) -> bool:
    """Put a file of the archive in its place, unless it is there: of answers, unless one that begins with it is."""
    archive = settings.home / "archive"
    target = archive / file.path
    # The file itself may be a link that stands where it should not; the way to it must stay inside.
    if ".." in Path(file.path).parts or not target.parent.resolve().is_relative_to(archive.resolve()):
        raise PressError(f"The manifest of {backup.folder} names {file.path}, which is not in the archive.")
    if target.is_file() and not target.is_symlink():
        stored = backup.objects / file.sha256
        grows = NAME.fullmatch(target.name) is not None
        if _begins_with(target, stored) if grows else filecmp.cmp(target, stored, shallow=False):
            return False
    if os.path.lexists(target):
        _move_aside(target, settings)
    with AtomicFile(target) as new:
        put(backup.objects / file.sha256, new.partial)
    return True


def _clear_strays(backup: Backup, settings: Settings) -> None:
    """Move aside what no hash names: strangers among digests, and what a set of reference rows did not have."""
    for path in settings.digests.glob("[!.]*"):
        if not SHA256.fullmatch(path.name):
            _move_aside(path, settings)
    archived = {settings.home / "archive" / file.path for file in backup.archive}
    for folder in {path.parent for path in archived if path.parent.parent == settings.references}:
        for path in folder.iterdir():
            if path not in archived:
                _move_aside(path, settings)


def _move_aside(path: Path, settings: Settings) -> None:
    """Move a damaged file out of the archive, into the folder `damaged`, where nothing reads it."""
    aside = _free_name(settings.home / "damaged" / path.relative_to(settings.home / "archive"), "")
    aside.parent.mkdir(parents=True, exist_ok=True)
    os.replace(path, aside)


def _begins_with(path: Path, beginning: Path) -> bool:
    with path.open("rb") as whole, beginning.open("rb") as start:
        while block := start.read(1 << 20):
            if whole.read(len(block)) != block:
                return False
    return True


def _replace(candidate: Path, warehouse: Path) -> Path:
    """Put the file in the place of the warehouse, which moves aside with its write-ahead log; returns where to."""
    sync(candidate)
    aside = _free_name(warehouse, ".replaced")
    for ending in ("", ".wal"):
        old = Path(f"{warehouse}{ending}")
        if old.exists():
            os.replace(old, f"{aside}{ending}")
    os.replace(candidate, warehouse)
    sync(warehouse.parent)
    return aside


def _free_name(path: Path, ending: str) -> Path:
    """A name that no file has: the path with the ending, then with `-2` behind it and so on."""
    names = itertools.chain([ending], (f"{ending}-{number}" for number in itertools.count(2)))
    return next(free for name in names if not os.path.lexists(free := Path(f"{path}{name}")))


def _newer_loads(settings: Settings) -> int:
    """How many loads the archive has and the warehouse lacks."""
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        run_ids = {run_id for (run_id,) in con.execute("select run_id from load_run").fetchall()}
    return sum(path.name.split(".json")[0] not in run_ids for path in record_files(settings))
