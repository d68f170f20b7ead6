"""Backups: copies of the warehouse and of everything in its archive.

A backup is a folder `<backups>/<name of the warehouse>/<moment>` with the DuckDB file and a manifest: the files of the
archive with their SHA-256. The files themselves are stored once in `objects/`, named by that hash, however many backups
have them. Nothing in an archive is ever rewritten, so a backup writes only what is new or was damaged since.
"""

import json
import logging
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.database.connection import only_writer, open_to_write
from warehouse.errors import InputRefused, PressError
from warehouse.files import AtomicFile, copy, fingerprint, sync
from warehouse.intake.archive import load_records, record_folders
from warehouse.reference.rows import fingerprint as reference_fingerprint
from warehouse.settings import Settings

MANIFEST = "manifest.json"
NAME_FORMAT = "%Y%m%dT%H%M%SZ"
PASSING = (".lock", ".holder", ".pending")
"""Endings of files in the archive that belong to a running process."""

log = logging.getLogger(__name__)


class ArchivedFile(NamedTuple):
    """A file of the archive: its path below `archive/`, SHA-256 (hex), size in bytes and time of the last change."""

    path: str
    sha256: str
    bytes: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup and its manifest: `rows` has the number of rows of each table."""

    folder: Path
    sha256: str
    bytes: int
    rows: dict[str, int]
    archive: tuple[ArchivedFile, ...]

    @property
    def name(self) -> str:
        """The moment of the backup, UTC: the argument of `press restore`."""
        return self.folder.name

    @property
    def warehouse(self) -> Path:
        """The DuckDB file in it."""
        return self.folder / "warehouse.duckdb"

    @property
    def objects(self) -> Path:
        """The folder with files of the archive, named by their SHA-256."""
        return self.folder.parent / "objects"


def shelf(settings: Settings) -> Path:
    """The folder with the backups of this warehouse."""
    return settings.backups / settings.warehouse.name


def back_up(settings: Settings, as_of: datetime) -> Backup:
    """Copy the warehouse, checkpointed and locked against writers, and what is new in its archive; `as_of` is in UTC.

    Raises PressError when there is no warehouse or the backup cannot be written; earlier ones are then as before.
    """
    if not settings.warehouse.exists():
        raise PressError(f"{settings.warehouse} does not exist, so there is nothing to back up.")
    folder = shelf(settings) / f"{as_of:{NAME_FORMAT}}"
    partial = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    try:
        if folder.exists():
            raise PressError(f"The backup {folder} exists already.")
        partial.mkdir(parents=True)
        # The warehouse first: whatever it refers to is in the archive by then, and stays there.
        with only_writer(settings, "backup"):
            with open_to_write(settings) as con:
                rows = rows_of_tables(con)
                con.execute("checkpoint")
            sha256, size = copy(settings.warehouse, partial / "warehouse.duckdb")
            sync(partial / "warehouse.duckdb")
        archived = tuple(_copy_archive(settings))
        content = {
            "warehouse": settings.warehouse.name,
            "sha256": sha256,
            "bytes": size,
            "rows": rows,
            "archive": [file._asdict() for file in archived],
        }
        (partial / MANIFEST).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        sync(partial / MANIFEST)
        partial.rename(folder)
        sync(folder.parent)
    except OSError as error:
        raise PressError(f"The backup {folder} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Backup(folder, sha256, size, rows, archived)


def rows_of_tables(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The number of rows of each table of a warehouse."""
    counts = {}
    for name in table_names(con):
        (counts[name],) = con.execute(f'select count(*) from "{name}"').fetchone() or (0,)
    return counts


def table_names(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of a warehouse, by name."""
    names = con.execute(
        "select table_name from duckdb_tables() where database_name = current_database() and not temporary order by 1"
    ).fetchall()
    return [name for (name,) in names]


def archive_of(settings: Settings) -> Iterator[Path]:
    """The files of the archive that this warehouse was made from, without those of running processes."""
    for folder in (*record_folders(settings), settings.answers):
        for path in sorted(folder.rglob("*")):
            is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if not is_hidden and path.suffix not in PASSING and path.is_file() and not path.is_symlink():
                yield path


def _copy_archive(settings: Settings) -> Iterator[ArchivedFile]:
    """Copy what is new in the archive; raises PressError where that is damaged, for a backup of damage restores it."""
    objects = shelf(settings) / "objects"
    objects.mkdir(exist_ok=True)
    load_records(settings)
    for folder in sorted(settings.references.glob("[!.]*")):
        if reference_fingerprint(folder) != folder.name:
            raise PressError(f"The reference rows {folder} are damaged. `press restore` puts whole files back.")
    earlier = backups(settings)
    # A file with the same size and time is not read again: nothing was written to it.
    known = {(file.path, file.bytes, file.changed_ns): file for file in (earlier[-1].archive if earlier else ())}
    for path in archive_of(settings):
        relative, status = str(path.relative_to(settings.home / "archive")), path.stat()
        file = known.get((relative, status.st_size, status.st_mtime_ns))
        if file is None or not _is_whole(objects / file.sha256, file):
            with AtomicFile(objects / "incoming") as target:
                sha256, size = copy(path, target.partial)
                target.path = objects / sha256
            file = ArchivedFile(relative, sha256, size, status.st_mtime_ns)
        if is_damaged(file):
            raise PressError(f"{path} is damaged: its SHA-256 is {file.sha256}. `press restore` puts whole files back.")
        yield file


def is_damaged(file: ArchivedFile) -> bool:
    """Whether a file of the archive is not what its name says; only digests are named by their own SHA-256."""
    return Path(file.path).parent == Path("digests") and Path(file.path).name != file.sha256


def _is_whole(stored: Path, file: ArchivedFile) -> bool:
    """Whether a file of an earlier backup is still what it was: it is read, because disks lose data."""
    try:
        return stored.stat().st_size == file.bytes and fingerprint(stored)[0] == file.sha256
    except (OSError, InputRefused):
        return False


def backups(settings: Settings) -> list[Backup]:
    """The backups of this warehouse, oldest first; one with a damaged manifest is left out with a warning."""
    readable = []
    for path in sorted(shelf(settings).glob(f"[0-9]*/{MANIFEST}")):
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            archive = tuple(ArchivedFile(**file) for file in raw["archive"])
            readable.append(Backup(path.parent, raw["sha256"], raw["bytes"], raw["rows"], archive))
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("The manifest %s cannot be read: %s.", path, error)
    return readable


def prune(settings: Settings) -> list[str]:
    """Remove all but the newest `keep_backups` backups and the objects that only these had; returns their names."""
    readable = backups(settings)
    older = readable[: -max(settings.keep_backups, 1)]
    try:
        for backup in older:
            shutil.rmtree(backup.folder)
        needed = {file.sha256 for backup in readable[len(older) :] for file in backup.archive}
        unreadable = len(list(shelf(settings).glob(f"[0-9]*/{MANIFEST}"))) - (len(readable) - len(older))
        for path in (shelf(settings) / "objects").glob("*") if not unreadable else ():
            if path.name not in needed:
                path.unlink()
    except OSError as error:
        raise PressError(f"Old backups in {shelf(settings)} cannot be removed: {error.strerror}.") from error
    return [backup.name for backup in older]
