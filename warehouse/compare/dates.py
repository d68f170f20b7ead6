"""Calendar dates among the words of a text.

A date is a day or a month of a year: `16 мая`, `16.05.2025`, `2025-05-16`, `May 16, 2025`, `2025 жылғы 16 мамыр`, `мае
2025`; a year alone is a figure. Dates are not held against the calendar.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

import polars as pl

from warehouse.compare.folding import Words, look_alikes

_NO_LETTER = r"(?![^\W\d_])"
_DAY = (
    r"(?<!\d)(?<!\d[.,:])(?P<day>\d{1,2})(?!\d)(?:\s*[-–—]\s*(?P<last>\d{1,2})(?!\d))?"
    r"(?:\s?-?(?:st|nd|rd|th|го|е|ші|сі|шы|сы)\b)?"
)
_YEAR = r"(?P<year>\d{4})(?!\d)"
_IN_FIGURES = (
    re.compile(r"(?<!\d)(?<!\d[.,:/-])(?P<day>\d{1,2})([./-])(?P<month>\d{1,2})\2(?P<year>\d{4})(?![.,:/-]?\d)"),
    re.compile(r"(?<!\d)(?<!\d[.,:/-])(?P<day>\d{1,2})\.(?P<month>\d{2})\.(?P<year>\d{2})(?![.,:/-]?\d)"),
    re.compile(r"(?<!\d)(?<!\d[.,:/-])(?P<year>\d{4})([./-])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?![.,:/-]?\d)"),
)
_DIGITS = re.compile(r"\d+")
_LAST_WORD = re.compile(r"[^\W\d_]+\.?,?\s+\Z")
_LONGEST_MONTH = 24  # with the space behind it
_TENS = frozenset("двадцать тридцать он жиырма отыз twenty thirty".split())


Form: TypeAlias = tuple[re.Pattern[str], ...]
"""The patterns that a date of this form is made of, one behind the other."""
Parts: TypeAlias = list[re.Match[str]]
"""What they match."""


@dataclass(frozen=True, slots=True)
class Date:
    """A date from `start` to `end` of the folded text: days, month and year as figures without leading zeros."""

    start: int
    end: int
    days: tuple[int, ...]
    month: int
    year: int | None

    @property
    def key(self) -> tuple[tuple[int, ...], int, int | None]:
        """The same for equal dates."""
        return self.days, self.month, self.year

    def equals(self, other: "Date") -> bool:
        """Whether both can be the same date; a year that is not given can be any."""
        years = {self.year, other.year} - {None}
        return (self.days, self.month) == (other.days, other.month) and len(years) < 2


class DateWords:
    """The names of months and the words for a year, in the forms that they take in text, and the dates made of them."""

    def __init__(self, months: pl.DataFrame, lexicon: pl.DataFrame) -> None:
        """Take the names from month, language, form (`seeds/months.csv`), the words from kind, form (lexicon.csv)."""
        forms: dict[tuple[int, str], list[str]] = {}
        for month, language, form in months.select("month", "language", "form").iter_rows():
            forms.setdefault((int(month), language), []).append(form)
        names: dict[int, list[str]] = {}
        english: list[str] = []
        for (number, language), spellings in forms.items():
            patterns = _NAMES[language](spellings)
            names.setdefault(number, []).extend(patterns)
            english += patterns if language == "en" else []
        years = lexicon.filter(pl.col("kind") == "year_word")["form"]
        year_word = rf"\s*(?:{_any_of(look_alikes(re.escape(word)) for word in years)})\s*"
        self._names = {number: re.compile(_any_of(patterns)) for number, patterns in names.items()}
        # Compiled once and not within each form: it takes longer than a text to be compared.
        month = re.compile(f"(?P<month>{_any_of(chain.from_iterable(names.values()))}){_NO_LETTER}")
        english_month = re.compile(f"(?P<month>{_any_of(english)}){_NO_LETTER}")
        self._figures_first = (
            (re.compile(rf"{_DAY}\s+(?:of\s+)?"), month, re.compile(rf"(?:,?\s+{_YEAR})?")),
            (re.compile(rf"(?<!\d){_YEAR}{year_word}{_DAY}\s*[-–]?\s*"), month),
            (re.compile(rf"(?<!\d){_YEAR}{year_word}"), month),
            *((form,) for form in _IN_FIGURES),
        )
        begin = re.compile(r"(?<!\w)")
        self._month_first = (
            (begin, english_month, re.compile(rf"\s+{_DAY}(?:,?\s+{_YEAR})?")),
            (begin, month, re.compile(rf",?\s+{_YEAR}")),
        )
        # Of the words of a language few are many.
        self.month_of = lru_cache(maxsize=1 << 13)(self._month_of)

    def _month_of(self, word: str) -> int | None:
        """The month that a word names, in any of its forms; None for other words."""
        if len(word) > _LONGEST_MONTH:
            return None
        return next((number for number, name in self._names.items() if name.fullmatch(word)), None)

    def dates(self, text: str) -> list[Date]:
        """Find the dates of a folded text, in their order and apart; the longer one of two that begin together."""
        dates: list[Date] = []
        for digits in _DIGITS.finditer(text):
            begin, end = digits.start(), dates[-1].end if dates else 0
            if begin < end:
                continue
            matches = [_match(form, text, begin) for form in self._figures_first]
            window = max(begin - _LONGEST_MONTH, end)
            if text[begin - 1 : begin].isspace() and (word := _LAST_WORD.search(text, window, begin)):
                matches = [*(_match(form, text, word.start()) for form in self._month_first), *matches]
            longest = max(filter(None, matches), key=lambda parts: parts[-1].end(), default=None)
            if longest:
                dates.append(self._date(longest))
        return dates

    def _date(self, matches: Parts) -> Date:
        parts = {name: part for match in matches for name, part in match.groupdict().items()}
        days = tuple(int(day) for day in (parts.get("day"), parts.get("last")) if day)
        month, year = parts["month"], parts.get("year")
        number = int(month) if month[0].isdecimal() else self.month_of(month)
        assert number is not None
        century = 2000 if year and len(year) == 2 else 0
        return Date(matches[0].start(), matches[-1].end(), days, number, int(year) + century if year else None)


def _match(form: Form, text: str, begin: int) -> Parts:
    """Match the patterns of a form one behind the other; nothing where one does not match."""
    matches: Parts = []
    for pattern in form:
        match = pattern.match(text, matches[-1].end() if matches else begin)
        if not match:
            return []
        matches.append(match)
    return matches


def _english_names(forms: list[str]) -> list[str]:
    """In small letters too, but for `may`, which is a verb; the full name also in capitals."""
    small = [form.lower() for form in forms if form != "May"]
    return [re.escape(name) for name in (*forms, *small, max(forms, key=len).upper())]


def _russian_names(forms: list[str]) -> list[str]:
    """In all cases of the singular."""
    patterns = []
    for form in forms:
        stem = re.sub("[ьйяа]$", "", form)
        cases = "|а|у|ом|е" if form[len(stem) :] in ("", "а") else "ь|й|я|ю|ем|ём|е"
        patterns.append(look_alikes(f"{stem}(?:{cases})"))
    return patterns


def _kazakh_names(forms: list[str]) -> list[str]:
    """With any endings: `маусымда`, `қыркүйегінде`."""
    name = min(forms, key=len)
    return [look_alikes(stem) + r"\w{0,6}" for stem in (name, re.sub("к$", "г", name))]


_NAMES: dict[str, Callable[[list[str]], list[str]]] = {"en": _english_names, "ru": _russian_names, "kk": _kazakh_names}


def _any_of(patterns: Iterable[str]) -> str:
    """A pattern for any of these, the longer before the shorter."""
    return "|".join(sorted(set(patterns), key=lambda pattern: (-len(pattern), pattern)))


def is_tens(word: str) -> bool:
    """Whether a word may stand before an ordinal, as a part of it: `двадцать` первого, `он` алтыншы."""
    return word.casefold() in _TENS


def dates_within(dates: list[Date], words: Words, first: int, last: int) -> dict[int, Date]:
    """Give the words among first to last - 1 that stand in a date as a whole, with that date."""
    number = bisect_right(dates, words.starts[first], key=lambda date: date.end) if first < last else len(dates)
    inside = {}
    for at in range(first, last):
        while number < len(dates) and dates[number].end <= words.starts[at]:
            number += 1
        if number == len(dates):
            break
        if dates[number].start <= words.starts[at] and words.ends[at] <= dates[number].end:
            inside[at] = dates[number]
    return inside
