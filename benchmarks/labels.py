"""Read the labelled passages of `tests/labelled`: texts with their facts marked in place.

A passage is a file: its day, its title, an empty line, its body. A mark is `{surface|label}`; marks may lie within
marks. `tests/labelled/README.md` says what labels there are, and what counts as what.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "tests" / "labelled"
PARTS = ("seed", "development", "test")
LANGUAGES = ("en", "ru", "kk")
FIELDS = ("title", "body")
MENTIONS = ("person", "organisation", "place", "eponym")
APPROXIMATIONS = ("about", "more_than", "less_than", "up_to", "at_least")
DIRECTIONS = ("up", "down")
CHANGES = ("by", "to", "from")

NUMBER = r"-?\d+(?:\.\d+)?(?:e\d+)?"
FIGURE = re.compile(rf"({NUMBER})(?:\.\.({NUMBER}))? (\w+)((?: [a-z_]+)*?)(?: of (.+))?")
NAME = re.compile(rf"({'|'.join((*MENTIONS, 'office', 'quote'))})(?: (\w+))?")
PROMISE = re.compile(r"promise (\d{4}-\d\d-\d\d)")
BRACKET = re.compile(r"[{}]")


class BadLabelError(ValueError):
    """A passage that cannot be read: says where and why."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a passage, labelled or read. `start` and `end` cut `surface` out of the field's text.

    `kind` is figure, person, office, organisation, place, eponym, promise or quote. `key` says who: of a person all
    mentions have the same, of an office the person who has it, of a quote the speaker. `may_be` marks what the guide
    leaves open: reading it is neither right nor wrong. Only what is read has an `alternative` value and, of a
    person, the place of the mention it resolves to.
    """

    kind: str
    field: str
    start: int
    end: int
    surface: str
    may_be: bool = False
    key: str | None = None
    value: float | None = None
    value_high: float | None = None
    alternative: float | None = None
    unit: str | None = None
    subject: str | None = None
    approximation: str = "none"
    direction: str = "none"
    change: str = "none"
    deadline: datetime.date | None = None
    resolved_start: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A labelled text."""

    part: str
    name: str
    language: str
    date: datetime.date
    title: str
    body: str
    facts: tuple[Fact, ...]

    def text(self, field: str) -> str:
        """The text of title or body."""
        return self.title if field == "title" else self.body


def passages(part: str, folder: Path = FOLDER) -> list[Passage]:
    """All passages of a part, by name. Raises `BadLabelError`."""
    return [read(path) for path in sorted((folder / part).glob("*.txt"))]


def read(path: Path) -> Passage:
    """The passage of a file `<part>/<language>-<name>.txt`. Raises `BadLabelError`."""
    day, title, empty, body = (path.read_text(encoding="utf-8") + "\n\n\n").split("\n", 3)
    language, _, name = path.stem.partition("-")
    if empty or language not in LANGUAGES or not name:
        message = f"{path}: a passage is <language>-<name>.txt: a day, a title, an empty line, a body"
        raise BadLabelError(message)
    texts, labels = {}, []
    for field, marked in zip(FIELDS, (title, body.rstrip("\n")), strict=True):
        try:
            texts[field], found = unmark(marked, field)
        except BadLabelError as error:
            message = f"{path}, {field}: {error}"
            raise BadLabelError(message) from error
        labels += found
    return Passage(path.parent.name, path.stem, language, datetime.date.fromisoformat(day), **texts, facts=(*labels,))


def unmark(marked: str, field: str) -> tuple[str, list[Fact]]:
    """The text without its marks, and the labels in the order of their places. Raises `BadLabelError`."""
    text, open_marks, labels, at = "", [], [], 0
    for bracket in BRACKET.finditer(marked):
        piece, at = marked[at : bracket.start()], bracket.end()
        if bracket[0] == "{":
            text += piece
            open_marks.append(len(text))
            continue
        surface, line, words = piece.rpartition("|")
        if not line or not open_marks:
            message = f"a mark without its label or beginning, before {marked[at : at + 30]!r}"
            raise BadLabelError(message)
        text += surface
        start = open_marks.pop()
        labels.append(label_of(words, field, start, text[start:]))
    text += marked[at:]
    if open_marks or "|" in text:
        message = f"a mark without its end: {text[open_marks[0] if open_marks else text.index('|') :][:30]!r}"
        raise BadLabelError(message)
    return text, sorted(labels, key=lambda label: (label.start, -label.end))


def label_of(words: str, field: str, start: int, surface: str) -> Fact:
    """What the words behind the line of a mark say. Raises `BadLabelError`."""
    may_be = words.startswith("? ")
    words = words.removeprefix("? ")
    place = {"field": field, "start": start, "end": start + len(surface), "surface": surface, "may_be": may_be}
    if match := PROMISE.fullmatch(words):
        return Fact("promise", **place, deadline=datetime.date.fromisoformat(match[1]))
    if match := NAME.fullmatch(words):
        return Fact(match[1], **place, key=match[2])
    if match := FIGURE.fullmatch(words):
        low, high, unit, said, subject = match.groups()
        said = dict(_sides(said.split(), words))
        value_high = float(high) if high else None
        return Fact("figure", **place, value=float(low), value_high=value_high, unit=unit, subject=subject, **said)
    message = f"no label: {words!r} of {surface!r}"
    raise BadLabelError(message)


def _sides(said: list[str], words: str) -> Iterator[tuple[str, str]]:
    """Approximation, direction and change among the words of a figure's label."""
    sides = {"approximation": APPROXIMATIONS, "direction": DIRECTIONS, "change": CHANGES}
    for word in said:
        side = next((name for name, known in sides.items() if word in known), None)
        if side is None:
            message = f"{word!r} says nothing about a figure: {words!r}"
            raise BadLabelError(message)
        yield side, word
