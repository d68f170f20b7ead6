"""Of what kind a difference between two versions is: see `warehouse.compare.edits` for what each kind means."""

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from warehouse.compare.alignment import Region
from warehouse.compare.characters import is_figure
from warehouse.compare.dates import Date, DateWords, is_tens
from warehouse.compare.figures import Figure
from warehouse.compare.regions import TELLING_LETTERS, Comparison, Version, are_equal, say_the_same
from warehouse.normalise.number_words import is_ordinal

SHORT = 12
"""Words of a region up to which what stands on both of its sides is taken to have replaced each other."""

_ROMAN = re.compile(r"[IVXLC]{2,8}|[IVX]")

Pairs = list[tuple[str, str]]


V = TypeVar("V", Figure, Date)


@dataclass(frozen=True, slots=True)
class Side:
    """What a version has in a region: its figures outside of dates, its dates, and its other words by number.

    Numbers in words are among the figures and the other words as well. `months` are those of the other words that stand
    in a date.
    """

    version: Version
    figures: list[Figure]
    dates: list[Date]
    others: list[int]
    months: set[int]

    @classmethod
    def of(cls, version: Version, first: int, last: int, dates: dict[int, Date]) -> Self:
        """Read words first to last - 1 of a version, of which these stand in dates."""
        figures = sorted(
            (
                *(value for value in version.figures(first, last) if not {value.at, value.last} <= dates.keys()),
                *version.figures_in_words(first, last),
            ),
            key=lambda value: value.at,
        )
        others = [at for at in range(first, last) if not is_figure(version.words.surfaces[at])]
        in_dates = {at for at in others if at in dates}
        return cls(version, figures, list(dict.fromkeys(dates.values())), others, in_dates)

    def keys(self, explained: set[int]) -> list[str]:
        """The other words, but for those that are explained."""
        return [self.version.keys[at] for at in self.others if at not in explained]

    def names(self, explained: set[int]) -> list[int]:
        """Which of the other words are capitalised and do not begin a sentence."""
        return [at for at in self.others if at not in explained and self._is_name(at)]

    def romans(self) -> list[int]:
        """Which of the other words are Roman numerals, but for initials."""
        words = self.version.words
        return [at for at in self.others if _ROMAN.fullmatch(words.keys[at]) and not self._is_initial(at)]

    def months_and_days(self, date_words: DateWords) -> list[tuple[int, str]]:
        """Months without a figure, and days of months in words, among the other words: where, and which."""
        surfaces, month_of = self.version.words.surfaces, date_words.month_of
        places: list[tuple[int, str]] = []
        for at in self.others:
            month = None if at in self.months else month_of(surfaces[at])
            if month:
                places.append((at, str(month)))
            elif is_ordinal(surfaces[at]) and any(map(month_of, (*surfaces[at + 1 : at + 3], *surfaces[at - 1 : at]))):
                tens = at - 1 in self.others and is_tens(surfaces[at - 1])
                places += [(at - 1, surfaces[at - 1].casefold())] if tens else []
                places.append((at, surfaces[at].casefold()))
            elif at + 1 not in self.others and self._begins_day(at) and any(map(month_of, surfaces[at + 2 : at + 4])):
                places.append((at, surfaces[at].casefold()))
        return places

    def _begins_day(self, at: int) -> bool:
        """Whether an ordinal goes on behind this word: `двадцать` первое."""
        surfaces = self.version.words.surfaces
        return is_tens(surfaces[at]) and any(map(is_ordinal, surfaces[at + 1 : at + 2]))

    def _is_initial(self, at: int) -> bool:
        words = self.version.words
        return len(words.surfaces[at]) == 1 and words.text.startswith(".", words.ends[at])

    def _is_name(self, at: int) -> bool:
        surface = self.version.words.surfaces[at]
        is_letter = len(surface) == 1 and not self._is_initial(at)
        return surface[0].isupper() and not is_letter and not self.version.begins_sentence(at)


def kinds_of(comparison: Comparison, region: Region, *, by_chance: bool) -> tuple[set[str], Pairs]:
    """The kinds of a region, and the figures that changed in it, before and after.

    `by_chance`: so much of the text changed that words of it meet by chance.
    """
    stretches = comparison.sides(region)
    if say_the_same(*stretches):
        return {"cosmetic"}, []
    before, after = (
        Side.of(*stretch, dates) for stretch, dates in zip(stretches, comparison.dates_in(region), strict=True)
    )
    may_pair = not by_chance and max(region.i2 - region.i1, region.j2 - region.j1) <= SHORT
    dates, figures = _pair(before.dates, after.dates), _pair(before.figures, after.figures)
    kinds: set[str] = set()
    explained: tuple[set[int], set[int]] = (set(), set())
    if may_pair and any(not old.equals(new) for old, new in dates):
        kinds.add("date")
        explained = (before.months.copy(), after.months.copy())
    old_days, new_days = (side.months_and_days(comparison.date_words) for side in (before, after))
    if may_pair and old_days and new_days and [day for _, day in old_days] != [day for _, day in new_days]:
        kinds.add("date")
        explained[0].update(at for at, _ in old_days)
        explained[1].update(at for at, _ in new_days)
    numbers: Pairs = []
    for old, new in figures:
        if not old.equals(new) and _have_replaced(comparison, old, new, may_pair=may_pair):
            numbers.append((comparison.before.surface(old), comparison.after.surface(new)))
            explained[0].update(range(old.at, old.last + 1 + old.units))
            explained[1].update(range(new.at, new.last + 1 + new.units))
    romans = before.romans(), after.romans()
    if may_pair and len(romans[0]) == len(romans[1]):
        pairs = ((comparison.before.keys[old], comparison.after.keys[new]) for old, new in zip(*romans, strict=True))
        numbers += [(old, new) for old, new in pairs if old != new]
        explained[0].update(romans[0])
        explained[1].update(romans[1])
    if "".join(before.keys(explained[0])) != "".join(after.keys(explained[1])):
        kinds |= _kinds_of_words(comparison, before, after, explained, may_pair=may_pair)
    if numbers:
        kinds.add("number")
    if not kinds:
        same_dates = [date.key for date in before.dates] == [date.key for date in after.dates]
        kinds.add("cosmetic" if same_dates and are_equal(before.figures, after.figures) else "wording")
    return kinds, numbers


def _kinds_of_words(
    comparison: Comparison, before: Side, after: Side, explained: tuple[set[int], set[int]], *, may_pair: bool
) -> set[str]:
    old_keys, new_keys = before.keys(explained[0]), after.keys(explained[1])
    if "".join(old_keys).casefold() == "".join(new_keys).casefold():
        return {"wording"}
    old, new = (
        Counter(side.version.keys[at].casefold() for at in side.names(but))
        for side, but in zip((before, after), explained, strict=True)
    )
    left, right = old - new, new - old
    names, count = left.total() + right.total(), len(old_keys) + len(new_keys)
    is_short = len(old_keys) <= SHORT and len(new_keys) <= SHORT
    is_name = is_short and names and ((may_pair and left and right) or names * 2 >= count)
    if not is_name or comparison.capitals_say_nothing:
        return {"wording"}
    old_others = [key for key in old_keys if key.casefold() not in left]
    new_others = [key for key in new_keys if key.casefold() not in right]
    return {"name"} if old_others == new_others else {"name", "wording"}


def _pair(before: Sequence[V], after: Sequence[V]) -> list[tuple[V, V]]:
    """What one has and the other has not, each with what stands at its place in the other."""
    if not before or not after:
        return []
    left, right = (Counter[Hashable](value.key for value in values) for values in (before, after))
    return list(zip(_surplus(before, right), _surplus(after, left), strict=False))


def _surplus(values: Sequence[V], others: Counter[Hashable]) -> list[V]:
    """The values beyond those that others equal."""
    left = others.copy()
    surplus = []
    for value in values:
        if left[value.key]:
            left[value.key] -= 1
        else:
            surplus.append(value)
    return surplus


def _have_replaced(comparison: Comparison, old: Figure, new: Figure, *, may_pair: bool) -> bool:
    """Whether one figure stands in place of the other; a word that is often no number needs a neighbour to say so."""
    if old.is_doubtful or new.is_doubtful:
        return _have_a_neighbour(comparison, old, new, letters=TELLING_LETTERS)
    return may_pair or _have_a_neighbour(comparison, old, new)


def _have_a_neighbour(comparison: Comparison, old: Figure, new: Figure, letters: int | None = None) -> bool:
    """Whether a word of some length, or one that begins with as many letters, stands before, or behind, both."""
    before, after = comparison.before.keys, comparison.after.keys
    sides = ((old.at - 1, new.at - 1), (old.last + 1 + old.units, new.last + 1 + new.units))
    return any(
        0 <= left < len(before)
        and 0 <= right < len(after)
        and before[left][:letters] == after[right][:letters]
        and len(before[left]) >= TELLING_LETTERS
        and before[left].isalpha()
        for left, right in sides
    )
