"""Locks: one process at a time, by a lock that a killed process lets go of, and a note of who holds it."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.errors import WarehouseLocked, WarehouseUnusable


class LockHeld(Exception):
    """Another process holds the lock; `note` is what it wrote of itself, empty where that cannot be read."""

    def __init__(self, note: Mapping[str, object]) -> None:
        super().__init__()
        self.note = note


@contextmanager
def hold(
    lock: Path, note_file: Path, note: Mapping[str, object], timeout_s: float = 0.0
) -> Iterator[Mapping[str, object] | None]:
    """Hold a lock file, and keep a note of it in `note_file` beside it; a killed process leaves its note behind.

    Gives the note of a process that was killed; None where there is none. Raises LockHeld when another process holds
    the lock for longer than `timeout_s`, and OSError when the files or their folder cannot be written.
    """
    with ExitStack() as held:
        lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            held.enter_context(FileLock(lock, timeout=timeout_s))
        except Timeout:
            lock.stat()  # where no file can be made, as in /proc, nobody holds it
            raise LockHeld(_read(note_file)) from None
        held.callback(note_file.unlink, missing_ok=True)
        left_behind = _read(note_file) if note_file.exists() else None
        note_file.write_text(json.dumps({"pid": os.getpid(), **note}))
        yield left_behind


def _read(note_file: Path) -> Mapping[str, object]:
    try:
        note = json.loads(note_file.read_text())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


@contextmanager
def single_writer(what: str, lock: Path, purpose: str, timeout_s: float = 0.0) -> Iterator[None]:
    """Be the only process that writes `what`, which messages name.

    Raises WarehouseLocked when another process writes it, naming that process and its purpose, and WarehouseUnusable
    when the lock cannot be written.
    """
    note = {"host": socket.gethostname(), "purpose": purpose}
    with ExitStack() as held:
        try:
            held.enter_context(hold(lock, lock.with_suffix(".holder"), note, timeout_s))
        except LockHeld as error:
            raise WarehouseLocked(f"{what} is being written by {_holder(error.note)}. Try again later.") from None
        except OSError as error:
            raise WarehouseUnusable(f"{lock.parent} cannot be written: {error.strerror or error}.") from error
        yield


def _holder(note: Mapping[str, object]) -> str:
    try:
        return f"process {note['pid']} on {note['host']} ({note['purpose']})"
    except KeyError:
        return "another process"
