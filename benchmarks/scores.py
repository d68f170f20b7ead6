"""Hold facts that were read against labels: what is right, missed, false, and wrong by a power of ten."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from labels import MENTIONS, Fact, Passage

ALIKE = 0.8
"""How much of two quotes together must be common to both for them to be one."""

RATES = {"centner_per_ha": "centner", "t_per_ha": "t", "m3_s": "m3"}
"""A rate counts by its first unit: the guide."""

ANY = {"any": {"count", "person"}}
"""Readers without units of what is counted give these one."""

ARTICLE = re.compile(r"(?:the|a|an) ", re.IGNORECASE)
IN_BRACKETS = re.compile(r" \([^()]*\)$")


@dataclass
class Score:
    """How many facts are right, how many were labelled and not read, and how many were read and are not labelled."""

    right: int = 0
    missed: int = 0
    false: int = 0

    @property
    def precision(self) -> float:
        """The share of what was read that is right; 1 where nothing was read."""
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        """The share of what is labelled that was read; 1 where nothing is labelled."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = 2 * self.right + self.missed + self.false
        return 2 * self.right / both if both else 1.0

    def add(self, other: Score) -> None:
        """Add the counts of another text."""
        self.right += other.right
        self.missed += other.missed
        self.false += other.false


@dataclass
class Judgement:
    """What was read of one passage, for one measure: pairs (labelled, read) that are right, and the rest."""

    right: list[tuple[Fact, Fact]] = field(default_factory=list)
    missed: list[Fact] = field(default_factory=list)
    false: list[Fact] = field(default_factory=list)

    @property
    def score(self) -> Score:
        """The counts."""
        return Score(len(self.right), len(self.missed), len(self.false))


Agree = Callable[[Fact, Fact], bool]


def common(one: Fact, other: Fact) -> int:
    """How many characters of the text belong to both facts."""
    if one.field != other.field:
        return 0
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def same_value(label: Fact, read: Fact) -> bool:
    """Both figures have the same value, or the same ends of a range, whichever stands first."""
    ends, others = (
        sorted(value for value in (fact.value, fact.value_high) if value is not None) for fact in (label, read)
    )
    return len(ends) == len(others) and all(map(_is_close, ends, others))


def same_figure(label: Fact, read: Fact) -> bool:
    """Both figures have the same value and unit."""
    unit, other = (RATES.get(fact.unit or "", fact.unit) for fact in (label, read))
    return same_value(label, read) and (unit == other or unit in ANY.get(other or "", ()))


def same_span(label: Fact, read: Fact) -> bool:
    """Both stand at the same place, but for an article before and brackets behind."""
    return _bare(label) == _bare(read)


def one_in_the_other(label: Fact, read: Fact) -> bool:
    """One surface is the other or a part of it."""
    return common(label, read) == min(label.end - label.start, read.end - read.start)


def same_promise(label: Fact, read: Fact) -> bool:
    """Half of the shorter clause is in both, and the deadline is the same."""
    shorter = min(label.end - label.start, read.end - read.start)
    return label.deadline == read.deadline and 2 * common(label, read) >= shorter


def same_quote(label: Fact, read: Fact) -> bool:
    """Nearly the same words, said by the same person."""
    both = common(label, read)
    return label.key == read.key and both >= ALIKE * (label.end - label.start + read.end - read.start - both)


MEASURES: dict[str, tuple[str, Agree]] = {
    "figures": ("figure", same_figure),
    "values": ("figure", same_value),
    "people": ("person", same_span),
    "places": ("place", one_in_the_other),
    "places, exact": ("place", same_span),
    "organisations": ("organisation", one_in_the_other),
    "eponyms": ("eponym", one_in_the_other),
    "promises": ("promise", same_promise),
    "quotes": ("quote", same_quote),
}
"""By the name of each measure: the kind of facts it is about, and when a fact read is the one labelled."""


def judge(passage: Passage, read: Sequence[Fact], measure: str) -> Judgement:
    """Hold what was read of a passage against its labels.

    Each label goes with one fact at most: with one that agrees, if there is one, else with the one it has most in
    common with. What overlaps a label that may be or not, and no other, is neither right nor false. So is an
    organisation inside another or inside an office.
    """
    kind, agree = MEASURES[measure]
    labels = [fact for fact in passage.facts if fact.kind == kind and not fact.may_be]
    facts = [_by_labelled_speaker(fact, passage, read) for fact in read if fact.kind == kind]
    pairs = [
        (agree(label, fact), common(label, fact), i, j)
        for i, label in enumerate(labels)
        for j, fact in enumerate(facts)
        if common(label, fact)
    ]
    judgement = Judgement()
    without_fact, without_label = dict(enumerate(labels)), dict(enumerate(facts))
    for is_right, _, i, j in sorted(pairs, reverse=True):
        if i in without_fact and j in without_label:
            label, fact = without_fact.pop(i), without_label.pop(j)
            if is_right:
                judgement.right.append((label, fact))
            else:
                judgement.missed.append(label)
                judgement.false.append(fact)
    judgement.missed += without_fact.values()
    judgement.false += (fact for fact in without_label.values() if not _is_open(fact, passage.facts))
    return judgement


def judge_offices(passage: Passage, read: Sequence[Fact]) -> Judgement:
    """Hold the offices of people who were found against those labelled; right is also to see that there is none."""
    judgement = Judgement()
    labelled, offices = _offices(passage.facts), _offices(read)
    for label, person in judge(passage, read, "people").right:
        office, other = labelled.get(_place(label)), offices.get(_place(person))
        if office is None and other is None:
            continue
        if office and other and (office.may_be or same_span(office, other)):
            judgement.right.append((office, other))
        elif other is None and office and not office.may_be:
            judgement.missed.append(office)
        elif other:
            judgement.false.append(other)
    return judgement


def judge_resolution(passage: Passage, read: Sequence[Fact]) -> Judgement:
    """Of the mentions found of people who have several, which resolve to the fullest."""
    judgement = Judgement()
    for label, person in judge(passage, read, "people").right:
        person_in_field = ("person", label.key, label.field)
        same = [fact for fact in passage.facts if (fact.kind, fact.key, fact.field) == person_in_field]
        fullest = max(len(fact.surface) for fact in same)
        if len(same) > 1 and len(label.surface) < fullest:
            starts = {fact.start for fact in same if len(fact.surface) == fullest}
            if person.resolved_start in starts:
                judgement.right.append((label, person))
            else:
                judgement.missed.append(label)
    return judgement


def powers_of_ten(passage: Passage, read: Sequence[Fact]) -> list[tuple[Fact, Fact, bool]]:
    """Figures read wrong by a power of ten: label, figure read, and whether its other reading is the right one."""
    judgement = judge(passage, read, "values")
    return [
        (label, fact, fact.alternative is not None and _is_close(fact.alternative, label.value or 0))
        for label in judgement.missed
        for fact in judgement.false
        if common(label, fact) and _is_power_of_ten(label.value, fact.value)
    ]


def agreement(pairs: Iterable[tuple[Fact, Fact]], side: str) -> Score:
    """Of figures that are right, on how many approximation, direction, change or subject are so too."""
    score = Score()
    for label, fact in pairs:
        said, other = getattr(label, side), getattr(fact, side)
        if side == "subject" and said is None:
            continue
        is_right = said == other or (side == "subject" and other is not None and (said in other or other in said))
        score.add(Score(right=1) if is_right else Score(missed=1, false=1))
    return score


def _bare(fact: Fact) -> tuple[str, int, int]:
    article = ARTICLE.match(fact.surface)
    brackets = IN_BRACKETS.search(fact.surface)
    start = fact.start + (article.end() if article else 0)
    return fact.field, start, fact.end - (len(brackets[0]) if brackets else 0)


def _is_open(fact: Fact, labels: Sequence[Fact]) -> bool:
    kinds = MENTIONS if fact.kind in MENTIONS else (fact.kind,)
    if any(label.may_be and label.kind in kinds and common(label, fact) for label in labels):
        return True
    around = [label for label in labels if common(label, fact) == fact.end - fact.start]
    return fact.kind == "organisation" and any(label.kind in {"office", "organisation"} for label in around)


def _by_labelled_speaker(fact: Fact, passage: Passage, read: Sequence[Fact]) -> Fact:
    """A quote with the labelled key of the person whom its speaker is read as; other facts as they are."""
    if fact.kind != "quote":
        return fact
    speakers = [person for person in read if person.kind == "person" and person.key == fact.key]
    people = [label for label in passage.facts if label.kind == "person"]
    keys = [label.key for speaker in speakers for label in people if common(label, speaker)]
    return replace(fact, key=keys[0] if keys else None)


def _offices(facts: Sequence[Fact]) -> dict[tuple[str, int, int], Fact]:
    """The office of each mention that has one: the mention of its holder that stands nearest."""
    people = [fact for fact in facts if fact.kind == "person"]
    offices = {}
    for office in (fact for fact in facts if fact.kind == "office"):
        holders = [person for person in people if person.key == office.key and person.field == office.field]
        if holders:
            nearest = min(holders, key=lambda person: max(office.start - person.end, person.start - office.end))
            offices[_place(nearest)] = office
    return offices


def _place(fact: Fact) -> tuple[str, int, int]:
    return fact.field, fact.start, fact.end


def _is_close(value: float, other: float) -> bool:
    return math.isclose(value, other, rel_tol=1e-9)


def _is_power_of_ten(value: float | None, other: float | None) -> bool:
    if not value or not other or value * other < 0:
        return False
    power = math.log10(other / value)
    return round(power) != 0 and math.isclose(power, round(power), abs_tol=1e-9)
