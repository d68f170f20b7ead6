"""The archive of the portal's answers: WARC files that one process at a time appends to, and that anybody may read.

Files are named `portal-<time of the first attempt>-<number>.warc.gz`, so that their names are in the order in
which they were written.
"""

import logging
import os
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from io import FileIO
from pathlib import Path
from shutil import copyfileobj
from typing import NamedTuple, Self

from warehouse.errors import PressError
from warehouse.files import sync
from warehouse.locks import single_writer
from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.archive.scan import Gap, last_entry, next_begin, scan
from warehouse.portal.archive.warc_records import to_members

NAME = re.compile(r"portal-(\d{8}T\d{12}Z)-(\d{5})\.warc\.gz(\.torn-\d+)?")
ROTATE_BYTES = 256 << 20

log = logging.getLogger(__name__)


class Place(NamedTuple):
    """Where an attempt begins: the name of a file in the archive's folder, and the offset in it."""

    file: str
    offset: int


class Stretch(NamedTuple):
    """Attempts that stand one after the other in a file of the archive: those that begin from `begin` up to `end`."""

    file: str
    begin: int
    end: int


class Archive:
    """The archive opened for its one writer, as a context manager.

    Entering raises WarehouseLocked where another process writes it, and moves aside what a crash left behind.
    `rotate_bytes` is what a file may have, but for one that a single attempt fills; `purpose` is shown to others who
    want to write; `loaded` is how many bytes of each file were loaded: one that has fewer by now gets no more attempts.
    """

    def __init__(
        self,
        folder: Path,
        rotate_bytes: int = ROTATE_BYTES,
        purpose: str = "refetch",
        loaded: Mapping[str, int] | None = None,
    ) -> None:
        self.folder = folder
        self.last_ended_at: datetime | None = None
        """When the last attempt that was there ended (UTC without zone); None where there was none."""
        self._loaded = loaded or {}
        self._rotate_bytes = rotate_bytes
        self._purpose = purpose
        self._stack: ExitStack | None = None
        self._turn = threading.Lock()
        self._file: FileIO | None = None
        self._size = 0
        self._name = ""

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            lock = self.folder / "archive.lock"
            stack.enter_context(single_writer(f"The archive {self.folder}", lock, self._purpose))
            with self._translate_errors():
                self._resume()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        if self._stack is not None:
            self._stack.close()
        self._stack = None

    def append(self, attempt: Attempt) -> Place:
        """Write an attempt down for good: when this returns, no crash can lose it.

        Raises PressError where it cannot be written; the archive is then as before.
        """
        if self._stack is None:
            raise PressError(f"The archive {self.folder} is not open for writing.")
        with self._turn, self._translate_errors():
            if self._file is None:
                self._resume()
            members = to_members(attempt, self._name, self._size)
            if self._file is None or (self._size and self._size + len(members) > self._rotate_bytes):
                self._begin(attempt.answer.requested_at)
                members = to_members(attempt, self._name, self._size)
            file, place = self._file, Place(self._name, self._size)
            assert file is not None
            try:
                rest = memoryview(members)
                while rest:
                    rest = rest[file.write(rest) :]
                os.fsync(file.fileno())
            except BaseException:
                with suppress(OSError):
                    file.truncate(place.offset)
                self._close()
                raise
            self._size += len(members)
            return place

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise PressError(f"The archive {self.folder} cannot be written: {error.strerror}.") from error

    def _resume(self) -> None:
        """Go on with the newest file, unless a crash had cut it off: then what it left is moved aside.

        A file once cut is not gone on with, so that no place in it is ever that of two attempts.
        """
        files = archive_files(self.folder)
        if not files:
            return
        newest = files[-1]
        size, last = newest.stat().st_size, last_entry(newest)
        end = last.end if last else 0
        # Copies of attempts may follow that were written to other places.
        end = max((part.end for part in scan(newest, end) if not isinstance(part, Gap)), default=end)
        if last and self.last_ended_at is None:
            answer = last.attempt.answer
            self.last_ended_at = answer.requested_at + timedelta(seconds=answer.duration_s)
        if end < size:
            self._move_aside(newest, end)
        elif not size:
            newest.unlink()
        elif size >= self._loaded.get(newest.name, 0) and not any(self.folder.glob(f"{newest.name}.torn-*")):
            self._open(newest, end)

    def _move_aside(self, path: Path, end: int) -> None:
        """Keep what stands behind the last whole attempt beside the file, and take it out of the file."""
        number = 1
        while (torn := path.with_name(f"{path.name}.torn-{number}")).exists():
            number += 1
        with path.open("r+b") as file, torn.open("xb") as aside:
            file.seek(end)
            copyfileobj(file, aside)
            moved = aside.tell()
            aside.flush()
            os.fsync(aside.fileno())
            file.truncate(end)
            os.fsync(file.fileno())
        if not end:
            path.unlink()
        sync(self.folder)
        log.warning(
            "%s ended in %d bytes that are no whole attempt: a write was cut off at offset %d. They are in %s now.",
            path,
            moved,
            end,
            torn.name,
        )

    def _begin(self, requested_at: datetime) -> None:
        """Begin a new file, with a name behind those of all others."""
        self._close()
        stamp, number = f"{requested_at:%Y%m%dT%H%M%S%f}Z", 0
        names = [match.group(1, 2) for path in self.folder.iterdir() if (match := NAME.fullmatch(path.name))]
        last_stamp, last_number = max(names, default=("", "0"))
        if stamp <= last_stamp:
            stamp, number = last_stamp, int(last_number) + 1
        self._open(self.folder / f"portal-{stamp}-{number:05}.warc.gz", 0)
        sync(self.folder)

    def _open(self, path: Path, size: int) -> None:
        self._file = FileIO(path, "ab")
        self._name, self._size = path.name, size

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None


def archive_files(folder: Path) -> list[Path]:
    """The files of the archive, in the order in which they were written."""
    return sorted(path for path in folder.glob("portal-*.warc.gz") if NAME.fullmatch(path.name))


def stretches(
    folder: Path,
    since: Mapping[str, int] | None = None,
    until: Mapping[str, int] | None = None,
    size: int = sys.maxsize,
) -> Iterator[Stretch]:
    """What is to be read, in the order in which it was written: files, cut between attempts every `size` bytes or so.

    `since` has, by name of file, the offsets to go on from, and `until` those to stop at, of the only files to read.
    Raises PressError where a file cannot be read.
    """
    for path in archive_files(folder):
        begin, end = (since or {}).get(path.name, 0), sys.maxsize if until is None else until.get(path.name, 0)
        while begin < end:
            cut = next_begin(path, begin + size) if begin + size < min(end, path.stat().st_size) else None
            stop = end if cut is None else min(cut, end)
            yield Stretch(path.name, begin, stop)
            begin = stop


def read_stretch(folder: Path, stretch: Stretch) -> Iterator[tuple[Place, int, Attempt]]:
    """Every whole attempt of a stretch: its place, the offset behind it, and itself.

    A damaged attempt is passed over with a warning; one that is still being written, or was cut off, quietly.
    Raises PressError where the file cannot be read.
    """
    path = folder / stretch.file
    for part in scan(path, stretch.begin):
        if part.offset >= stretch.end:
            break
        if not isinstance(part, Gap):
            yield Place(path.name, part.offset), part.end, part.attempt
        elif not part.is_torn:
            log.warning("%s is damaged at offset %d. %s", path, part.offset, part.sentence)


def read(
    folder: Path, since: Mapping[str, int] | None = None, until: Mapping[str, int] | None = None
) -> Iterator[tuple[Place, int, Attempt]]:
    """Every whole attempt of what `stretches` names, as `read_stretch` gives them. Raises what they raise."""
    for stretch in stretches(folder, since, until):
        yield from read_stretch(folder, stretch)
