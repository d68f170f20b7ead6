"""The inbox: a folder in which digests arrive, and from which they are moved once they are loaded.

Files that are loaded now or were loaded before go to `done/` below the inbox; refused ones go to `refused/`, beside a
file with the reason. A run that dies between the load and the move does no harm: the next one knows the bytes by their
hash and moves the file.
"""

import fcntl
import itertools
import os
import stat
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from warehouse.clock import clock_time
from warehouse.database.connection import reading
from warehouse.errors import InputRefused, PressError
from warehouse.files import fingerprint, path_text, sync
from warehouse.intake.paths import HIDDEN, UNFINISHED
from warehouse.settings import Settings

DONE, REFUSED = "done", "refused"
REASON = ".reason"
"""The ending of the file that tells why the one beside it was refused."""

LONGEST_NAME = 255
"""Bytes that the name of a file may have."""

NAMED = 3
"""How many of what is passed over a sentence names."""

State = tuple[int, int, int]
"""Inode, size in bytes and time of the last change (ns) of a file."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The files of the inbox: `ready` are whole, with their states; `arriving` change or are open for writing.

    `bystanders` is what else lies there: why each is passed over, by path.
    """

    ready: dict[Path, State] = field(default_factory=dict)
    arriving: list[Path] = field(default_factory=list)
    bystanders: dict[str, str] = field(default_factory=dict, compare=False)


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
    for writing. Symbolic links, folders, hidden files and those with an ending of `UNFINISHED` are passed over.

    Raises PressError when the inbox cannot be read.
    """
    first, _ = _files(settings.inbox)
    since = now() - settings.inbox_settle_s
    if any(changed_ns / 1e9 > since for _, _, changed_ns in first.values()):
        wait(settings.inbox_settle_s)
    files, bystanders = _files(settings.inbox)
    arrivals = Arrivals(bystanders=bystanders)
    for path, state in files.items():
        is_settled = first.get(path) == state
        if is_settled and not _is_being_written(path):
            arrivals.ready[path] = state
        else:
            arrivals.arriving.append(path)
    return arrivals


def _files(inbox: Path) -> tuple[dict[Path, State], dict[str, str]]:
    """The files of the inbox with their states, and why what else lies there is passed over, by path."""
    try:
        inbox.mkdir(parents=True, exist_ok=True)
        with os.scandir(inbox) as entries:
            by_name = sorted((entry.name, _why_not(entry)) for entry in entries)
    except OSError as error:
        raise PressError(f"The inbox {inbox} cannot be read: {error.strerror}.") from error
    states = {inbox / name: _state(inbox / name) for name, reason in by_name if not reason}
    files = {path: state for path, state in states.items() if state is not None}
    own = (DONE, REFUSED)
    return files, {path_text(inbox / name): reason for name, reason in by_name if reason and name not in own}


def _why_not(entry: "os.DirEntry[str]") -> str:
    """Why an entry of the inbox is passed over; empty for a file to be read."""
    if entry.name.startswith("."):
        return HIDDEN
    if entry.is_symlink():
        return "it is a link; put the file itself there"
    if entry.is_dir():
        return "it is a folder; put its files into the inbox itself"
    if not entry.is_file():
        return "it is no regular file"
    return "its name says that it is unfinished" if entry.name.lower().endswith(UNFINISHED) else ""


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
                moves.to_done[path] = _move_to_done(path, settings.inbox / DONE)
            else:
                moves.to_refused[path] = _move_to_refused(path, settings.inbox / REFUSED, reason)
        except OSError as error:
            outcome = "is in the warehouse" if reason is None else "is refused"
            raise PressError(f"{path_text(path)} {outcome}, but cannot be moved: {error.strerror}.") from error
    for name, places in ((DONE, moves.to_done), (REFUSED, moves.to_refused)):
        if places:
            sync(settings.inbox / name)
    return moves


def _move_to_done(path: Path, folder: Path) -> Path:
    """Move a file into a folder without overwriting any; the same bytes under the same name are stored once."""
    folder.mkdir(exist_ok=True)
    target = next(place for place in _places(path, folder) if _reserve(place) or _are_equal(path, place))
    os.replace(path, target)
    return target


def _move_to_refused(path: Path, folder: Path, reason: str) -> Path:
    """Move a file and write the reason beside it, on one line; neither overwrites anything of another file."""
    folder.mkdir(exist_ok=True)
    target = next(place for place in _places(path, folder) if _is_for(path, place))
    # The reason comes first: where a run is killed in between, the next one writes it again.
    _reason_of(target).write_text(f"{' '.join(reason.split())}\n", encoding="utf-8", errors="backslashreplace")
    os.replace(path, target)
    return target


def _is_for(path: Path, place: Path) -> bool:
    """Whether a refused file may go to a place: both names are free, or it lies there already with a reason."""
    beside = _reason_of(place)
    if beside == place:
        return False
    if os.path.lexists(place):
        return _is_reason(beside) and _are_equal(path, place)
    return not os.path.lexists(beside) or (beside.name == place.name + REASON and _is_reason(beside))


def _places(path: Path, folder: Path) -> Iterator[Path]:
    """Where a file may go in a folder: under its name, or under that with a number, and room for `REASON` after it."""
    yield folder / path.name
    for number in itertools.count(2):
        ending = f"-{number}{path.suffix}"
        yield folder / _with_ending(path.stem, ending, LONGEST_NAME - len(REASON))


def _reason_of(file: Path) -> Path:
    return file.with_name(_with_ending(file.name, REASON))


def _is_reason(path: Path) -> bool:
    """Whether a file tells the reason of another: it is there, and is no refused file that has such a name itself."""
    beside = _reason_of(path)
    return path.is_file() and (beside == path or not beside.exists())


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


def _with_ending(name: str, ending: str, longest: int = LONGEST_NAME) -> str:
    """A name with this ending, cut where it would be too long for a file."""
    room = longest - len(os.fsencode(ending))
    encoded = os.fsencode(name)
    return (name if len(encoded) <= room else encoded[:room].decode(errors="ignore")) + ending


def refused_sentence(settings: Settings) -> str:
    """A sentence about refused files that are still in the folder; empty where there are none."""
    folder = settings.inbox / REFUSED
    waiting = [path for path in folder.glob(f"*{REASON}") if _is_reason(path)] if folder.is_dir() else []
    if not waiting:
        return ""
    files = f"{len(waiting)} refused file{'s wait' if len(waiting) > 1 else ' waits'}"
    return f"{files} in {folder}, beside the reason; take away what is dealt with."


def overlooked_sentence(arrivals: Arrivals) -> str:
    """A sentence about what lies in the inbox and is no file to load, hidden files apart; empty where nothing does."""
    overlooked = [f"{Path(path).name}: {reason}" for path, reason in arrivals.bystanders.items() if reason != HIDDEN]
    if not overlooked:
        return ""
    more = f"; and {len(overlooked) - NAMED:,} more" if len(overlooked) > NAMED else ""
    return f"Passed over in the inbox: {'; '.join(overlooked[:NAMED])}{more}."


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
