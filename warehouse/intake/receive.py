"""Receive digests: copy each to `archive/digests/<sha256>`, from where it is read.

So a file that changes meanwhile does not change what is loaded. Warehouses in one folder share that archive.
"""

import fcntl
import os
import shutil
import stat
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from warehouse.errors import InputRefused, PressError
from warehouse.files import copy, fingerprint, path_text, sync
from warehouse.intake.archive import LoadRecord
from warehouse.keys import key
from warehouse.settings import Settings

READERS = 2
"""How many digests are hashed at the same time."""

BATCH_FILES, BATCH_BYTES = 1_000, 24 << 20
"""How many digests, or some of which size at least, enter the archive together: its folder is synced once for them."""

Count = Callable[[int], None]
"""Takes how many more bytes are read."""


@dataclass(frozen=True, slots=True)
class ArchivedDigest:
    """A digest in the archive: the path it came from, its hash (hex), its size in bytes, and the archived copy.

    `first_seen_at` (UTC) is set where the warehouse has it already and it is read again. `inode` is that of the copy
    where this run brought it; None where the archive had the same bytes before. `twins` are other paths with its bytes.
    """

    path: str
    sha256: str
    bytes: int
    archived: Path
    first_seen_at: datetime | None = None
    inode: int | None = None
    twins: list[str] = field(default_factory=list, compare=False)

    @property
    def source_file_key(self) -> int:
        """A source file is identified by its content."""
        return key("source_file", self.sha256)


class Copy(NamedTuple):
    """A digest copied beside the archive's files: its path, the copy, its hash (hex) and size in bytes."""

    path: Path
    partial: Path
    sha256: str
    size: int


@dataclass(slots=True)
class Intake:
    """What became of paths: digests to read, paths whose bytes are known, refusals with their reasons by path.

    `progress` is called with how many more bytes are read, `deliver` with each digest as soon as the archive has it.
    """

    progress: Count = lambda _: None
    deliver: Callable[[ArchivedDigest], object] = lambda _: None
    digests: list[ArchivedDigest] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refusals: dict[str, InputRefused] = field(default_factory=dict)


class KnownDigest(NamedTuple):
    """A digest that the warehouse has: when it first saw it (UTC), and its size in bytes."""

    first_seen_at: datetime
    bytes: int


def new_bytes(files: Iterable[Path], known: Mapping[str, KnownDigest]) -> int:
    """How many bytes are new for certain, by the sizes of the files alone."""
    known_sizes = {digest.bytes for digest in known.values()}
    states = (_state(path) for path in files)
    return sum(state.st_size for state in states if state and state.st_size not in known_sizes)


def take_in(
    intake: Intake, files: Sequence[Path], known: Mapping[str, KnownDigest], settings: Settings, *, force: bool
) -> None:
    """Archive the digests that are new; `known` is what the warehouse has, by SHA-256.

    With `force` known ones are read again; the same bytes are taken once. Raises PressError when the archive cannot be
    written.
    """
    known_sizes = {digest.bytes for digest in known.values()}

    def take(path: Path, folder: Path) -> ArchivedDigest | Copy | str | InputRefused:
        """The digest in the archive, or a copy for it; the hash of one that is known; or why it is refused."""
        try:
            if path_text(path) != str(path):
                raise InputRefused(f"{path_text(path)} has a name that is no UTF-8; give it another.")
            state = _state(path)
            if state and stat.S_ISDIR(state.st_mode):
                raise InputRefused(f"{path} is a folder, not a digest.")
            # Hashing alone is cheaper than copying, and enough for a file that is probably known.
            may_be_known = state is not None and state.st_size in known_sizes
            sha256 = fingerprint(path, intake.progress)[0] if may_be_known else None
            if sha256 is not None and sha256 in known:
                return (_intact(path, sha256, settings) or _copy(path, folder, sha256)) if force else sha256
            return _copy(path, folder, sha256, intake.progress if sha256 is None else lambda _: None)
        except InputRefused as error:
            return error

    taken: dict[str, ArchivedDigest] = {}
    for path, digest in _in_batches(files, take, settings):
        if isinstance(digest, InputRefused):
            intake.refusals[path_text(path)] = digest
        elif isinstance(digest, str):
            intake.known.append(path_text(path))
        elif digest.sha256 in taken:
            taken[digest.sha256].twins.append(path_text(path))
        else:
            first_seen_at = known[digest.sha256].first_seen_at if digest.sha256 in known else None
            taken[digest.sha256] = replace(digest, first_seen_at=first_seen_at)
            intake.deliver(taken[digest.sha256])
    intake.digests += taken.values()
    intake.known += [path for digest in intake.digests for path in digest.twins]


def _in_batches(
    files: Sequence[Path], take: Callable[[Path, Path], ArchivedDigest | Copy | str | InputRefused], settings: Settings
) -> Iterator[tuple[Path, ArchivedDigest | str | InputRefused]]:
    """What `take` gives for each file and a folder for copies, these as digests in the archive."""
    with ThreadPoolExecutor(READERS) as pool:
        for batch in _batches(files):
            with _copies(settings) as folder:
                results = list(pool.map(take, batch, [folder] * len(batch)))
                copies = [result for result in results if isinstance(result, Copy)]
                if len(copies) > READERS:
                    os.sync()  # one wait for all: the files are synced one by one next, when there is little left to do
                list(pool.map(sync, [copy.partial for copy in copies]))
                archived = _archive(copies, settings)
            for path, result in zip(batch, results, strict=True):
                yield path, archived[result.sha256] if isinstance(result, Copy) else result


def _batches(files: Iterable[Path]) -> Iterator[list[Path]]:
    batch: list[Path] = []
    size = 0
    for path in files:
        batch.append(path)
        state = _state(path)
        size += state.st_size if state else 0
        if len(batch) == BATCH_FILES or (len(batch) >= READERS and size >= BATCH_BYTES):
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def receive(path: Path, settings: Settings, expected: str | None = None) -> ArchivedDigest:
    """Copy a digest into the archive, durably; `expected` is its SHA-256 (hex) where it is known already.

    Raises InputRefused when the file cannot be read or changes meanwhile, and PressError when the archive cannot be
    written.
    """
    if expected is not None and (digest := _intact(path, expected, settings)):
        return digest
    with _copies(settings) as folder:
        copied = _copy(path, folder, expected)
        sync(copied.partial)
        (digest,) = _archive([copied], settings).values()
    return digest


def _intact(path: Path, sha256: str, settings: Settings) -> ArchivedDigest | None:
    """The digest as the archive has it; None where it has none, or a damaged one."""
    archived = settings.digests / sha256
    if not archived.exists():
        return None
    actual, size = fingerprint(archived)
    return ArchivedDigest(str(path), sha256, size, archived) if actual == sha256 else None


@contextmanager
def _copies(settings: Settings) -> Iterator[Path]:
    """A hidden folder for copies on their way into the archive; it is removed in the end."""
    folder = settings.digests / f".incoming.{uuid.uuid4().hex}"
    try:
        folder.mkdir(parents=True)
        yield folder
    except OSError as error:
        raise PressError(f"The archive {settings.digests} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(path: Path, folder: Path, expected: str | None, progress: Count = lambda _: None) -> Copy:
    partial = folder / uuid.uuid4().hex
    before = _version(path)
    sha256, size = copy(path, partial, progress)
    if not size:
        raise InputRefused(f"{path} is empty.")
    if _version(path) != before or sha256 != (expected or sha256):
        raise InputRefused(f"{path} is still being written: it changed while it was read. Try again later.")
    return Copy(path, partial, sha256, size)


def _archive(copies: Sequence[Copy], settings: Settings) -> dict[str, ArchivedDigest]:
    """Give synced copies their place in the archive; returns the digests by hash, the first path for each."""
    digests: dict[str, ArchivedDigest] = {}
    with _alone(settings.digests):
        for path, partial, sha256, size in copies:
            if sha256 in digests:
                continue
            archived = settings.digests / sha256
            inode = None if archived.exists() else partial.stat().st_ino
            # The new copy takes the place even of the same bytes: another warehouse may be about to discard those.
            os.replace(partial, archived)
            digests[sha256] = ArchivedDigest(str(path), sha256, size, archived, inode=inode)
    if digests:
        sync(settings.digests)
    return digests


def discard(digest: ArchivedDigest) -> None:
    """Take a refused digest out of the archive, unless the bytes were there before or came again meanwhile."""
    if digest.inode is None:
        return
    with _alone(digest.archived.parent):
        state = _state(digest.archived)
        if state and state.st_ino == digest.inode:
            digest.archived.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only one who puts files into the archive or takes them out, for a moment."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _state(path: Path) -> os.stat_result | None:
    """What the system says about a file; None where there is none."""
    try:
        return path.stat()
    except (OSError, ValueError):
        return None


def _version(path: Path) -> tuple[int, int] | None:
    """Size and time of the last change of a file; None where there is none."""
    state = _state(path)
    return state and (state.st_size, state.st_mtime_ns)


def recall(record: LoadRecord, settings: Settings) -> list[ArchivedDigest]:
    """The digests of an earlier load, out of the archive.

    Raises PressError when one is missing or is not what its name says.
    """
    digests = []
    for path, sha256 in record.digests:
        archived = settings.digests / sha256
        try:
            actual, size = fingerprint(archived)
        except InputRefused as error:
            raise PressError(f"The archive lacks the digest {path}: {error}") from error
        if actual != sha256:
            raise PressError(f"The archived digest {archived} is damaged: its SHA-256 is {actual}.")
        digests.append(ArchivedDigest(path, sha256, size, archived))
    return digests
