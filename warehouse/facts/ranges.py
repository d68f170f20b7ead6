"""Numbers that are one figure, or a pair: ranges, composites, from and to."""

import re

from warehouse.facts.figure_words import Words
from warehouse.facts.number import Number
from warehouse.facts.numerals import scale_up

_DASH = re.compile(r"[ \u00a0]?[-–—−‑][ \u00a0]?|(?:\.{2,3}|…)[-–−]?")
_BLANK = re.compile(r"[ \u00a0\u2009\u202f]{1,2}")
_RANGE_WORD = {"en": ("to", "through", "till"), "ru": ("до", "по")}
_PAIR = {"en": ("and",), "ru": ("и",), "kk": ("мен", "пен", "бен", "және", "бен")}
_CLAUSE_END = re.compile(r"[,;.:()]")
_LETTERS = re.compile(r"[^\W\d_]+")
FURTHEST_APART = 24
"""Code points between the two ends of a range at most."""


class Ranges:
    """Puts numbers of one language together that are written as one."""

    def __init__(self, words: Words) -> None:
        self.words, self.language = words, words.language
        self._words = {*_RANGE_WORD.get(self.language, ()), *_PAIR[self.language]}

    def composite(self, text: str, first: Number, second: Number) -> None:
        """`1 млн 250 тыс.` is one figure."""
        if not first.power or (first.unit and not first.has_currency_before) or first.noun or first.high is not None:
            return
        if (
            first.reason
            or second.reason
            or second.has_currency_before
            or second.is_negative
            or second.power >= first.power
        ):
            return
        if (
            not _BLANK.fullmatch(text[first.end : second.start])
            or second.value >= 10.0**first.power
            or first.approximation
        ):
            return
        first.value += -second.value if first.is_negative else second.value
        first.other = None
        _absorb(first, second, "composite")

    def range(self, text: str, first: Number, second: Number) -> None:
        """`from 90 to 110 km/h` is one figure; `с 120 до 150` and `120-дан 150-ге жетті` are two."""
        if first.reason or second.reason or (first.noun and first.noun != second.noun):
            return
        if first.unit and second.unit and first.unit != second.unit and not first.has_currency_before:
            return
        if first.unit and not first.has_currency_before and second.unit != first.unit and (second.noun or second.power):
            return
        gap = text[first.end : second.start]
        kind = self._kind(text, first, second, gap.strip().lower())
        if not kind:
            return
        spread = second.power - first.power
        if spread > 0 and not (first.unit and not first.has_currency_before) and not first.power:
            scaled = scale_up(first.value, second.power)
            if scaled <= second.value or kind == "pair":
                first.value, first.power = scaled, second.power
        if kind == "pair":
            first.change, second.change = "from", "to"
            first.unit = first.unit or second.unit
            first.noun = first.noun or second.noun
            first.subject = first.subject or second.subject
            first.is_open = first.is_open and second.is_open
            first.rule = "pair"
            second.approximation = "" if second.approximation == "up_to" else second.approximation
            return
        if kind == "dash" and abs(first.value) >= abs(second.value) and not first.is_negative:
            return
        if first.is_negative and second.value > 0 and kind == "dash":
            second.value = -second.value
        first.high = second.value
        if second.notation == "whole" and first.value >= 1000:
            first.notation, first.other = "whole", None
        _absorb(first, second, "range")
        if first.approximation == "up_to":
            first.approximation = ""
        if self.language == "kk" and second.approximation == "up_to" and second.next_word.lower().startswith("дейін"):
            first.end = second.next_at + len(second.next_word)

    def _kind(self, text: str, first: Number, second: Number, gap: str) -> str:
        if _DASH.fullmatch(gap):
            return "dash" if not first.noun else ""
        if self.language == "kk":
            following = self.words.word(second.next_word).tags if second.next_word else frozenset()
            if gap in _PAIR["kk"] or (not gap and first.ending == "with"):
                return "between" if "between_after" in following else ""
            if gap or first.ending != "from" or first.approximation:
                return ""
            # `60-тан 90 шақырымға дейін артты` tells of a change, `60-тан 90 шақырымға дейін` of a range.
            after = _LETTERS.findall(_CLAUSE_END.split(text[second.end : second.end + 40], maxsplit=1)[0])[:3]
            if second.approximation == "up_to":
                return "pair" if any(self.words.word(word).tags & {"up", "down"} for word in after) else "range"
            return "pair" if second.ending == "to" else ""
        if gap not in self._words:
            return ""
        words = _LETTERS.findall(text[max(first.start - 24, 0) : first.start].lower())
        before = words[-1] if words else ""
        if gap in _RANGE_WORD[self.language]:
            if self.language == "ru":
                return "pair" if before in ("с", "со") else "range" if before == "от" or gap == "до" else ""
            # `rose by 62 cm to 812 cm` tells of two things.
            return "" if before == "by" else "range"
        if gap in _PAIR[self.language] and before in ("between", "между"):
            return "between"
        return ""


def _absorb(first: Number, second: Number, rule: str) -> None:
    """Make the second number a part of the first."""
    first.end, first.rule = second.end, rule
    first.unit = second.unit or first.unit
    first.noun, first.subject, first.is_open = second.noun, second.subject, second.is_open
    first.ending, first.approximation = second.ending, first.approximation or second.approximation
    first.next_word, first.next_at = second.next_word, second.next_at
    second.is_part = True
