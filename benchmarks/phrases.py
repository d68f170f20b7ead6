"""Sentence parts for synthetic press releases, built once from the word lists in `vocabulary/`.

A body is put together from three pools of parts (opening, middle, closing), so that composing it costs a few
microseconds while no two bodies repeat each other and the text compresses about as much as the real one.
"""

from __future__ import annotations

import functools
import random
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

VOCABULARY = Path(__file__).parent / "vocabulary"
PHRASE_LISTS = {
    "field", "organisation", "person_role", "title", "opening", "middle", "closing", "heading", "contact",
    "percent_form", "money_form", "number_form",
}  # fmt: skip

PLACES = 65_536
GLUED_SENTENCES = 0.35  # sentence joints whose paragraph break was lost: about 90 in the 11 bodies of the seed
RULES_WITH_HEADING = 0.015  # of all joints: `⸻Heading` glued to both neighbours


@dataclass(frozen=True, slots=True)
class Phrases:
    """The pools of one language; a sentence is opening + middle + closing, joint included.

    The three pools of sentence parts are repeated to 65,536 places, so that two random bytes make an index.
    """

    titles: list[str]
    openings: list[str]
    middles: list[str]
    closings: list[str]
    contacts: list[str]


def _read_lists(language: str) -> dict[str, list[str]]:
    raw = tomllib.loads((VOCABULARY / f"{language}.toml").read_text(encoding="utf-8"))
    lists: dict[str, list[str]] = {}
    for name, text in raw.items():
        words = text.replace("\n", "|").split("|") if name in PHRASE_LISTS else text.split()
        lists[name] = [word for word in words if word]
    return lists


def _plural(noun: str) -> str:
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def _with_article(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


class _Slots(Mapping[str, str]):
    """What fills `{noun}`, `{person}`, … in a sentence part: a fresh draw at each look-up."""

    def __init__(self, lists: dict[str, list[str]], rng: random.Random) -> None:
        self._lists = lists
        self._rng = rng
        self._composed: dict[str, Callable[[], str]] = {
            "Noun": lambda: self._draw("noun").capitalize(),
            "Verb": lambda: self._draw("verb").capitalize(),
            "Adjective": lambda: self._draw("adjective").capitalize(),
            "nouns": lambda: _plural(self._draw("noun")),
            "a_noun": lambda: _with_article(self._draw("noun")),
            "A_noun": lambda: _with_article(self._draw("noun")).capitalize(),
            "an_adjective": lambda: _with_article(self._draw("adjective")),
            "An_adjective": lambda: _with_article(self._draw("adjective")).capitalize(),
            "person": self._person,
            "role_person": lambda: f"{self._draw('person_role')} {self._person()}",
            "number": self._number,
            "Number": self._number,
            "percent": lambda: self._draw("percent_form").format_map(self),
            "money": lambda: self._draw("money_form").format_map(self),
            "day": lambda: str(rng.randrange(1, 29)),
            "digit": lambda: str(rng.randrange(1, 10)),
            "year": lambda: str(rng.randrange(2019, 2031)),
            "dotted_date": lambda: f"{rng.randrange(1, 29):02}.{rng.randrange(1, 13):02}.20{rng.randrange(19, 26)}",
        }

    def _draw(self, name: str) -> str:
        words = self._lists[name]
        return words[int(len(words) * self._rng.random() ** 2)]

    def _person(self) -> str:
        return f"{self._draw('first_name')} {self._draw('surname_stem')}{self._draw('surname_ending')}"

    def _number(self) -> str:
        return str(int(10 ** (1 + 3 * self._rng.random())))

    def __getitem__(self, name: str) -> str:
        composed = self._composed.get(name)
        if composed is not None:
            return composed()
        return self._draw(name)

    def __iter__(self) -> Iterator[str]:
        return iter([*self._lists, *self._composed])

    def __len__(self) -> int:
        return len(self._lists) + len(self._composed)


def _fill_places(parts: list[str]) -> list[str]:
    return list(islice(cycle(parts), PLACES))


@functools.cache
def build_phrases(language: str, seed: int, size: int) -> Phrases:
    """Build the pools of `language` (en, ru, kk): `size` parts in each, the same for the same arguments."""
    lists = _read_lists(language)
    rng = random.Random(f"{seed}/phrases/{language}")
    slots = _Slots(lists, rng)

    def pool(name: str, count: int) -> list[str]:
        templates = lists[name]
        return [templates[i % len(templates)].format_map(slots) for i in range(count)]

    def joint() -> str:
        draw = rng.random()
        if draw < RULES_WITH_HEADING:
            return "⸻" + rng.choice(lists["heading"]).format_map(slots)
        return "" if draw < RULES_WITH_HEADING + GLUED_SENTENCES else " "

    return Phrases(
        titles=pool("title", size // 2),
        openings=_fill_places([part + " " for part in pool("opening", size)]),
        middles=_fill_places([part + " " for part in pool("middle", size)]),
        closings=_fill_places([part + joint() for part in pool("closing", size)]),
        contacts=pool("contact", size // 20 + 20),
    )
