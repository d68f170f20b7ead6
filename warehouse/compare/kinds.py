"""Of what kind a difference between two versions is: see `warehouse.compare.edits` for what each kind means."""

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

from warehouse.compare.alignment import Region
from warehouse.compare.characters import is_figure
from warehouse.compare.regions import TELLING, Compared, Version, are_equal, say_the_same
from warehouse.compare.values import Date, Figure, dated, is_ordinal, is_tens, month_of

SHORT = 12
"""Words of a region up to which what stands on both of its sides is taken to have replaced each other."""

_ROMAN = re.compile(r"[IVXLC]{2,8}|[IVX]")

Pairs = list[tuple[str, str]]


class _Value(Protocol):
    @property
    def key(self) -> Hashable: ...


V = TypeVar("V", bound=_Value)


@dataclass(frozen=True, slots=True)
class Side:
    """What a version has in a region: its figures outside of dates, its dates, and its other words by number."""

    version: Version
    figures: list[Figure]
    dates: list[Date]
    others: list[int]
    months: set[int]

    @classmethod
    def of(cls, version: Version, first: int, last: int) -> Self:
        """Read words first to last - 1 of a version."""
        inside = dated(version.dates, version.words, first, last)
        found = [value for value in version.figures(first, last) if not {value.at, value.last} <= inside.keys()]
        others = [at for at in range(first, last) if not is_figure(version.words.surfaces[at])]
        return cls(version, found, list(dict.fromkeys(inside.values())), others, {at for at in others if at in inside})

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

    def months_and_days(self) -> list[tuple[int, str]]:
        """Months without a figure, and days of months in words, among the other words: where, and which."""
        surfaces = self.version.words.surfaces
        found: list[tuple[int, str]] = []
        for at in self.others:
            month = None if at in self.months else month_of(surfaces[at])
            if month:
                found.append((at, str(month)))
            elif is_ordinal(surfaces[at]) and any(map(month_of, (*surfaces[at + 1 : at + 3], *surfaces[at - 1 : at]))):
                tens = at - 1 in self.others and is_tens(surfaces[at - 1])
                found += [(at - 1, surfaces[at - 1].casefold())] if tens else []
                found.append((at, surfaces[at].casefold()))
        return found

    def _is_initial(self, at: int) -> bool:
        words = self.version.words
        return len(words.surfaces[at]) == 1 and words.text.startswith(".", words.ends[at])

    def _is_name(self, at: int) -> bool:
        surface = self.version.words.surfaces[at]
        is_letter = len(surface) == 1 and not self._is_initial(at)
        return surface[0].isupper() and not is_letter and not self.version.begins_sentence(at)


def kinds_of(compared: Compared, region: Region, *, by_chance: bool) -> tuple[set[str], Pairs]:
    """The kinds of a region, and the figures that changed in it, before and after.

    `by_chance`: so much of the text changed that words of it meet by chance.
    """
    stretches = compared.sides(region)
    if say_the_same(*stretches):
        return {"cosmetic"}, []
    before, after = (Side.of(*stretch) for stretch in stretches)
    may_pair = not by_chance and max(region.i2 - region.i1, region.j2 - region.j1) <= SHORT
    dates, figure_pairs = _paired(before.dates, after.dates), _paired(before.figures, after.figures)
    kinds: set[str] = set()
    explained: tuple[set[int], set[int]] = (set(), set())
    if may_pair and any(not old.equals(new) for old, new in dates):
        kinds.add("date")
        explained = (before.months.copy(), after.months.copy())
    said, told = before.months_and_days(), after.months_and_days()
    if may_pair and said and told and [one for _, one in said] != [one for _, one in told]:
        kinds.add("date")
        explained[0].update(at for at, _ in said)
        explained[1].update(at for at, _ in told)
    numbers: Pairs = []
    for old, new in figure_pairs:
        if not old.equals(new) and (may_pair or _have_a_neighbour(compared, old, new)):
            numbers.append((compared.before.surface(old), compared.after.surface(new)))
            explained[0].update(range(old.last + 1, old.last + 1 + old.units))
            explained[1].update(range(new.last + 1, new.last + 1 + new.units))
    romans = before.romans(), after.romans()
    if may_pair and len(romans[0]) == len(romans[1]):
        pairs = ((compared.before.keys[old], compared.after.keys[new]) for old, new in zip(*romans, strict=True))
        numbers += [(old, new) for old, new in pairs if old != new]
        explained[0].update(romans[0])
        explained[1].update(romans[1])
    if "".join(before.keys(explained[0])) != "".join(after.keys(explained[1])):
        kinds |= _kinds_of_words(compared, before, after, explained, may_pair=may_pair)
    if numbers:
        kinds.add("number")
    if not kinds:
        same_dates = [date.key for date in before.dates] == [date.key for date in after.dates]
        kinds.add("cosmetic" if same_dates and are_equal(before.figures, after.figures) else "wording")
    return kinds, numbers


def _kinds_of_words(
    compared: Compared, before: Side, after: Side, explained: tuple[set[int], set[int]], *, may_pair: bool
) -> set[str]:
    said, told = before.keys(explained[0]), after.keys(explained[1])
    if "".join(said).casefold() == "".join(told).casefold():
        return {"wording"}
    old, new = (
        Counter(side.version.keys[at].casefold() for at in side.names(but))
        for side, but in zip((before, after), explained, strict=True)
    )
    left, right = old - new, new - old
    names, count = left.total() + right.total(), len(said) + len(told)
    is_short = len(said) <= SHORT and len(told) <= SHORT
    is_name = is_short and names and ((may_pair and left and right) or names * 2 >= count)
    if not is_name or compared.capitals_say_nothing:
        return {"wording"}
    others = ([key for key in keys if key.casefold() not in counter] for keys, counter in ((said, left), (told, right)))
    return {"name"} if next(others) == next(others) else {"name", "wording"}


def _paired(before: Sequence[V], after: Sequence[V]) -> list[tuple[V, V]]:
    """What one has and the other has not, each with what stands at its place in the other."""
    if not before or not after:
        return []
    left, right = Counter(value.key for value in before), Counter(value.key for value in after)
    return list(zip(_beyond(before, right), _beyond(after, left), strict=False))


def _beyond(values: Sequence[V], known: Counter[Hashable]) -> list[V]:
    left = known.copy()
    beyond = []
    for value in values:
        if left[value.key]:
            left[value.key] -= 1
        else:
            beyond.append(value)
    return beyond


def _have_a_neighbour(compared: Compared, old: Figure, new: Figure) -> bool:
    """Whether a word of some length stands before, or behind, both figures."""
    before, after = compared.before.keys, compared.after.keys
    sides = ((old.at - 1, new.at - 1), (old.last + 1 + old.units, new.last + 1 + new.units))
    return any(
        0 <= left < len(before)
        and 0 <= right < len(after)
        and before[left] == after[right]
        and len(before[left]) >= TELLING
        and before[left].isalpha()
        for left, right in sides
    )
