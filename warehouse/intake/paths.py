"""Sort out what paths name: digests to read, and what lies beside them in folders and is passed over."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from warehouse.errors import InputRefused, UsageError
from warehouse.files import path_text

DIGEST_ENDING = ".txt"
"""How the name of a digest in a folder ends, in letters of either case; a file that is named itself may end in any."""

UNFINISHED = (".part", ".tmp", ".partial", ".filepart", ".crdownload", ".swp", "~")
"""Endings that programs give to files they have not finished."""

HIDDEN = "it is hidden"
OWN = "it belongs to the warehouse"
EXPECTED = (HIDDEN, OWN)
"""Why something is passed over that nobody means to be loaded."""


@dataclass(slots=True)
class Delivery:
    """What paths name: `files` to read, and `refusals` of folders without one, by path.

    `bystanders` is what folders hold beside digests: why each is passed over, by path.
    """

    files: list[Path] = field(default_factory=list)
    bystanders: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, InputRefused] = field(default_factory=dict)


def as_paths(paths: Iterable[Path | str] | Path | str) -> list[Path]:
    """Paths as given by a person; one alone is a list of one. Raises UsageError for an empty one, and for none."""
    each = [paths] if isinstance(paths, Path | str) else list(paths)
    if not each:
        raise UsageError("There is no path: name a digest, or a folder of digests.")
    if any(not os.fspath(path) for path in each):
        raise UsageError("A path is empty: name a digest, or a folder of digests; the folder you are in is “.”.")
    return [Path(path) for path in each]


def refuse_missing(paths: Iterable[Path]) -> None:
    """Raise UsageError where none of the paths exists, so that there is nothing to try."""
    missing = []
    for path in paths:
        try:
            path.lstat()
        except (OSError, ValueError) as error:
            why = "does not exist" if isinstance(error, FileNotFoundError) else f"cannot be read: {_reason(error)}"
            missing.append(f"{path_text(path)} {why}")
        else:
            return
    more = f" Nor can {len(missing) - 1:,} more be loaded." if len(missing) > 1 else ""
    raise UsageError(f"{missing[0]}.{more} Name a digest, or a folder of digests.")


def _reason(error: OSError | ValueError) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def sort_out(paths: Iterable[Path], home: Path) -> Delivery:
    """Tell digests from what is passed over: files as given, and the `*.txt` of folders, in upper case too, by name.

    Folders within folders are passed over, and so are hidden and unfinished files, those with another ending, and what
    lies in `home`, the warehouse's folder.
    """
    delivery = Delivery()
    for path in paths:
        try:
            with os.scandir(path) as entries:
                by_name = sorted((entry.name, why_no_digest(entry)) for entry in entries)
        except (NotADirectoryError, FileNotFoundError):
            delivery.files.append(path)
            continue
        except (OSError, ValueError) as error:
            delivery.refusals[path_text(path)] = InputRefused(f"{path_text(path)} cannot be read: {_reason(error)}.")
            continue
        digests = [path / name for name, reason in by_name if not reason]
        delivery.files += digests
        delivery.bystanders |= {
            path_text(path / name): OWN if _is_of(home, path / name) else reason for name, reason in by_name if reason
        }
        if not digests:
            lack = f"holds no digest: no name ends in {DIGEST_ENDING}, hidden ones apart"
            state = lack if by_name else "is an empty folder"
            delivery.refusals[path_text(path)] = InputRefused(f"{path_text(path)} {state}.")
    return delivery


def _is_of(home: Path, path: Path) -> bool:
    """Whether a path is the warehouse's folder, lies in it or holds it."""
    path = path.absolute()
    return home.is_relative_to(path) or path.parent == home


def why_no_digest(entry: "os.DirEntry[str]") -> str:
    """Why an entry of a folder is passed over, by its name and kind; empty for one that is to be read."""
    name = entry.name.lower()
    if name.startswith("."):
        return HIDDEN
    if name.endswith(DIGEST_ENDING):
        return ""
    if name.endswith(UNFINISHED):
        return "its name says that it is unfinished"
    if entry.is_dir():
        return "it is a folder; name it to load what is in it"
    return f"its name does not end in {DIGEST_ENDING}"
