"""What a person reads when a command fails: one line on standard error; a fault leaves its traceback in `press.log`."""

import io
import logging
import os
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from typer.exceptions import TyperException

from warehouse.cli.terminal import FAILED, WRONG_USAGE, settings_at
from warehouse.errors import PressError, UsageError

POSSIBLE = re.compile(r" \(Possible options: (.+)\)$")


def translate(error: BaseException, warehouse: Path | None) -> tuple[str, int]:
    """An error of a command on a warehouse as a line for a person, and the exit code that goes with it."""
    if isinstance(error, UsageError):
        return str(error), WRONG_USAGE
    if isinstance(error, TyperException):
        message = POSSIBLE.sub(r". Did you mean \1?", error.format_message()).rstrip(".")
        return f"{message}{'' if message.endswith('?') else '.'} See press --help.", WRONG_USAGE
    if isinstance(error, PressError):
        return str(error), FAILED
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}{f': {error.filename}' if error.filename else ''}.", FAILED
    return f"{type(error).__name__}: {error}. {_save_traceback(error, warehouse)}", FAILED


def prepare_output() -> None:
    """Write UTF-8 to files and pipes, survive a terminal that lacks a letter, and set up the log."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    level = os.environ.get("PRESS_LOG", "error").upper()
    if level not in logging.getLevelNamesMapping():
        raise UsageError(f"PRESS_LOG is “{level}”; it can be debug, info, warning or error.")
    handler = logging.StreamHandler()
    handler.setFormatter(_VisibleFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])


class _VisibleFormatter(logging.Formatter):
    """Keep names of files and titles in the log from acting on a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        from warehouse.report.text import visible

        return visible(super().format(record))


def _save_traceback(error: BaseException, warehouse: Path | None) -> str:
    """Append the traceback of an unexpected error to `press.log` beside the warehouse; returns where it is."""
    try:
        path = settings_at(warehouse).home / "press.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n{''.join(traceback.format_exception(error))}\n")
    except (OSError, PressError):
        return "(PRESS_LOG=debug shows the traceback.)"
    return f"This is a fault of press; the traceback is in {path}."


def print_error(message: str) -> None:
    """Print a message as one line on standard error."""
    from warehouse.report.text import visible

    print(f"press: {' '.join(visible(message).split())}", file=sys.stderr)
