"""A reference file as rows of text with their lines, or refused in one line that says where it is no CSV."""

import csv
import hashlib
import stat
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from warehouse.errors import UsageError
from warehouse.project import SHIPPED

MOST_BYTES = 64_000_000
"""Bytes of a reference file at most: all of them are held in memory."""


class Table(NamedTuple):
    """The columns of a file, and each row that is not blank with the line it ends in."""

    header: tuple[str, ...]
    rows: list[tuple[int, list[str]]]


def read_table(path: Path, columns: tuple[str, ...]) -> Table:
    """Read a file that has these columns at least.

    Raises UsageError naming the file, and the line where there is one, that is wrong.
    """
    called = f"The reference file {path}"
    reader = csv.reader(StringIO(_text(path), newline=""), strict=True)
    try:
        header = next(reader, [])
        rows = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise UsageError(f"{called} is no readable CSV: line {reader.line_num}: {error}.") from None
    if len(set(header)) < len(header):
        raise UsageError(f"{called} is no readable CSV: two columns of the header have one name.")
    for line, cells in rows:
        if len(cells) != len(header):
            wrong = f"line {line} has {len(cells)} cells where the header has {len(header)}"
            raise UsageError(f"{called} is no readable CSV: {wrong}.")
    if missing := [column for column in columns if column not in header]:
        raise UsageError(f"{called} lacks the column {', '.join(missing)}.")
    return Table(tuple(header), rows)


def hash_tables(folder: Path) -> bytes:
    """A hash of all CSV files of a folder: what was read from it holds while this is the same."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        content = b""  # of what is no file or cannot be read: whoever reads it says so
        if path.is_file():
            with suppress(OSError), path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        digest.update(f"{path.name}\0{len(content)}\0".encode(errors="surrogateescape") + content)
    return digest.digest()


def _text(path: Path) -> str:
    called = f"The reference file {path}"
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UsageError(f"{called} is no regular file.")
        if status.st_size > MOST_BYTES:
            raise UsageError(f"{called} has {status.st_size:,} bytes; it can have {MOST_BYTES:,}.")
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"{called} is missing; PRESS_SEEDS says where they lie. {SHIPPED}/seeds has one.") from None
    except UnicodeDecodeError as error:
        line, byte = error.object.count(b"\n", 0, error.start) + 1, error.object[error.start]
        raise UsageError(f"{called} is no readable CSV: line {line}: byte 0x{byte:02x} is not UTF-8.") from None
    except OSError as error:
        raise UsageError(f"{called} cannot be read: {error.strerror}.") from None
