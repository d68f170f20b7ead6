"""Files: written as a whole or not at all, made durable, and known by their SHA-256."""

import hashlib
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from warehouse.errors import InputRefused, PressError

BLOCK_BYTES = 4 << 20
"""How much of a file is read at a time."""


class AtomicFile:
    """Write a file as a whole or not at all: `partial` is to be written, and is then synced and renamed to `path`.

    Raises PressError where the file or its folder cannot be written; what was at `path` is then as before.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}")

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PressError(f"{self.path} cannot be written: {error.strerror}.") from error
        return self

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


def fingerprint(
    path: Path, progress: Callable[[int], None] = lambda _: None, write: Callable[[bytes], object] = lambda _: None
) -> tuple[str, int]:
    """The SHA-256 (hex) and size in bytes of a file; raises InputRefused when it cannot be read.

    `progress` gets the number of bytes of each block that is read, `write` the block.
    """
    digest, size = hashlib.sha256(), 0
    for block in _blocks(path):
        write(block)
        digest.update(block)
        size += len(block)
        progress(len(block))
    return digest.hexdigest(), size


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        if path.is_dir():
            raise InputRefused(f"{path} is a folder, not a file.")
        if not path.is_file():
            raise InputRefused(f"{path} does not exist." if not path.exists() else f"{path} is no regular file.")
        with path.open("rb", buffering=0) as file:
            while block := file.read(BLOCK_BYTES):
                yield block
    except OSError as error:
        raise InputRefused(f"{path} cannot be read: {error.strerror}.") from error


def copy(source: Path, target: Path, progress: Callable[[int], None] = lambda _: None) -> tuple[str, int]:
    """Copy a file; returns the SHA-256 (hex) and size in bytes of what was copied.

    Raises InputRefused when `source` cannot be read, and OSError when `target` cannot be written.
    """
    with target.open("wb") as file:
        return fingerprint(source, progress, file.write)


def path_text(path: Path) -> str:
    r"""A path as text that can be written anywhere: bytes of a name that are no UTF-8 become \udcNN."""
    return str(path).encode(errors="backslashreplace").decode()
