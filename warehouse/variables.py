"""Variables: the `PRESS_*` of a `.env` file and of the environment, as text by their names."""

import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from dotenv.parser import parse_stream

from warehouse.errors import UsageError, did_you_mean

PREFIX = "PRESS_"

ELSEWHERE = frozenset({"PRESS_LOG", "PRESS_PROJECT", "PRESS_TEST_CHROMIUM"})
"""Variables of the environment that are no settings: others read them."""
COMPOSE = frozenset({"PRESS_DATABASE_PASSWORD"})
"""Variables of `deploy/press.env`, which compose reads; systemd puts them into the environment too."""
LINK = re.compile(r"_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_|$)")
"""What Kubernetes puts into the environment for a service whose name begins with press, besides `tcp://` values."""

OURS = re.compile(rb"^\s*#?\s*(?:export\s+)?PRESS_\w", re.MULTILINE | re.IGNORECASE)
"""A line of a `.env` that is ours, however it is mistyped: `press init` writes all settings as comments."""

MARKS = b"\xef\xbb\xbf\xff\xfe"
"""Bytes of the marks that some editors put before the first line."""

MOST_BYTES = 1_000_000
"""Bytes that a `.env` has at most: a larger file is something else."""


class Variable(NamedTuple):
    """A variable of a `.env`: the line it stands in, its name and its value."""

    line: int
    name: str
    value: str


def is_ours(env_file: Path) -> bool:
    """Whether a `.env` exists and names our settings, if only in comments or in UTF-16; raises as `file_variables`."""
    return OURS.search(_content(env_file).replace(b"\0", b"").lstrip(MARKS)) is not None


def file_variables(env_file: Path) -> list[Variable]:
    """The variables of a `.env` that begin with `PRESS_`, values as they stand; none where there is no file.

    Raises UsageError with the file, and the line where there is one, for what cannot be read. Lines of other programs
    are left alone.
    """
    try:
        text = _content(env_file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        wrong = f"{env_file}, line {line}: byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8."
        raise UsageError(wrong) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UsageError(f"{env_file}, line {line}: there is a NUL byte; save the file as UTF-8 text without it.")
    return list(_variables(text, env_file))


def _variables(text: str, env_file: Path) -> Iterator[Variable]:
    for binding in parse_stream(StringIO(text)):
        statement = binding.original.string
        blank = len(statement) - len(statement.lstrip())
        line = binding.original.line + statement.count("\n", 0, blank)
        where = f"{env_file}, line {line}"
        if binding.error and PREFIX in statement.upper():
            raise UsageError(f"{where} cannot be read; write NAME=value, and close every quotation mark.")
        if binding.key is None or not binding.key.upper().startswith(PREFIX):
            continue
        if binding.value is None:
            raise UsageError(f"{where}: {binding.key} has no value; write {binding.key}=value.")
        yield Variable(line, binding.key, binding.value)


def _content(env_file: Path) -> bytes:
    try:
        mode = env_file.stat().st_mode
        # Some call a virtual environment so, and some hide a file by a link to nothing.
        if stat.S_ISDIR(mode) or env_file.samefile(os.devnull):
            return b""
        if not stat.S_ISREG(mode):  # a pipe would be waited for, perhaps for ever
            raise UsageError(f"{env_file} is no regular file; put settings into a file, or into the environment.")
        with env_file.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise UsageError(f"{env_file} cannot be read: {error.strerror}.") from None
    if len(content) > MOST_BYTES:
        raise UsageError(f"{env_file} is larger than {MOST_BYTES:,} bytes, which no file of settings is.")
    return content


def refuse_unknown_in_file(variables: Collection[Variable], env_file: Path, known: Collection[str]) -> None:
    """Raise UsageError for a variable of a `.env` that is no setting, with its line and the name most alike."""
    for line, name, _ in variables:
        if name not in {*known, *COMPOSE}:
            raise UsageError(f"{env_file}, line {line}: {_no_setting(name, known)}")


def refuse_unknown(environ: Mapping[str, str], known: Collection[str]) -> None:
    """Raise UsageError for a variable of the environment that is no setting, with the name most alike, or no UTF-8.

    What Kubernetes and Docker set for a service whose name begins with press is left alone.
    """
    for name, value in environ.items():
        if name.upper().startswith(PREFIX) and name not in {*known, *ELSEWHERE, *COMPOSE}:
            if LINK.search(name) or value.startswith(("tcp://", "udp://")):
                continue
            raise UsageError(_no_setting(name, known))
        if name in known and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise UsageError(f"{name} is not UTF-8.") from None


def _no_setting(name: str, known: Collection[str]) -> str:
    if name in ELSEWHERE:
        return f"{name} is read from the environment alone; set it there."
    alike = did_you_mean(name, (other for other in known if other.startswith(PREFIX)))
    return f"{name} is no setting.{alike} `press settings --format markdown` lists all."
