"""The period that a sentence names: a year, a quarter, months or a day, of the dates kept out of its figures."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from warehouse.facts.figure_words import Words
from warehouse.facts.number import Number
from warehouse.facts.sentences import Sentence

Period = tuple[date, date]
"""First and last day."""
MOST_PERIODS = 12
"""Dates of a sentence that are looked at."""
_WORD = re.compile(r"[^\W\d_]+")
_QUARTER = re.compile(
    r"(?:([1-4])|\b(IV|I{1,3}))[- ]?(?:st|nd|rd|th|й|м|го|ый|ші|шы)?[- ]?(?:quarter|квартал|тоқсан)", re.IGNORECASE
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEARS = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2}) ?[-–—/] ?((?:19|20)?[0-9]{2})(?![0-9])")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_DAY_BEFORE = re.compile(r"(?<![0-9])([0-9]{1,2}) ([^\W\d_]+) $|([^\W\d_]+)\.? ([0-9]{1,2}),? $")
_DIGIT = re.compile("[0-9]")
_DATE = re.compile(r"([0-9]{2})[./]([0-9]{2})[./]([0-9]{4})")


class Periods:
    """Reads the periods of sentences in one language."""

    def __init__(self, words: Words) -> None:
        self.words, self.language = words, words.language

    def of(self, text: str, sentence: Sentence, numbers: Sequence[Number]) -> list[tuple[int, Period]]:
        """The periods of a sentence with their places; `numbers` are its years and days."""
        spans = ((number.first, self._span(text, number, sentence)) for number in numbers[:MOST_PERIODS])
        return [(first, span) for first, span in spans if span]

    def _span(self, text: str, number: Number, sentence: Sentence) -> Period | None:
        """First and last day of what a year or date stands for, with its month, quarter or range of months."""
        if match := _DATE.fullmatch(number.raw):
            return _day(int(match.group(3)), int(match.group(2)), int(match.group(1)))
        if number.reason == "date":
            return self._dated(text, number)
        first, last, start = number.first, number.last, sentence.start
        if not number.raw[:4].isdecimal() or not 1600 <= int(number.raw[:4]) <= 2199:
            return None
        year = int(number.raw[:4])
        near = text[max(first - 7, 0) : last + 7]
        is_range = "-" in near or "–" in near or "—" in near or "/" in near
        if is_range and (span := _YEARS.search(near)) and (years := _years(*span.groups())):
            return years
        around = text[max(first - 28, start) : min(last + 28, sentence.end)]
        small = around.lower()
        is_quarter = "quarter" in small or "квартал" in small or "тоқсан" in small
        if is_quarter and (match := _QUARTER.search(around)):
            quarter = int(match.group(1)) if match.group(1) else _ROMAN[match.group(2).lower()]
            return _months(year, quarter * 3 - 2, quarter * 3)
        if self.language == "kk":
            near = text[last : min(last + 36, sentence.end)]
        else:
            near = text[max(first - 28, start) : first]
            if near[-1:] == " " and _DIGIT.search(near) and (day := _DAY_BEFORE.search(near)):
                month = self.words.word(day.group(2) or day.group(3)).month
                if month:
                    return _day(year, month, int(day.group(1) or day.group(4)))
        months = [word.month for each in _WORD.findall(near) if (word := self.words.word(each)).month]
        if months:
            return _months(year, min(months), max(months))
        return _months(year, 1, 12)

    def _dated(self, text: str, number: Number) -> Period | None:
        window = text[max(number.first - 24, 0) : number.last + 30]
        months = [word.month for each in _WORD.findall(window) if (word := self.words.word(each)).month]
        years = _YEAR.findall(window)
        if len(months) == 1 and years and number.raw.isdecimal():
            return _day(int(years[-1]), months[0], int(number.raw))
        return None


def nearest(periods: Sequence[tuple[int, Period]], place: int) -> Period | None:
    """The period nearest to a place."""
    return min(periods, key=lambda period: abs(period[0] - place))[1] if periods else None


@lru_cache(maxsize=1 << 12)
def _months(year: int, first: int, last: int) -> Period:
    """The days of months of a year."""
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _years(first: str, last: str) -> Period | None:
    begin, end = int(first), int(last if len(last) == 4 else first[:2] + last)
    return (date(begin, 1, 1), date(end, 12, 31)) if begin < end else None


def _day(year: int, month: int, day: int) -> Period | None:
    try:
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None
