"""The numbers of a text, each with what stands before and behind it."""

import re
from collections.abc import Iterable

from warehouse.facts.before import BeforeReader
from warehouse.facts.behind import WIDTH, BehindReader
from warehouse.facts.figure_words import Words
from warehouse.facts.in_words import Spelt
from warehouse.facts.number import Number
from warehouse.facts.numerals import digits_of
from warehouse.facts.wording import NOTHING_BEHIND

_PART_OF_ALL = re.compile(r"(?:ек|үш|төрт|бес|жет)еуі\w*|алтауы\w*")
_COLLECTIVE = ("двое", "трое", "еро", "троих", "двоих", "ерых", "двоим", "троим", "ерым", "двоими", "троими", "ерыми")


class Scanner:
    """Finds the numbers of texts in one language."""

    def __init__(self, words: Words) -> None:
        self.language = words.language
        self._before, self._behind = BeforeReader(words), BehindReader(words)

    def numbers(self, text: str, in_words: Iterable[Spelt]) -> list[Number]:
        """All numbers of a text in their order; `in_words` are those in words."""
        numbers = [Number(first, last, raw, first, last) for first, last, raw in digits_of(text)]
        if in_words:
            for spelt in in_words:
                number = Number(spelt.first, spelt.last, "", spelt.first, spelt.last)
                number.words_value = spelt.value
                number.unit = "times" if spelt.is_times else ""
                numbers.append(number)
            numbers.sort(key=lambda number: number.first)
        kept: list[Number] = []
        end = 0
        for at, number in enumerate(numbers):
            if number.first < end:
                continue
            is_tied = not number.raw and at + 1 < len(numbers) and numbers[at + 1].first == number.last + 1
            self._read(text, number, is_tied=is_tied)
            end = number.end
            kept.append(number)
        return kept

    def _read(self, text: str, number: Number, *, is_tied: bool) -> None:
        """Set what stands before and behind a number; `is_tied` says that another in words follows at once."""
        raw, last = number.raw, number.last
        before = number.before = self._before.read(text, number.first)
        if before.currency:
            number.has_currency_before, number.unit = True, before.currency
            number.start = number.first - before.start
            kind = "$"
        else:
            kind = "" if raw and raw[-1] != "0" else "0" if raw else "w"
        if (not raw and number.unit) or (is_tied and text[last] == "-"):
            behind = NOTHING_BEHIND
        else:
            behind = self._behind.read(text, last, kind)
        number.unit = number.unit or behind.unit
        number.power, number.unit_word = behind.power, behind.unit_word
        number.reason, number.ending = behind.reason, behind.ending
        number.approximation = behind.approximation
        number.next_word, number.next_at = behind.next_word, last + behind.next_at
        if behind.end:
            number.end, number.last = last + behind.end, last + behind.last
        if behind.counted:
            number.noun, subject, number.is_open = self._behind.counted.read(text[last : last + WIDTH], *behind.counted)
        else:
            number.noun, subject, number.is_open = behind.noun, behind.subject, behind.is_open
        if subject:
            number.subject = (last + subject[0], last + subject[1])
        if not raw and number.noun in ("", "count") and text[number.first : last].lower().endswith(_COLLECTIVE):
            number.noun = "person"
        elif not raw and self.language == "kk" and _PART_OF_ALL.fullmatch(text[number.first : last].lower()):
            # `үшеуі` are three of those before.
            number.noun, number.subject, number.is_open = "", None, True
