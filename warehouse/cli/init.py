"""`press init`: lay out a folder to work in."""

import errno
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.cli.settings import list_settings
from warehouse.errors import PressError

if TYPE_CHECKING:
    from warehouse.settings import Settings


def init(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="It may exist, but not with a .env.")]) -> None:
    """Lay out a folder to work in: one for data, and all settings as comments in .env."""
    from warehouse.report.text import visible
    from warehouse.settings import Settings

    env_file = folder / ".env"
    if env_file.exists():
        raise PressError(f"{env_file} exists already, and is left as it is.")
    if folder.exists() and not folder.is_dir():
        raise PressError(f"{folder} cannot be laid out: {os.strerror(errno.ENOTDIR)}.")
    settings = Settings().at(folder / "data" / "warehouse.duckdb")
    try:
        settings.inbox.mkdir(parents=True, exist_ok=True)
        # Only its owner may read it: it is the place for passwords.
        env_file.touch(mode=0o600, exist_ok=False)
        env_file.write_text(commented_settings(settings, folder.absolute()), encoding="utf-8")
    except OSError as error:
        raise PressError(f"{folder} cannot be laid out: {error.strerror}.") from error
    print(
        visible(
            f"Laid out {folder}: settings in .env, digests to load in data/inbox.\n"
            f"Next: cd {shlex.quote(str(folder))}, then press ingest DIGEST… and press query."
        )
    )


def commented_settings(settings: "Settings", folder: Path) -> str:
    """A `.env` for `folder`: each setting with its value as a comment, to be put into force by taking out the `#`."""
    lines = ["# Settings of press: take out the # before a line that you change. Paths start at this folder.", ""]
    for heading, group in list_settings(settings, folder).items():
        lines += [f"# {heading}", ""]
        for setting in group:
            # Where the package lies now is no path to keep.
            value = "" if setting.name == "PRESS_SEEDS" else setting.value and shlex.quote(setting.value)
            lines += [f"# {setting.description}", f"#{setting.name}={value}", ""]
    return "\n".join(lines)
