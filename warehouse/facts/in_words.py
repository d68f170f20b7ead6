"""Numbers in words of many texts at once: where one may begin is found in all of them, then each is read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from warehouse.facts.figure_words import FigureWords
from warehouse.normalise.number_words import NumberWords

_BEFORE = (" ", "\u00a0", "\n", "(", "-", "–")
_BEFORE_CAPITAL = (*_BEFORE, ".", "«", '"', "“", "!", "?", "…", ";", ":", "⸻")
_LETTERS = re.compile(r"[^\W\d_]+")
_BETWEEN = " \u00a0-"
FEW = 50_000
"""Code points of texts below which looking at every word is faster than building a search for all number words."""
MOST_WORDS = 16
"""Words of the longest number in words that is read."""


class Spelt(NamedTuple):
    """A number in words: first and last place in code points, and whether it is a multiplication such as `вдвое`."""

    first: int
    last: int
    value: float
    is_times: bool = False


def numbers_in_words(texts: list[str], language: str, words: FigureWords) -> list[list[Spelt]]:
    """The numbers in words of texts of one language, in their order."""
    times, numbers = words.by_language[language].times, words.numbers
    firsts = numbers.first_words(language) | times.keys()
    if sum(map(len, texts)) < FEW:
        places: Iterable[Iterator[int]] = (map(_start, _LETTERS.finditer(text)) for text in texts)
    else:
        # A text may begin with a number, so a blank comes before it.
        found = pl.Series([" " + text for text in texts], dtype=pl.String).str.find_many(_patterns(language, words))
        places = (_places(text, starts) for text, starts in zip(texts, found.to_list(), strict=True))
    reader = _Reader(language, numbers, times, firsts)
    return [[*reader.read(text, starts)] for text, starts in zip(texts, places, strict=True)]


def _start(match: re.Match[str]) -> int:
    return match.start()


def _places(text: str, starts: list[int]) -> Iterator[int]:
    """The places in code points where words may begin, of bytes of the text with a blank before it."""
    raw = text.encode() if starts else b""
    is_ascii = len(raw) == len(text)
    seen = place = 0
    for start in starts:
        # There is one sign before a word, whatever bytes it has; the blank before the text is one byte.
        at = start if is_ascii else start - 1
        if not is_ascii and at >= 0:
            place += len(raw[seen:at].decode())
            seen = at
        yield (at if is_ascii else place + 1) if start else 0


@lru_cache(maxsize=16)
def _patterns_of(language: str, numbers: NumberWords, times: tuple[str, ...]) -> pl.Series:
    firsts = sorted({*numbers.first_words(language), *times})
    small = [mark + word for word in firsts for mark in _BEFORE]
    capital = [
        mark + spelt for word in firsts for mark in _BEFORE_CAPITAL for spelt in (word.capitalize(), word.upper())
    ]
    return pl.Series([*small, *capital]).unique().implode()


def _patterns(language: str, words: FigureWords) -> pl.Series:
    """What each number in words begins with, with the sign before it."""
    return _patterns_of(language, words.numbers, tuple(words.by_language[language].times))


def _begins(text: str, first: int, word: str, firsts: AbstractSet[str]) -> bool:
    """Whether a word at a place is one that numbers begin with, behind a sign that may stand before one."""
    small = word.lower()
    if small not in firsts:
        return False
    if first == 0:
        return word in (small, word.capitalize(), word.upper())
    return text[first - 1] in (_BEFORE if word == small else _BEFORE_CAPITAL)


class _Reader(NamedTuple):
    """Reads the numbers in words of texts in one language."""

    language: str
    numbers: NumberWords
    times: Mapping[str, float]
    firsts: AbstractSet[str]

    def read(self, text: str, places: Iterable[int]) -> Iterator[Spelt]:
        """The numbers that begin at some of these places."""
        language, numbers, times, firsts = self
        behind = 0
        for first in places:
            if first < behind:
                continue
            match = _LETTERS.match(text, first)
            if match is None or not _begins(text, first, match.group(), firsts):
                continue
            word = match.group().lower()
            if word in times:
                yield Spelt(first, match.end(), times[word], is_times=True)
                behind = match.end()
                continue
            if not _goes_on(text, match, language, numbers):
                single = _single(word, language, numbers)
                if single is not None and not _is_tied_ordinal(text, match.end()):
                    behind = match.end()
                    yield Spelt(first, behind, single)
                continue
            surfaces, ends = _run(text, match)
            number = numbers.read(surfaces, 0, len(surfaces), language)
            if number and not _is_tied_ordinal(text, ends[number.count - 1]):
                behind = ends[number.count - 1]
                yield Spelt(first, behind, float(number.value))


def _goes_on(text: str, match: re.Match[str], language: str, numbers: NumberWords) -> bool:
    """Whether the word behind a number word may belong to the number too."""
    end = match.end()
    following = _LETTERS.match(text, end + 1) if text[end : end + 1] in _BETWEEN else None
    return following is not None and following.group().lower() in numbers.all_words(language)


@lru_cache(maxsize=1 << 12)
def _single(word: str, language: str, numbers: NumberWords) -> float | None:
    """The value of a number of one word; None where the word is none by itself."""
    number = numbers.read([word], 0, 1, language)
    return float(number.value) if number else None


def _run(text: str, match: re.Match[str]) -> tuple[list[str], list[int]]:
    """The words from one on, with blanks or hyphens between, and where each ends."""
    surfaces, ends = [match.group()], [match.end()]
    while len(surfaces) < MOST_WORDS:
        end = ends[-1]
        following = _LETTERS.match(text, end + 1) if text[end : end + 1] in _BETWEEN and end < len(text) else None
        if not following:
            break
        surfaces.append(following.group())
        ends.append(following.end())
    return surfaces, ends


def _is_tied_ordinal(text: str, end: int) -> bool:
    return text[end : end + 1] == "-" and re.match(r"-(?:ші|шы|нші|ншы|й|го|м)\b", text[end : end + 5]) is not None
