"""What stands around the body of a rendered page, by `seeds/portal_markers.csv`, and the months of its date."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from warehouse.errors import UsageError
from warehouse.settings import PROJECT

KINDS = ("views", "directions", "related", "shell")
"""Above the body the count of views; below it the release's topics, then other releases. How a shell's title begins."""

_NUMBER = "(?:[0-9]{1,3}(?: [0-9]{3})+(?![0-9])|[0-9]+)"
_COUNT = f"(?P<count>{_NUMBER})"


@dataclass(frozen=True, slots=True)
class Markers:
    """The markers of all languages together, for a page may be in another than asked.

    `views` finds a count of views, its number in the group count or bare, if it is there. `directions`, `related` and
    `shell` are in small letters. `months` gives the number of a month in any form, in small letters.
    """

    views: re.Pattern[str]
    directions: frozenset[str]
    related: frozenset[str]
    shell: tuple[str, ...]
    months: Mapping[str, int]


@cache
def load_markers(seeds: Path = PROJECT / "seeds") -> Markers:
    """Read the reference rows, once. Raises UsageError naming the file and the line that is wrong."""
    texts: dict[str, list[str]] = {kind: [] for kind in KINDS}
    path = seeds / "portal_markers.csv"
    for line, row in enumerate(_rows(path, ("kind", "text")), start=2):
        if row["kind"] not in texts or not row["text"].strip():
            raise UsageError(f"{path}, line {line}: kind “{row['kind']}”, text “{row['text']}”; kinds are {KINDS}.")
        texts[row["kind"]].append(heading_of(row["text"]))
    views = "|".join(re.escape(text) for text in sorted(texts["views"], key=len, reverse=True))
    return Markers(
        views=re.compile(rf"(?<!\w)(?:{views})(?:\s*:\s*{_COUNT}?|\s+(?P<bare>{_NUMBER}))", re.IGNORECASE),
        directions=frozenset(texts["directions"]),
        related=frozenset(texts["related"]),
        shell=tuple(texts["shell"]),
        months={row["form"].lower(): int(row["month"]) for row in _rows(seeds / "months.csv", ("form", "month"))},
    )


def heading_of(line: str) -> str:
    """A line as it is compared with headings: in small letters, without a colon or stop behind it."""
    return line.strip().rstrip(" :.…").lower()


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise UsageError(f"The reference file {path} cannot be read: {error.strerror}.") from error
    if not rows or any(row.get(column) is None for row in rows for column in columns):
        raise UsageError(f"The reference file {path} needs {', '.join(columns)} in every row.")
    return rows
