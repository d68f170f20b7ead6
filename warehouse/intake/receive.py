"""Receive digests: copy each to `archive/digests/<sha256>`, from where it is read.

So a file that changes meanwhile does not change what is loaded.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from warehouse.errors import InputRefused, PressError
from warehouse.files import AtomicFile, copy, fingerprint, path_text
from warehouse.intake.archive import LoadRecord
from warehouse.keys import key
from warehouse.settings import Settings

READERS = 2
"""How many digests are hashed at the same time."""


@dataclass(frozen=True, slots=True)
class ArchivedDigest:
    """A digest in the archive: the path it came from, its hash (hex), its size in bytes, and the archived copy.

    `first_seen_at` (UTC) is set where the warehouse has it already and it is read again.
    """

    path: str
    sha256: str
    bytes: int
    archived: Path
    first_seen_at: datetime | None = None

    @property
    def source_file_key(self) -> int:
        """A source file is identified by its content."""
        return key("source_file", self.sha256)


def digest_paths(paths: Iterable[Path]) -> Iterator[Path]:
    """Paths of digests: files as given, and the `*.txt` files of folders by name."""
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - raises nothing for a path that cannot be looked at
            yield from sorted(file for file in path.glob("*.txt") if not file.name.startswith("."))
        else:
            yield path


def receive(
    path: Path, settings: Settings, expected: str | None = None, progress: Callable[[int], None] = lambda _: None
) -> ArchivedDigest:
    """Copy a digest into the archive, durably; `expected` is its SHA-256 (hex) where it is known already.

    Raises InputRefused when the file cannot be read or changes meanwhile, and PressError when the archive cannot be
    written.
    """
    if expected is not None:
        archived = settings.digests / expected
        if archived.exists() and fingerprint(archived)[0] == expected:
            return ArchivedDigest(str(path), expected, archived.stat().st_size, archived)
    with AtomicFile(settings.digests / "incoming") as file:
        before = _state(path)
        sha256, size = copy(path, file.partial, progress)
        if not size:
            raise InputRefused(f"{path} is empty.")
        if _state(path) != before or sha256 != (expected or sha256):
            raise InputRefused(f"{path} is still being written: it changed while it was read. Try again later.")
        file.path = settings.digests / sha256
    return ArchivedDigest(str(path), sha256, size, file.path)


def _state(path: Path) -> tuple[int, int] | None:
    """Size and time of the last change of a file; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


@dataclass(slots=True)
class Intake:
    """What became of paths: digests to read, paths whose bytes are known, refusals with their reasons by path."""

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
    sizes = [state[0] for path in files if (state := _state(path))]
    return sum(size for size in sizes if size not in known_sizes)


def take_in(
    files: Sequence[Path],
    known: Mapping[str, KnownDigest],
    settings: Settings,
    *,
    force: bool,
    progress: Callable[[int], None],
) -> Intake:
    """Archive the digests that are new; `known` is what the warehouse has, by SHA-256.

    With `force` known ones are read again; the same bytes are taken once. `progress` is called with the bytes read.
    """
    known_sizes = {digest.bytes for digest in known.values()}

    def take(path: Path) -> ArchivedDigest | str | InputRefused:
        """The digest in the archive; the hash of one that is known; or why it is refused."""
        try:
            if path_text(path) != str(path):
                raise InputRefused(f"{path_text(path)} has a name that is no UTF-8; give it another.")
            if os.path.isdir(path):  # noqa: PTH112 - raises nothing for a path that cannot be looked at
                raise InputRefused(f"{path} is a folder, not a digest.")
            # Hashing alone is cheaper than copying, and enough for a file that is probably known.
            state = _state(path)
            may_be_known = state is not None and state[0] in known_sizes
            sha256 = fingerprint(path, progress)[0] if may_be_known else None
            if sha256 is not None and sha256 in known and not force:
                return sha256
            return receive(path, settings, sha256, progress if sha256 is None else lambda _: None)
        except InputRefused as error:
            return error

    intake = Intake()
    taken: set[str] = set()
    with ThreadPoolExecutor(READERS) as pool:
        for path, result in zip(files, pool.map(take, files), strict=True):
            if isinstance(result, InputRefused):
                intake.refusals[path_text(path)] = result
            elif isinstance(result, str) or result.sha256 in taken:
                intake.known.append(path_text(path))
            else:
                first_seen_at = known[result.sha256].first_seen_at if result.sha256 in known else None
                intake.digests.append(replace(result, first_seen_at=first_seen_at))
                taken.add(result.sha256)
    return intake


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
