"""What can go wrong, in words a person can act on.

Every error that is raised on purpose is a `PressError`: its message is one line that says what happened,
where, and what to do. The edges (command line, flow) show that line; the traceback goes to the log.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class PressError(Exception):
    """Root of all errors raised on purpose; `str(error)` is one line for a person."""


class UsageError(PressError):
    """A setting, parameter or argument that makes no sense."""


class InputRefused(PressError):
    """A path that cannot be read as a digest: missing, not a file, no digest, still being written."""


class WarehouseLocked(PressError):
    """Another process is writing this warehouse; the message says which."""


class WarehouseUnusable(PressError):
    """The warehouse file cannot be opened or written: corrupt, of another schema, read-only, disk full."""


class ContractBroken(PressError):
    """A row that was read breaks the contract of its frame, which is a fault of the reader."""


class CheckFailed(PressError):
    """A `-- fail:` check found offending rows, so the load was rolled back."""


def first_line(error: BaseException) -> str:
    """The first line of an error's message, because DuckDB's have many lines; its type where it has none."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """The sentence that suggests the name most alike, to stand behind another; empty where none is alike."""
    by_letters = {other.lower(): other for other in names}
    alike = get_close_matches(name.lower(), by_letters, n=1)
    return f" Did you mean {by_letters[alike[0]]}?" if alike else ""


def as_press_error(error: Exception, *, is_loaded: bool) -> PressError:
    """An error of DuckDB or the system in the words of the warehouse."""
    reason = first_line(error)
    if isinstance(error, OSError):
        where = f" at {error.filename}" if error.filename else ""
        reason = f"{error.strerror or reason}{where}."
    if "transport error" in reason:
        reason = f"a staged file could not be written, as on a full disk ({reason})."
    if "corrupt" in reason.lower():
        reason += " `press rebuild` makes the warehouse again from the archive."
    if is_loaded:
        return WarehouseUnusable(f"The load is in the warehouse, but could not be finished; run it again: {reason}")
    return WarehouseUnusable(f"The load failed and changed nothing: {reason}")


def cut(text: object, longest: int) -> str:
    """The text, or its first `longest` characters and how many more there are.

    Names, titles and what others answer can be of any length; nothing shown is.
    """
    whole = str(text)
    return whole if len(whole) <= longest else f"{whole[:longest]}… ({len(whole) - longest:,} more characters)"
