"""The template: the file of a warehouse that has its schema and nothing else, made once and copied from then on.

Copies lie in a cache of the user, one for each schema and version of DuckDB, and nothing is lost with them. To make the
schema takes five hundred statements, more than a small load.
"""

import logging
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from warehouse.errors import PressError
from warehouse.files import AtomicFile

log = logging.getLogger(__name__)

HASH_BYTES = 32
"""A copy begins with the SHA-256 of what follows, so that one that is torn or damaged is made again."""

KEPT = 4
"""How many copies are kept in the cache: another branch or version of the program has a schema of its own."""


def copy_template(cache: Path | None, name: str, make: Callable[[Path], None], target: Path) -> None:
    """Put a new warehouse at `target`, whole or not at all: the copy in the cache, or else what `make` makes.

    `name` is that of all that the file depends on. A cache that cannot be read or written, or None, only costs time.
    Raises PressError where `target` cannot be written, and what `make` raises.
    """
    stored = cache and cache / f"template-{name}"
    content = _read(stored) if stored else None
    if content is None:
        with TemporaryDirectory() as folder:
            made = Path(folder) / target.name
            make(made)
            content = made.read_bytes()
        if stored:
            _store(stored, content)
    with AtomicFile(target) as file:
        file.partial.write_bytes(content)


def _read(path: Path) -> bytes | None:
    """What a copy holds; None where there is none, or not a whole one."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    content = stored[HASH_BYTES:]
    return content if stored[:HASH_BYTES] == sha256(content).digest() else None


def _store(path: Path, content: bytes) -> None:
    try:
        with AtomicFile(path) as file:
            file.partial.write_bytes(sha256(content).digest() + content)
        newest_first = sorted(path.parent.glob("template-*"), key=lambda copy: copy.stat().st_mtime_ns, reverse=True)
        for outdated in newest_first[KEPT:]:
            outdated.unlink(missing_ok=True)
    except (PressError, OSError) as error:
        log.debug("%s: %s", path, error)
