"""`press settings`: the settings in use as a table, or all of them with their defaults as docs/settings.md."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from warehouse.cli.terminal import settings_at
from warehouse.errors import UsageError

if TYPE_CHECKING:
    from warehouse.settings import Settings

HEAD = """\
# Settings

Written by `make dictionary` from `warehouse/settings.py`; do not edit it.

Settings are environment variables, or lines of a `.env` file: `NAME=value`. The environment goes before the file, and
an empty value is the default. The file lies in the folder that one works in: the nearest folder, at or above the
current one, that `press init FOLDER` laid out; else the checkout; else, for an installed package, the current folder.
Its paths start at that folder, and nothing in it is expanded: `$` is a dollar sign. A `PRESS_*` name that is no setting
is refused. `press settings` shows the values in use.
"""
FOOT = """\

## Besides

`PRESS_LOG` is an environment variable alone: `debug`, `info`, `warning` or `error` for what the command line writes on
standard error. `XDG_STATE_HOME`, by default `~/.local/state`, is where the programs of a user keep the time of the last
request to a portal, and what was typed into `press sql`. `XDG_CACHE_HOME`, by default `~/.cache`, is where they keep
what can be made again: here the empty warehouse of each schema, 0.4 MB, that new ones are copied from. `PRESS_PROJECT`
says to a Prefect worker where the project lies.
"""


class Setting(NamedTuple):
    """A setting: the variable's name, its value as one writes it, what it is for, and whether to hide the value."""

    name: str
    value: str
    description: str
    is_secret: bool


def list_settings(settings: "Settings", folder: Path | None = None) -> dict[str, list[Setting]]:
    """All `PRESS_*` settings with their values, under a heading for each group; paths within `folder` start at it."""
    return {
        str(type(group).__doc__).rstrip("."): [
            # A folder that is not set lies beside the warehouse: the property of its name says where.
            Setting(variable, _text(getattr(group, name.removesuffix("_folder")), folder), description, not field.repr)
            for name, field in type(group).model_fields.items()
            if (description := field.description) and (variable := str(field.validation_alias)).startswith("PRESS_")
        ]
        for group in (settings, settings.portal, settings.server, settings.alerts)
    }


def _text(value: object, folder: Path | None) -> str:
    match value:
        case None:
            return ""
        case Path():
            return str(value.relative_to(folder) if folder and value.is_relative_to(folder) else value)
        case tuple():
            return ",".join(value)
        case dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value).removesuffix(".0")


def document() -> str:
    """docs/settings.md: every setting with its default and what it is for."""
    from warehouse.settings import Settings, workplace

    lines = []
    for heading, settings in list_settings(Settings(), workplace()).items():
        lines += ["", f"## {heading}", "", "| setting | default | |", "|---|---|---|"]
        for setting in settings:
            value = f"`{setting.value}` " if setting.value else ""
            lines.append(f"| `{setting.name}` | {value}| {setting.description} |")
    return HEAD + "\n".join(lines) + "\n" + FOOT


def show_settings(
    output: Annotated[str, typer.Option("--format", help="table, or markdown of the defaults.")] = "table",
) -> None:
    """Show the settings in use."""
    from warehouse.report.text import visible

    if output == "markdown":
        print(document(), end="")
    elif output == "table":
        for settings in list_settings(settings_at(None)).values():
            for setting in settings:
                value = "(not shown)" if setting.is_secret and setting.value.strip("{}") else setting.value
                print(visible(f"{setting.name:26} {value}").rstrip())
    else:
        raise UsageError(f"--format {output}: it can be table, markdown.")
