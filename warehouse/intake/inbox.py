"""The inbox: a folder that digests arrive in, and from which they are moved once they are loaded.

What was loaded, or was loaded before, goes to `done/` below the inbox; what is refused goes to `refused/`, beside a
file with the reason. A run that dies between the load and the move changes nothing: the next one knows the bytes by
their hash and moves the file.
"""

import fcntl
import os
import stat
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from warehouse.clock import clock_time
from warehouse.database.connection import reading
from warehouse.errors import InputRefused, PressError
from warehouse.files import fingerprint, sync
from warehouse.settings import Settings

DONE, REFUSED = "done", "refused"
UNFINISHED = (".part", ".tmp", ".partial", ".filepart", ".crdownload", ".swp", "~")
"""Endings that programs give to files they have not finished."""

LONGEST_NAME = 255
"""Bytes that the name of a file may have."""

State = tuple[int, int, int]
"""Inode, size in bytes and time of the last change (ns) of a file."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a look into the inbox found.

    `ready` has the files that are whole, with their states; `arriving` those that change or are open for writing.
    """

    ready: dict[Path, State] = field(default_factory=dict)
    arriving: list[Path] = field(default_factory=list)


@dataclass(slots=True)
class Moved:
    """Where files of the inbox went: by their old path, their new one. `left` are those that changed meanwhile."""

    done: dict[Path, Path] = field(default_factory=dict)
    refused: dict[Path, Path] = field(default_factory=dict)
    left: list[Path] = field(default_factory=list)


def look(
    settings: Settings, now: Callable[[], float] = time.time, wait: Callable[[float], None] = time.sleep
) -> Arrived:
    """The files of the inbox, which is made where it is missing; waits once where some may still be arriving.

    A file is whole when it did not change for `inbox_settle_s`, by its time or by two looks, and nobody has it open for
    writing. Symbolic links, folders, hidden files and those with an ending of `UNFINISHED` are nobody's business here.

    Raises PressError when the inbox cannot be read.
    """
    first = _files(settings.inbox)
    since = now() - settings.inbox_settle_s
    if any(changed_ns / 1e9 > since for _, _, changed_ns in first.values()):
        wait(settings.inbox_settle_s)
    arrived = Arrived()
    for path, state in _files(settings.inbox).items():
        is_settled = first.get(path) == state
        if is_settled and not _is_being_written(path):
            arrived.ready[path] = state
        else:
            arrived.arriving.append(path)
    return arrived


def _files(inbox: Path) -> dict[Path, State]:
    try:
        inbox.mkdir(parents=True, exist_ok=True)
        with os.scandir(inbox) as entries:
            names = sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))
    except OSError as error:
        raise PressError(f"The inbox {inbox} cannot be read: {error.strerror}.") from error
    names = [name for name in names if not name.startswith(".") and not name.lower().endswith(UNFINISHED)]
    states = ((inbox / name, _state(inbox / name)) for name in names)
    return {path: state for path, state in states if state is not None}


def _state(path: Path) -> State | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def _is_being_written(path: Path) -> bool:
    """Whether a process has the file open for writing, as far as the system tells: Linux refuses a read lease then."""
    lease = getattr(fcntl, "F_SETLEASE", None)
    if lease is None:
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.fcntl(descriptor, lease, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, lease, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False  # a file of somebody else, or a file system that knows no leases
    finally:
        os.close(descriptor)
    return False


def move(arrived: Arrived, taken: Collection[str], refused: Mapping[str, str], settings: Settings) -> Moved:
    """Move files out of the inbox when a load has ended: the paths `taken` to done, `refused` beside the reason.

    A file that is no longer what was read stays, for the next run. Raises PressError when files cannot be moved.
    """
    moved = Moved()
    for path, state in arrived.ready.items():
        reason = refused.get(_shown(path))
        if reason is None and _shown(path) not in taken:
            continue
        if _state(path) != state:
            moved.left.append(path)
            continue
        try:
            if reason is None:
                moved.done[path] = _move(path, settings.inbox / DONE)
            else:
                moved.refused[path] = _move(path, settings.inbox / REFUSED)
                _tell(moved.refused[path], reason)
        except OSError as error:
            told = f"{path} is in the warehouse" if reason is None else f"{path} is refused"
            raise PressError(f"{told}, but cannot be moved: {error.strerror}.") from error
    return moved


def _move(path: Path, folder: Path) -> Path:
    """Move a file into a folder without writing over any; the same bytes under the same name are kept once."""
    folder.mkdir(exist_ok=True)
    number, target = 1, folder / path.name
    while not _reserved(target):
        if _are_equal(path, target):
            break
        number += 1
        target = folder / _ended(path.stem, f"-{number}{path.suffix}")
    os.replace(path, target)
    sync(folder)
    return target


def _reserved(target: Path) -> bool:
    """Whether the name was free and is ours now: an empty file has it, which a move then replaces."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    except FileExistsError:
        return False
    return True


def _are_equal(path: Path, other: Path) -> bool:
    try:
        if other.is_symlink() or path.lstat().st_size != other.lstat().st_size:
            return False
        return fingerprint(path) == fingerprint(other)
    except InputRefused:
        return False


def _tell(refused: Path, reason: str) -> None:
    """Write the reason beside a refused file, on one line."""
    line = " ".join(reason.split())
    told = refused.with_name(_ended(refused.name, ".reason"))
    told.write_text(f"{line}\n", encoding="utf-8", errors="backslashreplace")


def _ended(name: str, ending: str) -> str:
    """A name with this ending, cut where it would be longer than names of files may be."""
    room = LONGEST_NAME - len(os.fsencode(ending))
    encoded = os.fsencode(name)
    return (name if len(encoded) <= room else encoded[:room].decode(errors="ignore")) + ending


def _shown(path: Path) -> str:
    return str(path).encode(errors="backslashreplace").decode()


def refused_sentence(settings: Settings) -> str:
    """What is to be said of files that were refused and still wait for somebody; nothing where there are none."""
    folder = settings.inbox / REFUSED
    waiting = [path for path in folder.glob("*.reason") if path.is_file()] if folder.is_dir() else []
    if not waiting:
        return ""
    files = f"{len(waiting)} refused file{'s wait' if len(waiting) > 1 else ' waits'}"
    return f"{files} in {folder}, beside the reason; take away what is dealt with."


def last_arrival(settings: Settings) -> datetime | None:
    """When the newest digest came into the warehouse (UTC without zone); None when none ever did.

    Raises WarehouseUnusable when the published copy is damaged.
    """
    if not settings.published.exists():
        return None
    with reading(settings.published) as con:
        (newest,) = con.execute("select max(first_seen_at) from source_file").fetchone() or (None,)
    assert newest is None or isinstance(newest, datetime)
    return newest


def waiting_sentence(arrived: Arrived, newest: datetime | None, now: datetime) -> str:
    """What is to be said of an inbox without a whole file; moments are UTC without zone."""
    since = f" since {clock_time(newest, now)}" if newest is not None else "; none has come yet"
    return f"No new file{since}.{arriving_sentence(arrived)}"


def arriving_sentence(arrived: Arrived) -> str:
    """What is to be said, behind a blank, of files that are not whole yet; nothing where there are none."""
    several = len(arrived.arriving) > 1
    return f" {len(arrived.arriving)} file{'s are' if several else ' is'} still arriving." if arrived.arriving else ""
