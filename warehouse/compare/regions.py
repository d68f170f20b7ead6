"""Two versions of a title or body, and the regions where their words differ.

What both begin and end with alike is left unread, see `warehouse.compare.middle`; only its words are counted.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise, takewhile
from typing import Self

from warehouse.compare.alignment import MOST_ALIGNED, Region, differences
from warehouse.compare.characters import is_figure
from warehouse.compare.dates import Date, dates_within
from warehouse.compare.figures import Figure, figure, figures_in_words, goes_on
from warehouse.compare.folding import count_words, surfaces, words
from warehouse.compare.middle import surroundings
from warehouse.compare.vocabulary import Vocabulary
from warehouse.normalise.number_words import NumberWords

TELLING_LETTERS = 4
"""Letters from which on a neighbour in common says that two figures are about the same."""

_SENTENCE_END = re.compile(r"[.!?…:;•⸻\n\r\u2028\u2029]")
FIGURE_KEY = "\x00"
"""Begins the keys of figures; no word has it."""
VALUE_KEY = "\x01"
"""Stands in the keys of number words, before the value."""
_FIGURES = re.compile(f"{FIGURE_KEY}+")
WITHIN_DATE = 2
"""Words in the middle of a date that stay when its parts change places."""
AHEAD = 3
"""Words behind a region that are looked at: the units of a figure, and the neighbour behind them."""


class Version:
    """The words of one version; `keys` are those of its words, with figures that mean the same made equal.

    Words that make up a number have its value in their keys, so that where any of them changes all do.
    """

    def __init__(self, text: str, number_words: NumberWords | None = None) -> None:
        self.text = text
        self.words = words(text)
        self.keys = list(self.words.keys)
        self._figures: dict[tuple[int, int], Figure] = {}
        for at, surface in enumerate(self.words.surfaces):
            if is_figure(surface):
                self.keys[at] = f"{FIGURE_KEY}{self._figure(at, at).key}"
        self._in_words = figures_in_words(self.words, number_words) if number_words else []
        for number in self._in_words:
            for at in range(number.at, number.last + 1):
                self.keys[at] += f"{VALUE_KEY}{number.key}"

    def __len__(self) -> int:
        """How many words there are."""
        return len(self.keys)

    def figures(self, first: int, last: int) -> list[Figure]:
        """The figures among words first to last - 1, with the units behind them, wherever those end."""
        figures = []
        at = first
        while at < last:
            end = at
            if self.keys[at][0] == FIGURE_KEY:
                while end + 1 < last and goes_on(self.words, end):
                    end += 1
                figures.append(self._figure(at, end))
            at = end + 1
        return figures

    def figures_in_words(self, first: int, last: int) -> list[Figure]:
        """The numbers in words that begin among words first to last - 1."""
        begin = bisect_left(self._in_words, first, key=lambda number: number.at)
        return list(takewhile(lambda number: number.at < last, self._in_words[begin:]))

    def _figure(self, at: int, last: int) -> Figure:
        if (at, last) not in self._figures:
            self._figures[at, last] = figure(self.words, at, last)
        return self._figures[at, last]

    def begins_sentence(self, at: int) -> bool:
        """Whether a sentence, a heading or an item begins with this word."""
        gap = self.words.gap(at)
        if not at:
            return True
        before = self.words.surfaces[at - 1]
        if gap.startswith((".", ")")) and is_figure(before):
            return True
        is_abbreviation = len(before) == 1 or (len(before) == 2 and before.islower())
        if gap.startswith(".") and is_abbreviation:
            return bool(_SENTENCE_END.search(gap[1:]))
        return not gap or before in ("!", "?") or bool(_SENTENCE_END.search(gap))

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Characters of the received text that words first to last - 1 stand at, with the minus before the first."""
        begin, end = self.words.place(first, last)
        if first < last and self.keys[first].startswith(f"{FIGURE_KEY}-"):
            begin, _ = self.words.place_of(self.words.starts[first] - 1, self.words.starts[first])
        return begin, end

    def surface(self, value: Figure) -> str:
        """A figure as it stands in the text, with its minus and its unit."""
        begin = self.words.starts[value.at] - (value.minus == 2)
        return self.words.text[begin : self.words.ends[value.last + value.units]]


Stretch = tuple[Version, int, int]
"""A version and its words n to m - 1."""


class Comparison:
    """Two versions of a title or body and the regions where their words differ.

    `before` and `after` are read without the first `head` and the last `tail` characters, which are the same in both.
    Where what is left of both is too long to be aligned, nothing of it is read: it `is_rewritten`, as a whole.
    """

    def __init__(
        self, part: str, before: str, after: str, vocabulary: Vocabulary, alike: tuple[int, int] = (0, 0)
    ) -> None:
        self.part, self.texts, self.date_words = part, (before, after), vocabulary.dates
        self.head, self.tail = alike
        left, right = self.middles
        self.is_rewritten = before != after and len(left) + len(right) > MOST_ALIGNED
        if self.is_rewritten:
            left = right = ""
        self.before = Version(left, vocabulary.numbers)
        self.after = Version(right, vocabulary.numbers) if right != left else self.before

    @classmethod
    def at_the_middle(cls, part: str, before: str, after: str, vocabulary: Vocabulary) -> Self:
        """Read only as much as is needed around what differs."""
        comparison = cls(part, before, after, vocabulary, surroundings(before, after))
        if (comparison._reaches_tail() or comparison._reaches_head()) and len(before) + len(after) <= MOST_ALIGNED:
            return cls(part, before, after, vocabulary)
        return comparison

    @property
    def middles(self) -> tuple[str, str]:
        """Both versions without what both begin and end with."""
        before, after = (text[self.head : len(text) - self.tail] for text in self.texts)
        return before, after

    def _reaches_tail(self) -> bool:
        """Whether words could as well be taken from what was not read: it repeats the words that came or went."""
        if not self.tail or not self.regions:
            return False
        last = self.regions[-1]
        return min(len(self.before) - last.i2, len(self.after) - last.j2) < AHEAD

    @cached_property
    def regions(self) -> list[Region]:
        """Where the words differ, in order and apart."""
        if say_the_same(*self.sides(Region(0, len(self.before), 0, len(self.after)))):
            return []
        joined: list[Region] = []
        for region in differences(self.before.keys, self.after.keys):
            if joined and self._are_one_date(joined[-1], region):
                joined[-1] = Region(joined[-1].i1, region.i2, joined[-1].j1, region.j2)
            else:
                joined.append(region)
        return joined

    @cached_property
    def dates(self) -> tuple[list[Date], list[Date]]:
        """The dates in either version."""
        before, after = (self.date_words.dates(version.words.text) for version in (self.before, self.after))
        return before, after

    def dates_in(self, region: Region) -> tuple[dict[int, Date], dict[int, Date]]:
        """The words of a region that stand in a date as a whole, with that date, in either version."""
        before, after = (
            dates_within(dates, version.words, first, last)
            for dates, (version, first, last) in zip(self.dates, self.sides(region), strict=True)
        )
        return before, after

    def _are_one_date(self, left: Region, right: Region) -> bool:
        """Whether what lies between belongs to one date with its parts in another order: `May 16, 2025`, `16 May`."""
        count = right.i1 - left.i2
        if count > WITHIN_DATE:
            return False
        dates = [
            {date.key for date in inside.values()} if len(inside) == count else set()
            for inside in self.dates_in(Region(left.i2, right.i1, left.j2, right.j1))
        ]
        has_moved = (left.i1 == left.i2 and right.j1 == right.j2) or (left.j1 == left.j2 and right.i1 == right.i2)
        return len(dates[0]) == len(dates[1]) == 1 and (has_moved or dates[0] == dates[1])

    @property
    def changed(self) -> int:
        """The words of both versions in regions; all that are not alike where it is rewritten."""
        if self.is_rewritten:
            return sum(map(count_words, self.middles))
        return sum(size(region) for region in self.regions)

    @property
    def total(self) -> int:
        """The words of both versions."""
        middle = self.changed if self.is_rewritten else len(self.before) + len(self.after)
        return middle + 2 * count_words(self._surroundings)

    def _reaches_head(self) -> bool:
        """Whether a number in words that changed may begin in what was not read."""
        if not self.head or not self.regions:
            return False
        ends = [version.figures_in_words(0, 1) for version in (self.before, self.after)]
        return any(number.last + 1 >= self.regions[0].i1 for numbers in ends for number in numbers)

    @property
    def _surroundings(self) -> str:
        """What was not read, once, though both versions have it."""
        before = self.texts[0]
        return before[: self.head] + before[len(before) - self.tail :]

    @cached_property
    def capitals_say_nothing(self) -> bool:
        """Whether nearly all words of a version are capitalised, as in titles of some languages."""
        unread = _long_and_capital(surfaces(self._surroundings[:MOST_ALIGNED]))
        read = (_long_and_capital(version.words.surfaces) for version in (self.before, self.after))
        shares = [(unread[0] + long, unread[1] + capital) for long, capital in read]
        return any(long >= 3 and capital >= 0.8 * long for long, capital in shares)

    def sides(self, region: Region) -> tuple[Stretch, Stretch]:
        """Both versions with the words of a region in them."""
        return (self.before, region.i1, region.i2), (self.after, region.j1, region.j2)

    def has_cosmetic(self) -> bool:
        """Whether what stands between the regions was written in another way."""
        if self.is_rewritten:
            return False
        if not self.regions:
            return self.texts[0] != self.texts[1]
        return any(_text_of(*old) != _text_of(*new) for old, new in self._between())

    def places(self, region: Region) -> tuple[tuple[int, int], tuple[int, int]]:
        """Characters that a region stands at in either version, read or not."""
        (old, until), (new, end) = (version.place(first, last) for version, first, last in self.sides(region))
        return (self.head + old, self.head + until), (self.head + new, self.head + end)

    def _between(self) -> Iterator[tuple[Stretch, Stretch]]:
        """What lies before, between and behind the regions, in either version."""
        edges = [Region(0, 0, 0, 0), *self.regions, Region(len(self.before), 0, len(self.after), 0)]
        for left, right in pairwise(edges):
            yield self.sides(Region(left.i2, right.i1, left.j2, right.j1))


def size(region: Region) -> int:
    """The words of both sides of a region."""
    return region.i2 - region.i1 + region.j2 - region.j1


def _long_and_capital(surfaces: list[str]) -> tuple[int, int]:
    """How many words are long enough to tell, and how many of those are capitalised."""
    begins = [word[0] for word in surfaces if len(word) >= TELLING_LETTERS]
    return len(begins) - sum(map(str.isdecimal, begins)), sum(map(str.isupper, begins))


def are_equal(before: list[Figure], after: list[Figure]) -> bool:
    """Whether these are the same figures in the same order, however they are written."""
    return len(before) == len(after) and all(map(Figure.equals, before, after))


def say_the_same(before: Stretch, after: Stretch) -> bool:
    """Whether both say the same once spaces are gone, also within words, and all figures are equal."""
    if _skeleton(*before) != _skeleton(*after):
        return False
    return are_equal(before[0].figures(*before[1:]), after[0].figures(*after[1:]))


def _skeleton(version: Version, first: int, last: int) -> str:
    """The words as one, with one mark for figures that stand together."""
    marked = (FIGURE_KEY if key[0] == FIGURE_KEY else key.partition(VALUE_KEY)[0] for key in version.keys[first:last])
    return _FIGURES.sub(FIGURE_KEY, "".join(marked))


def _text_of(version: Version, first: int, last: int) -> str:
    return version.text[slice(*version.place(first, last))]
