"""The inbox: a folder in which digests arrive, and from which they are moved once they are loaded.

Files that are loaded now or were loaded before go to `done/` below the inbox; refused ones go to `refused/`, beside a
file with the reason. A run that dies between the load and the move does no harm: the next one knows the bytes by their
hash and moves the file.
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
from warehouse.files import fingerprint, path_text, sync
from warehouse.settings import Settings

DONE, REFUSED = "done", "refused"
UNFINISHED = (".part", ".tmp", ".partial", ".filepart", ".crdownload", ".swp", "~")
"""Endings that programs give to files they have not finished."""

LONGEST_NAME = 255
"""Bytes that the name of a file may have."""

State = tuple[int, int, int]
"""Inode, size in bytes and time of the last change (ns) of a file."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The files of the inbox: `ready` are whole, with their states; `arriving` change or are open for writing."""

    ready: dict[Path, State] = field(default_factory=dict)
    arriving: list[Path] = field(default_factory=list)


@dataclass(slots=True)
class Moves:
    """Where files of the inbox went: new paths by old ones. `left` are the files that changed meanwhile."""

    to_done: dict[Path, Path] = field(default_factory=dict)
    to_refused: dict[Path, Path] = field(default_factory=dict)
    left: list[Path] = field(default_factory=list)


def look(
    settings: Settings, now: Callable[[], float] = time.time, wait: Callable[[float], None] = time.sleep
) -> Arrivals:
    """List the files of the inbox, which is made where it is missing; waits once where some may still be arriving.

    A file is whole when it did not change for `inbox_settle_s`, by its time or by two looks, and no process has it open
    for writing. Symbolic links, folders, hidden files and those with an ending of `UNFINISHED` are ignored.

    Raises PressError when the inbox cannot be read.
    """
    first = _files(settings.inbox)
    since = now() - settings.inbox_settle_s
    if any(changed_ns / 1e9 > since for _, _, changed_ns in first.values()):
        wait(settings.inbox_settle_s)
    arrivals = Arrivals()
    for path, state in _files(settings.inbox).items():
        is_settled = first.get(path) == state
        if is_settled and not _is_being_written(path):
            arrivals.ready[path] = state
        else:
            arrivals.arriving.append(path)
    return arrivals


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
        status = path.lstat()
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def _is_being_written(path: Path) -> bool:
    """Whether a process has the file open for writing, where the system can say: Linux refuses a read lease then."""
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
        return False  # a file of another user, or a file system without leases
    finally:
        os.close(descriptor)
    return False


def move(arrivals: Arrivals, taken: Collection[str], refused: Mapping[str, str], settings: Settings) -> Moves:
    """Move files out of the inbox after a load: the paths `taken` to done, `refused` beside the reason.

    A file that changed since it was read stays for the next run. Raises PressError when files cannot be moved.
    """
    moves = Moves()
    for path, state in arrivals.ready.items():
        reason = refused.get(path_text(path))
        if reason is None and path_text(path) not in taken:
            continue
        if _state(path) != state:
            moves.left.append(path)
            continue
        try:
            if reason is None:
                moves.to_done[path] = _move(path, settings.inbox / DONE)
            else:
                moves.to_refused[path] = _move(path, settings.inbox / REFUSED)
                _write_reason(moves.to_refused[path], reason)
        except OSError as error:
            outcome = "is in the warehouse" if reason is None else "is refused"
            raise PressError(f"{path} {outcome}, but cannot be moved: {error.strerror}.") from error
    return moves


def _move(path: Path, folder: Path) -> Path:
    """Move a file into a folder without overwriting any; the same bytes under the same name are stored once."""
    folder.mkdir(exist_ok=True)
    number, target = 1, folder / path.name
    while not _reserve(target):
        if _are_equal(path, target):
            break
        number += 1
        target = folder / _with_ending(path.stem, f"-{number}{path.suffix}")
    os.replace(path, target)
    sync(folder)
    return target


def _reserve(target: Path) -> bool:
    """Reserve a free name with an empty file, which a move then replaces; False where the name is taken."""
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


def _write_reason(file: Path, reason: str) -> None:
    """Write the reason beside a refused file, on one line."""
    line = " ".join(reason.split())
    file.with_name(_with_ending(file.name, ".reason")).write_text(
        f"{line}\n", encoding="utf-8", errors="backslashreplace"
    )


def _with_ending(name: str, ending: str) -> str:
    """A name with this ending, cut where it would be too long for a file."""
    room = LONGEST_NAME - len(os.fsencode(ending))
    encoded = os.fsencode(name)
    return (name if len(encoded) <= room else encoded[:room].decode(errors="ignore")) + ending


def refused_sentence(settings: Settings) -> str:
    """A sentence about refused files that are still in the folder; empty where there are none."""
    folder = settings.inbox / REFUSED
    waiting = [path for path in folder.glob("*.reason") if path.is_file()] if folder.is_dir() else []
    if not waiting:
        return ""
    files = f"{len(waiting)} refused file{'s wait' if len(waiting) > 1 else ' waits'}"
    return f"{files} in {folder}, beside the reason; take away what is dealt with."


def last_arrival(settings: Settings) -> datetime | None:
    """When the newest digest came into the warehouse (UTC without zone); None before the first.

    Raises WarehouseUnusable when the published copy is damaged.
    """
    if not settings.published.exists():
        return None
    with reading(settings.published) as con:
        (newest,) = con.execute("select max(first_seen_at) from source_file").fetchone() or (None,)
    assert newest is None or isinstance(newest, datetime)
    return newest


def waiting_sentence(arrivals: Arrivals, newest: datetime | None, now: datetime) -> str:
    """A sentence about an inbox without a whole file; moments are UTC without zone."""
    since = f" since {clock_time(newest, now)}" if newest is not None else "; none has come yet"
    return f"No new file{since}.{arriving_sentence(arrivals)}"


def arriving_sentence(arrivals: Arrivals) -> str:
    """A sentence, after a blank, about files that are not whole yet; empty where there are none."""
    number = len(arrivals.arriving)
    return f" {number} file{'s are' if number > 1 else ' is'} still arriving." if number else ""
