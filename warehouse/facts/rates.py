"""Rates: `per 1000 population` is the unit of the figure beside it, and no figure."""

import re

from warehouse.facts.figure_words import Words
from warehouse.facts.number import Number
from warehouse.facts.sentences import Sentences

_BASES = {100.0: "per_100", 1e3: "per_1000", 1e4: "per_10000", 1e5: "per_100000", 1e6: "per_1000000"}
_OPEN_UNITS = frozenset({"", "count", "person", "times"})
_ZEROS = "0 ,.\u00a0\u2009\u202f"
_LETTERS = re.compile(r"[^\W\d_]+")
_PER = ("for every", "for each", "на каждые", "из каждых")
_OF_RATES = ("коэффициент", "показател", "случа", "смертност", "рождаем", "уровень", "заболеваем", "приходится")


class Rates:
    """Finds rates in one language."""

    def __init__(self, words: Words) -> None:
        self.words, self.language = words, words.language

    def mark(self, text: str, numbers: list[Number], sentences: Sentences) -> None:
        """`per 1000 population` is the unit of the figure beside it, and no figure."""
        for at, number in enumerate(numbers):
            raw = number.raw
            if number.reason or (raw and (raw[0] != "1" or raw[1:].strip(_ZEROS))) or number.is_negative:
                continue
            base = _BASES.get(_whole(number))
            if not base or not self._is_base(text, number):
                continue
            number.reason = "rate_base"
            sentence = sentences.at(number.first)
            before = numbers[at - 1] if at and not numbers[at - 1].reason else None
            after = next((each for each in numbers[at + 1 : at + 3] if not each.reason), None)
            between = text[before.last : number.first] if before else ""
            near = before and before.first >= sentence.start and before.unit in _OPEN_UNITS and "," not in between
            if near and before and len(_LETTERS.findall(between)) <= 6:
                before.unit, before.is_open = base, False
            elif after and after.first < sentence.end and after.unit in _OPEN_UNITS:
                after.unit, after.is_open = base, False

    def _is_base(self, text: str, number: Number) -> bool:
        words = _LETTERS.findall(text[max(number.first - 24, 0) : number.first].lower())
        last, two = words[-1:] or [""], " ".join(words[-2:])
        following = self.words.word(number.next_word).tags if number.next_word else frozenset()
        if number.unit not in ("", "count"):
            return False
        if self.language == "kk":
            rest = text[number.end : number.end + 60].lower()
            return any(form in rest for form in ("шаққанда", "шаққандағы", "есептегенде", "шаққан"))
        per = "per" in self.words.word(last[0]).tags or two in ("for every", "for each", "на каждые", "из каждых")
        if not per:
            return False
        if self.language == "en" or "rate_noun" in following:
            return True
        nearby = text[max(number.first - 90, 0) : number.end + 60].lower()
        return number.noun == "person" and any(
            stem in nearby
            for stem in (
                "коэффициент",
                "показател",
                "случа",
                "смертност",
                "рождаем",
                "уровень",
                "заболеваем",
                "приходится",
            )
        )


def _whole(number: Number) -> float:
    """The value of a number that is surely whole; 0 for others."""
    if not number.raw:
        return number.words_value * 10.0**number.power
    digits = re.sub(r"[ \u00a0\u2009\u202f,.]", "", number.raw)
    if not digits.isdecimal() or len(digits) > 7:
        return 0.0
    return int(digits) * 10.0**number.power
