"""Values of settings: what each kind may be, and the words that refuse any other."""

import json
import os
import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

LONGEST_NAME = 200
"""Bytes of a warehouse's name at most: files beside it have longer ones, and systems take 255."""
FOLDERS_BESIDE = frozenset({"archive", "backups", "briefs", "inbox", "prefect", "published", "staging"})
"""Folders beside a warehouse, whose names it cannot have."""
LONGEST_PATH = 3_500
"""Bytes of a path at most: there are folders below it, and Linux takes 4,096."""
LONGEST_WAIT_S = 366 * 86_400
"""Seconds of a year: nobody waits longer, and clocks of the system overflow."""
LONGEST_SHOWN = 80
"""Characters of a wrong value that a message repeats."""


def absolute(path: Path) -> Path:
    """The path from the root on. Raises ValueError, with the words behind the setting's name, where there is none."""
    try:
        path = path.expanduser().absolute()
        size = len(str(path).encode())
    except RuntimeError:
        raise ValueError(f"is {_excerpt(path)}, and that user has no home; write the path in full.") from None
    except FileNotFoundError:
        raise ValueError(f"is {_excerpt(path)}, and the current folder is gone; write the path in full.") from None
    except UnicodeEncodeError:
        raise ValueError("is not UTF-8.") from None
    if "\0" in str(path):
        raise ValueError(f"is {_excerpt(path)}, with a NUL; no path can have one.")
    if size > LONGEST_PATH:
        raise ValueError(f"is {_excerpt(path)}, a path of {size:,} bytes; it can have {LONGEST_PATH:,}.")
    return path


def warehouse_file(path: Path) -> Path:
    """The absolute path of a warehouse, which need not exist. Raises ValueError for what no warehouse can be."""
    path = absolute(path)
    if not path.name:
        raise ValueError(f"is {path}, which names no file; write it like {path / 'data' / 'warehouse.duckdb'}.")
    if (size := len(os.fsencode(path.name))) > LONGEST_NAME:
        raise ValueError(f"is {_excerpt(path)}, and its name has {size} bytes; it can have {LONGEST_NAME}.")
    if path.name in FOLDERS_BESIDE:
        raise ValueError(f"is {path}, and beside a warehouse that is the name of a folder; choose another.")
    if "?" in str(path):
        raise ValueError(f"is {_excerpt(path)}, with a question mark, where DuckDB cuts paths; choose another.")
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return path
    except OSError as error:
        raise ValueError(f"is {_excerpt(path)}, which cannot be a file: {error.strerror}.") from None
    if stat.S_ISDIR(mode):
        raise ValueError(f"is {path}, a folder; name a file in it, like {path / 'warehouse.duckdb'}.")
    if not stat.S_ISREG(mode):
        raise ValueError(f"is {path}, which is no regular file.")
    return path


def folder_apart(folder: Path, default: Path) -> Path:
    """The folder, if it can stand for `default`, which lies beside a warehouse.

    Raises ValueError for the warehouse's own folder, where files would be moved away, and for others beside it.
    """
    home, place = (Path(os.path.realpath(path)) for path in (default.parent, folder))
    taken = {home / name for name in FOLDERS_BESIDE - {default.name}}
    if place == home or not taken.isdisjoint((place, *place.parents)):
        raise ValueError(f"is {_excerpt(folder)}, which the warehouse has for itself; choose another, like {default}.")
    return folder


def _one_line(text: str | None) -> str | None:
    if text is not None and not text.isprintable():
        raise ValueError("has a character that cannot be seen, such as a line break; take it out.")
    return text


def _host(text: str) -> str:
    if not re.fullmatch(r"[\w.:%-]+", text):
        raise ValueError(f"is “{_excerpt(text)}”; write the name or address of a machine, like 127.0.0.1.")
    return text


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@\s][^@]*@[^@\s]+", text) or not text.isprintable():
        raise ValueError(f"is “{_excerpt(text)}”; write a mail address, like press@example.kz.")
    return text


def _addresses(value: object) -> object:
    if not isinstance(value, str):
        return value
    return [_address(part.strip()) for part in value.split(",") if part.strip()]


def _portal_url(text: str) -> str:
    if "@" in text:  # not shown: it may be a password
        raise ValueError("names a user; write it like https://www.gov.kz.")
    if (parts := _web_parts(text)) is None or parts.path.strip("/") or parts.query:
        raise ValueError(f"is “{_excerpt(text)}”; write it like https://www.gov.kz.")
    return f"{parts.scheme}://{parts.netloc}"


def _web_address(text: str | None) -> str | None:
    if text is not None and _web_parts(text) is None:  # not shown: it may hold a token
        raise ValueError("is no URL; write it like https://chat.example.kz/hooks/….")
    return text


def _web_parts(text: str) -> SplitResult | None:
    with suppress(ValueError):
        parts = urlsplit(text)
        if text.isprintable() and parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    return None


def _pairs(value: object) -> object:
    """A JSON object of texts as a dictionary; what it holds is secret, and in no message."""
    pairs = None
    with suppress(ValueError, RecursionError):
        pairs = json.loads(value) if isinstance(value, str) else value
    if not isinstance(pairs, Mapping) or not all(isinstance(text, str) for text in pairs.values()):
        raise ValueError('is no JSON object of texts; write it like {"Name": "value"}.')
    try:
        "".join((*pairs, *pairs.values())).encode()
    except UnicodeEncodeError:
        raise ValueError(r"has half a character, as \ud83d without its other half; it is not shown here.") from None
    return pairs


Count = Annotated[int, Field(ge=0, le=1_000_000)]
Port = Annotated[int, Field(ge=0, le=65_535)]
Threads = Annotated[int, Field(ge=0, le=1_024)]
Megabytes = Annotated[int, Field(ge=64, le=100_000_000)]
Seconds = Annotated[float, Field(ge=0, le=LONGEST_WAIT_S, allow_inf_nan=False)]
AbsolutePath = Annotated[Path, AfterValidator(absolute)]
WarehouseFile = Annotated[Path, AfterValidator(warehouse_file)]
Line = Annotated[str, AfterValidator(_one_line)]
Host = Annotated[str, AfterValidator(_host)]
MailAddress = Annotated[str, AfterValidator(_address)]
MailAddresses = Annotated[tuple[str, ...], BeforeValidator(_addresses)]
PortalUrl = Annotated[str, AfterValidator(_portal_url)]
Secret = Annotated[str | None, AfterValidator(_one_line), Field(repr=False)]
SecretUrl = Annotated[Secret, AfterValidator(_web_address)]
SecretPairs = Annotated[Mapping[str, str], BeforeValidator(_pairs), Field(repr=False)]


def _excerpt(value: object) -> str:
    """A wrong value as a message repeats it: its beginning, where it is long."""
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def refusal(error: ValidationError) -> str:
    """The first thing that is wrong, as one line: the variable, and what to write; the value unless it is secret."""
    wrong = error.errors()[0]
    name, value, context = wrong["loc"][0], _excerpt(wrong["input"]), wrong.get("ctx", {})
    match wrong["type"]:
        case "value_error":
            words = str(context["error"])
        case "literal_error":
            choices = context["expected"].replace("'", "").replace(" or ", ", ")
            words = f"is “{value}”; it can be {choices}."
        case "greater_than_equal":
            least = f"must be at least {context['ge']:,}" if context["ge"] else "cannot be negative"
            words = f"is {value}; it {least}."
        case "less_than_equal":
            words = f"is {value}; it can be at most {context['le']:,.0f}."
        case "finite_number":
            words = f"is “{value}”, which is no number to count with."
        case "int_parsing" | "float_parsing":
            words = f"is “{value}”, which is no {'whole number' if value[:1].isdigit() else 'number'}."
        case "int_parsing_size":
            words = f"is {value}, a number too long to read."
        case _:
            words = f"cannot be read: {wrong['msg']}."
    return f"{name} {words}"
