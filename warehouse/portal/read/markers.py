"""What stands around the body of a rendered page, by `seeds/portal_markers.csv`, and the months of its date."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from warehouse.errors import UsageError
from warehouse.reference.months import month_numbers
from warehouse.reference.rows import SEEDS, read_rows, reference_file

KINDS = (
    *("views", "viewed", "magnitude", "directions", "related", "shell"),
    *("absent", "filler", "return", "section", "gate", "pause"),
)
"""Above the body the count of views, its word before the number or behind it, with a word of magnitude; below it the
release's topics, then other releases. How a shell's title begins.

What pages say that are no release: that there is none, with words that may stand beside it, and a link away; headings
of the site's own pages, of one that asks who reads it, and of one shown while the portal is out of order."""
LETTERS = 3
"""Letters from which on the beginning of a month's name stands for it, if for no other."""

_OTHERWISE = "или|либо|возможно|немесе|мүмкін|or|perhaps|maybe"  # what follows says what else may have happened
_markers: ContextVar["Markers | None"] = ContextVar("markers", default=None)
_NAMES = ("name_en", "name_ru", "name_kk")
_GROUP = " .,'’ʼ·"  # what parts groups of digits, or decimals
_NUMBER = rf"[0-9]{{1,3}}(?:[{_GROUP}][0-9]{{3}})+(?![0-9])(?:[.,][0-9]{{1,2}}(?![0-9]))?|[0-9]+(?:[.,][0-9]+)?"
_RUN = rf"[0-9](?:[{_GROUP}]?[0-9]){{0,20}}"


@dataclass(frozen=True, slots=True)
class Markers:
    """The markers of all languages together, for a page may be in another than asked.

    `views` finds a count of views, its number in the group count or bare, if it is there; `count` is a line that has
    nothing but such a number, with its word behind it or without. `absent` is a line that says there is no such page.
    Sets of words are in small letters. `months` gives the number of a month in any form, and by its beginning, in small
    letters. `languages` has those of the words `views`, `directions` and `related`, in small letters.
    """

    views: re.Pattern[str]
    count: re.Pattern[str]
    directions: frozenset[str]
    related: frozenset[str]
    shell: tuple[str, ...]
    absent: re.Pattern[str]
    links: frozenset[str]
    section: frozenset[str]
    gate: frozenset[str]
    pause: frozenset[str]
    months: Mapping[str, int]
    languages: Mapping[str, frozenset[str]]


@contextmanager
def read_by(seeds: Path) -> Iterator[None]:
    """Read pages by the reference rows that a folder has now, while this context lasts; without one by the program's.

    Raises what `load_markers` raises.
    """
    before = _markers.set(load_markers(seeds))
    try:
        yield
    finally:
        _markers.reset(before)


def current_markers() -> Markers:
    """The markers that pages are read by: no file is looked at, for this is asked several times for each page."""
    return _markers.get() or _of_program()


@cache
def _of_program() -> Markers:
    return load_markers(SEEDS)


def load_markers(seeds: Path) -> Markers:
    """The markers in a folder of reference files. Raises UsageError naming the file and the line that is wrong."""
    path, months, publishers = (reference_file(seeds, name) for name in ("portal_markers", "months", "publishers"))
    texts: dict[str, list[str]] = {kind: [] for kind in KINDS}
    languages: dict[str, frozenset[str]] = {}
    for line, row in enumerate(read_rows(path, ("kind", "text")).iter_rows(named=True), start=2):
        if row["kind"] not in texts or not (row["text"] or "").strip():
            raise UsageError(f"{path}, line {line}: kind “{row['kind']}”, text “{row['text']}”; kinds are {KINDS}.")
        text = heading_of(row["text"])
        texts[row["kind"]].append(text)
        languages[text] = languages.get(text, frozenset()) | {row.get("language") or ""}
    views, viewed, magnitudes = (_any_of(texts[kind]) for kind in ("views", "viewed", "magnitude"))
    # A short one stands at its number, else “61 K” could begin a sentence behind the number.
    magnitude = rf"(?:\s?(?:{magnitudes})(?!\w)\.?)?"
    counted = rf"(?:{_RUN}{magnitude}(?=\s*$)|(?:{_NUMBER})(?:(?:{magnitudes})(?!\w))?)"
    return Markers(
        views=re.compile(
            rf"(?<!\w)(?P<word>{views})(?:\s*:\s*(?P<count>{counted})?|\s+(?P<bare>{counted}))", re.IGNORECASE
        ),
        count=re.compile(rf"(?:{_RUN}){magnitude}(?:\s(?:{viewed}))?", re.IGNORECASE),
        directions=frozenset(texts["directions"]),
        related=frozenset(texts["related"]),
        shell=tuple(texts["shell"]),
        absent=_absence(texts["absent"], texts["filler"], texts["return"]),
        links=frozenset(texts["return"]),
        section=frozenset([*texts["section"], *_names(publishers)]),
        gate=frozenset(texts["gate"]),
        pause=frozenset(texts["pause"]),
        months=_with_beginnings(month_numbers(read_rows(months, ("month", "form")))),
        languages=languages,
    )


def _names(publishers: Path) -> Iterator[str]:
    """The names of publishers, which head their own pages."""
    for names in read_rows(publishers, _NAMES).select(_NAMES).iter_rows():
        yield from (heading_of(name) for name in names if name)


def heading_of(line: str) -> str:
    """A line as it is compared with headings: in small letters, without a colon or stop behind it."""
    return line.strip().rstrip(" :.…").lower()


def _any_of(texts: Iterable[str]) -> str:
    """A pattern for any of these, the longer before the shorter; of none for what never stands anywhere."""
    return "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True)) or r"(?!)"


def _absence(phrases: Iterable[str], fillers: Iterable[str], links: Iterable[str]) -> re.Pattern[str]:
    """A pattern for a line that says there is no such page, in whole.

    Fillers may stand before and behind the phrase; a number among them says so alone. Behind it the portal's name may
    stand, a link away, or what else may have happened to the page.
    """
    beside = _any_of(fillers)
    numbers = "|".join(filler for filler in fillers if filler.isdecimal()) or r"(?!)"
    between = rf"(?:[\s,]+(?:{beside}))*[\s,]+"
    any_phrase = "|".join(re.escape(phrase).replace(r"\ ", between, 1) for phrase in phrases) or r"(?!)"
    away = rf"(?:[\s.,:;!?|–—-]+(?:{_any_of([*fillers, *links])}|gov\.kz))*"
    said = rf"(?:(?:{any_phrase})(?:[.,]?\s(?:{_OTHERWISE})\b.*)?|(?:{numbers}))"
    return re.compile(rf"\W*(?:(?:{beside})[\s.,:;!|–—-]+)*{said}{away}\W*", re.IGNORECASE)


def _with_beginnings(months: Mapping[str, int]) -> dict[str, int]:
    months_by_beginning: dict[str, set[int]] = {}
    for form, month in months.items():
        for end in range(LETTERS, len(form)):
            months_by_beginning.setdefault(form[:end], set()).add(month)
    return {begin: min(numbers) for begin, numbers in months_by_beginning.items() if len(numbers) == 1} | dict(months)
