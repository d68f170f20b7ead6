"""Where an export goes: beside its place until it is whole, and over nothing that is there."""

import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from warehouse.errors import PressError, UsageError
from warehouse.files import sync
from warehouse.report.export.parquet_file import DESCRIPTOR
from warehouse.settings import Settings
from warehouse.values import FOLDERS_BESIDE


def refuse_taken(settings: Settings, targets: Sequence[Path], *, force: bool) -> None:
    """Raise UsageError for a place that is the warehouse's own, or that something is at, unless `force` replaces it.

    A folder is replaced only if it holds an export and nothing else.
    """
    home = Path(os.path.realpath(settings.home))
    own = {home / name for name in FOLDERS_BESIDE - {"briefs"}} | {
        Path(os.path.realpath(path)) for path in (settings.warehouse, settings.lock, settings.published.parent)
    }
    for target in targets:
        place = Path(os.path.realpath(target))
        if not own.isdisjoint((place, *place.parents)):
            raise UsageError(f"{target} is where the warehouse keeps its own files; choose another --out.")
        if not os.path.lexists(target):
            continue
        if not force:
            raise UsageError(f"{target} exists already; --force replaces it, --out names another.")
        if target.is_dir() and not _is_package(target):
            raise UsageError(f"{target} is a folder that holds more than an export; choose another --out.")


def _is_package(folder: Path) -> bool:
    names = {path.name for path in folder.iterdir()}
    return DESCRIPTOR in names and all(name == DESCRIPTOR or name.endswith(".parquet") for name in names)


@contextmanager
def draft(targets: Sequence[Path]) -> Iterator[Path]:
    """A new folder beside the targets, to write files of their names in, which take their places at the end.

    Where writing fails nothing is left; raises PressError then.
    """
    parent = targets[0].parent
    folder = parent / f".{targets[0].name}.{uuid.uuid4().hex}"
    try:
        folder.mkdir(parents=True)
        yield folder
        for target in targets:
            _move(folder / target.name, target, folder)
        sync(parent)
    except OSError as error:
        raise PressError(f"{targets[0]} cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _move(written: Path, target: Path, folder: Path) -> None:
    for path in (*written.glob("*"), written):
        sync(path)
    if target.exists() and (target.is_dir() or written.is_dir()):
        os.replace(target, folder / "before")
    os.replace(written, target)
