"""The archive: every digest as received, and what each load took in.

A digest is copied to `archive/digests/<sha256>` before it is read, and read from there, so a file that changes
meanwhile cannot change what was loaded. Each load leaves one JSON file, written before the load commits as `.pending`
and renamed afterwards: from digests, reference rows and these files `press rebuild` makes the warehouse again.
"""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from warehouse.errors import InputRefused, PressError
from warehouse.keys import key
from warehouse.reference import FILES
from warehouse.settings import Settings

COPY_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Received:
    """A digest as received: where it came from, its hash (hex), its size in bytes, and the archived copy.

    `first_seen_at` (UTC) is set when the warehouse has it already and it is read again.
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


@dataclass(frozen=True, slots=True)
class LoadRecord:
    """One load: its run, its `as_of` (ISO 8601, UTC), (path, sha256) of its digests and the reference rows' hash.

    `number` says which of two loads with one `as_of` came first; it is given when the load is announced.
    """

    run_id: str
    as_of: str
    digests: tuple[tuple[str, str], ...]
    reference_sha256: str
    number: int = 0


def digest_paths(paths: Iterable[Path]) -> Iterator[Path]:
    """Paths of digests: files as given, and the `*.txt` files of folders by name."""
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - raises nothing for a path that cannot be looked at
            yield from sorted(file for file in path.glob("*.txt") if not file.name.startswith("."))
        else:
            yield path


def fingerprint(path: Path, progress: Callable[[int], None] = lambda _: None) -> tuple[str, int]:
    """The SHA-256 (hex) and size in bytes of a file; raises InputRefused when it cannot be read."""
    digest, total = hashlib.sha256(), 0
    try:
        if path.is_dir():
            raise InputRefused(f"{path} is a folder, not a digest.")
        if not path.is_file():
            raise InputRefused(f"{path} does not exist." if not path.exists() else f"{path} is no regular file.")
        with path.open("rb") as file:
            while block := file.read(COPY_BYTES):
                digest.update(block)
                total += len(block)
                progress(len(block))
    except OSError as error:
        raise InputRefused(f"{path} cannot be read: {error.strerror}.") from error
    if total == 0:
        raise InputRefused(f"{path} is empty.")
    return digest.hexdigest(), total


def receive(path: Path, sha256: str, settings: Settings) -> Received:
    """Copy a digest into the archive, durably, and check that it still is what `sha256` says.

    Raises InputRefused when the file changed since it was hashed, and PressError when the archive cannot be written.
    """
    archived = settings.digests / sha256
    if not archived.exists() or fingerprint(archived)[0] != sha256:
        with _Written(archived) as partial:
            try:
                shutil.copyfile(path, partial)
            except FileNotFoundError:
                raise InputRefused(f"{path} disappeared while it was read.") from None
            if fingerprint(partial)[0] != sha256:
                raise InputRefused(f"{path} is still being written: it changed while it was read. Try again later.")
    return Received(str(path), sha256, archived.stat().st_size, archived)


@dataclass(slots=True)
class Intake:
    """What became of the paths given: digests to read, paths whose bytes are known, paths refused with the reason."""

    received: list[Received] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: dict[str, InputRefused] = field(default_factory=dict)


def take_in(
    paths: Iterable[Path],
    known: Mapping[str, datetime],
    settings: Settings,
    *,
    force: bool,
    tell: Callable[[int], None],
) -> Intake:
    """Archive the digests that are new; `known` says when the warehouse first saw which SHA-256.

    Known ones are taken in again with `force`; the same bytes twice are taken once. `tell` is told of bytes hashed.
    """
    intake = Intake()
    taken: set[str] = set()
    for path in digest_paths(paths):
        # A name may hold bytes that are no UTF-8, which can be written nowhere; they are shown as \\udcNN.
        shown = str(path).encode(errors="backslashreplace").decode()
        try:
            if shown != str(path):
                raise InputRefused(f"{shown} has a name that is no UTF-8; give it another.")
            sha256, _ = fingerprint(path, tell)
            if sha256 in taken or (sha256 in known and not force):
                intake.known.append(shown)
            else:
                received = receive(path, sha256, settings)
                intake.received.append(replace(received, first_seen_at=known.get(sha256)))
                taken.add(sha256)
        except InputRefused as error:
            intake.refused[shown] = error
    return intake


def recall(record: "LoadRecord", settings: Settings) -> list[Received]:
    """The digests of an earlier load, out of the archive.

    Raises PressError when one is missing or is not what its name says.
    """
    received = []
    for path, sha256 in record.digests:
        archived = settings.digests / sha256
        try:
            found, size = fingerprint(archived)
        except InputRefused as error:
            raise PressError(f"The archive lacks the digest {path}: {error}") from error
        if found != sha256:
            raise PressError(f"The archived digest {archived} is damaged: its SHA-256 is {found}.")
        received.append(Received(path, sha256, size, archived))
    return received


def keep_reference(seeds: Path, sha256: str, settings: Settings) -> None:
    """Keep the reference rows a load uses, as one folder named by their common hash."""
    kept = settings.references / sha256
    if kept.is_dir():
        return
    partial = kept.with_name(f".{sha256}.{uuid.uuid4().hex}")
    try:
        partial.mkdir(parents=True)
        for name in FILES:
            shutil.copyfile(seeds / f"{name}.csv", partial / f"{name}.csv")
        partial.rename(kept)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        if not kept.is_dir():
            raise PressError(f"The archive {settings.references} cannot be written: {error.strerror}.") from error


class _Written:
    """Write a file as a whole or not at all: give a partial path, then fsync and rename it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}")

    def __enter__(self) -> Path:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PressError(f"{self.path.parent} cannot be made: {error.strerror}.") from error
        return self.partial

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if error is not None:
            self.partial.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise PressError(f"{self.path} cannot be written: {error.strerror}.") from error
            return
        sync(self.partial)
        os.replace(self.partial, self.path)
        sync(self.path.parent)


def sync(path: Path) -> None:
    """Make a file's content, or a folder's entries, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def announce(record: LoadRecord, settings: Settings) -> None:
    """Write down a load that is about to commit."""
    with _Written(settings.loads / f"{record.run_id}.json.pending") as partial:
        content = {
            "run_id": record.run_id,
            "number": sum(1 for _ in settings.loads.glob("*.json")) + 1,
            "as_of": record.as_of,
            "reference_sha256": record.reference_sha256,
            "digests": [{"path": path, "sha256": sha256} for path, sha256 in record.digests],
        }
        partial.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def settle(settings: Settings, committed: Callable[[str], bool]) -> None:
    """Settle what announced loads became: keep those that committed, forget the others."""
    for partial in settings.loads.glob(".*"):
        partial.unlink()
    for pending in settings.loads.glob("*.json.pending"):
        run_id = pending.name.removesuffix(".json.pending")
        if committed(run_id):
            os.replace(pending, pending.with_suffix(""))
        else:
            pending.unlink()


def load_records(settings: Settings) -> list[LoadRecord]:
    """The loads that went into the warehouse, announced ones too, in the order of their `as_of`.

    Raises PressError on a damaged record.
    """
    records = []
    for path in settings.loads.glob("[!.]*.json*"):
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            digests = tuple((digest["path"], digest["sha256"]) for digest in raw["digests"])
            record = LoadRecord(raw["run_id"], raw["as_of"], digests, raw["reference_sha256"], raw["number"])
            records.append((datetime.fromisoformat(record.as_of), record.number, record))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise PressError(f"The record of a load {path} cannot be read: {error}.") from error
    return [record for *_, record in sorted(records, key=lambda ordered: ordered[:2])]
