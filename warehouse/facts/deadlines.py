"""Deadlines: expressions for a day, month, quarter or year, and the last day of what they name.

An expression is a row of `seeds/lexicon/deadlines.csv`: its words in small letters, `|` between alternatives, `*` for
any ending, `?` for what may be missing, and `{day}`, `{month}`, `{mm}`, `{year}`, `{quarter}`. `{in_month}` is a Kazakh
month in a case that says when. Its key says what it names: a day, month, quarter, half or year, or this or the next.
"""

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import product
from typing import NamedTuple

MOST_DAYS_AHEAD = 310
"""A day or month without a year is the next one; further ahead than that many days, it is the one past."""

MOST_REMEMBERED = 1 << 16
"""Words of a language at most that are remembered with the expressions that begin with them."""

MONTHS = 12
YEARS = range(2020, 2100)
"""Years that may lie ahead of a text."""
LONGEST_MONTH = 16
"""Letters of a month with its ending, in Kazakh."""

_TOKEN = re.compile(r"[0-9]+(?:(?:st|nd|rd|th|-[^\W\d_]{1,4})\b)?|[^\W\d_]+(?:[-’'][^\W\d_]+)*|[^\w\s]")
_DAY = re.compile(r"(0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th|-[^\W\d_]{1,4})?")
_YEAR = re.compile(r"((?:1[89]|20)[0-9]{2})(?:-го|-м)?")
_WHEN = re.compile(r"(?:да|де|та|те|ға|ге|қа|ке|на|не|ына|іне|ында|інде|сына|сіне|сында|сінде)")


class Deadline(NamedTuple):
    """An expression of time and the last day of what it names."""

    start: int
    end: int
    day: date


class _Part(NamedTuple):
    """A part of an expression: the kind of a number, or words and beginnings of words."""

    kind: str
    words: frozenset[str]
    beginnings: tuple[str, ...]


_Expression = tuple[tuple[_Part, ...], str]


class Word(NamedTuple):
    """A word, number or sign: in small letters, the numbers it may be by their kinds, and expressions it may begin."""

    small: str
    numbers: Mapping[str, int]
    expressions: Sequence[_Expression]


class Token(NamedTuple):
    """A word with its place."""

    start: int
    end: int
    word: Word


class Deadlines:
    """Finds the deadlines of sentences in one language. Words are judged once and remembered, a bounded number."""

    def __init__(
        self, language: str, forms: Iterable[tuple[str, str]], months: Mapping[str, int], quarters: Mapping[str, int]
    ) -> None:
        """Take expressions with their keys, the forms of months' names, and the words for quarters."""
        self._language, self._months, self._quarters = language, dict(months), quarters
        self._by_first: dict[str, list[_Expression]] = defaultdict(list)
        self._by_beginning: list[tuple[str, _Expression]] = []
        self._remembered: dict[str, Word] = {}
        for parts, key in sorted(_expressions(forms), key=lambda expression: -len(expression[0])):
            for word in parts[0].words or {parts[0].kind}:
                self._by_first[word].append((parts, key))
            self._by_beginning += ((beginning, (parts, key)) for beginning in parts[0].beginnings)

    def tokens(self, text: str, start: int, end: int) -> list[Token]:
        """The words, numbers and signs of a stretch of text."""
        known, judge = self._remembered, self._judge
        return [
            Token(match.start(), match.end(), known.get(match[0]) or judge(match[0]))
            for match in _TOKEN.finditer(text, start, end)
        ]

    def find(self, sentence: Sequence[Token], today: date) -> list[Deadline]:
        """The deadlines of a sentence of a text of that day: of expressions within one another the longest."""
        found: list[Deadline] = []
        behind = 0
        for at, token in enumerate(sentence):
            if at < behind or not token.word.expressions:
                continue
            end, key, numbers = _longest(sentence, at)
            # "by November 15": what begins within may end behind.
            if key and not any(
                sentence[inner].word.expressions and _longest(sentence, inner)[0] > end for inner in range(at + 1, end)
            ):
                behind = end
                if day := last_day(key, numbers, today):
                    found.append(Deadline(token.start, sentence[end - 1].end, day))
        return found

    def anchors(self) -> set[str]:
        """Words and beginnings of words of which each expression has one, as they stand in texts."""
        found = {name for month in self._months for name in (month, month.capitalize())}
        found |= {str(year) for year in YEARS}
        for expressions in self._by_first.values():
            for parts, _ in expressions:
                if not any(part.kind in {"month", "in_month", "year"} for part in parts):
                    found |= max((part.words.union(part.beginnings) for part in parts), key=_shortest)
        return found | {word.capitalize() for word in found}

    def _judge(self, text: str) -> Word:
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        small = text.lower()
        numbers = dict(self._numbers(text, small))
        expressions = [one for first in (small, *numbers) for one in self._by_first.get(first, ())]
        expressions += (one for beginning, one in self._by_beginning if small.startswith(beginning))
        expressions.sort(key=lambda expression: -len(expression[0]))
        word = self._remembered[text] = Word(small, numbers, expressions)
        return word

    def _numbers(self, text: str, small: str) -> Iterator[tuple[str, int]]:
        """English months have a capital, others none; Kazakh ones may have any ending."""
        if match := _DAY.fullmatch(small):
            yield "day", int(match[1])
            if int(match[1]) <= MONTHS:
                yield "mm", int(match[1])
        if match := _YEAR.fullmatch(small):
            yield "year", int(match[1])
        if quarter := self._quarters.get(small):
            yield "quarter", quarter
        if text[0].isupper() == (self._language == "en") and (month := self._month(small)):
            yield "month", month
            if _WHEN.search(small[-4:]):
                yield "in_month", month

    def _month(self, word: str) -> int | None:
        if self._language != "kk":
            return self._months.get(word)
        months = (month for form, month in self._months.items() if word.startswith(form))
        return next(months, None) if len(word) < LONGEST_MONTH else None


def _longest(sentence: Sequence[Token], at: int) -> tuple[int, str, Mapping[str, int]]:
    """The longest expression that begins at a token: where it ends, its key, and its numbers; an empty key without."""
    for parts, key in sentence[at].word.expressions:
        numbers: dict[str, int] = {}
        for part, token in zip(parts, sentence[at : at + len(parts)], strict=False):
            word = token.word
            if part.kind:
                if part.kind not in word.numbers:
                    break
                numbers[part.kind.removeprefix("in_")] = word.numbers[part.kind]
            elif word.small not in part.words and not (part.beginnings and word.small.startswith(part.beginnings)):
                break
        else:
            if at + len(parts) <= len(sentence):
                return at + len(parts), key, numbers
    return at, "", {}


def last_day(key: str, values: Mapping[str, int], today: date) -> date | None:
    """The last day of what an expression names; None where that is past, too far ahead, or no day."""
    step, unit = int(key.startswith("next_")), key.rpartition("_")[2]
    month = values.get("month", values.get("mm", 0))
    if unit == "day":
        return _next(lambda year: _day(year, month, values["day"]), values, today)
    if unit == "month" and month:
        return _next(lambda year: _month_end(year, month), values, today)
    if unit == "month":
        return _month_end(today.year, today.month + step)
    if unit == "quarter" and "quarter" in values:
        return _next(lambda year: _month_end(year, 3 * values["quarter"]), values, today)
    if unit == "quarter":
        return _month_end(today.year, (today.month + 2) // 3 * 3 + 3 * step)
    if unit == "half":
        return _next(lambda year: _month_end(year, 6 if key == "first_half" else 12), values, today)
    return _next(lambda year: date(year, 12, 31), {"year": today.year + step, **values}, today)


def _next(day_of: Callable[[int], date | None], values: Mapping[str, int], today: date) -> date | None:
    """The day of the year that is named, or of the next where none is."""
    years = [values["year"]] if "year" in values else [today.year, today.year + 1]
    day = next((day for year in years if (day := day_of(year)) and day >= today), None)
    is_far = day and "year" not in values and (day - today).days > MOST_DAYS_AHEAD
    return None if is_far else day


def _day(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if day <= monthrange(year, month)[1] else None


def _month_end(year: int, month: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def _least(words: set[str]) -> int:
    return min((len(word) for word in words), default=0)


def _expressions(forms: Iterable[tuple[str, str]]) -> Iterator[_Expression]:
    """Each expression with its key, once with and once without what may be missing."""
    for form, key in forms:
        ways = [[_part(word.removesuffix("?"))] + ([None] if word.endswith("?") else []) for word in form.split()]
        yield from ((tuple(part for part in parts if part), key) for parts in product(*ways))


def _part(word: str) -> _Part:
    if word.startswith("{"):
        return _Part(word.strip("{}"), frozenset(), ())
    words = word.split("|")
    beginnings = tuple(one[:-1] for one in words if one.endswith("*"))
    return _Part("", frozenset(one for one in words if not one.endswith("*")), beginnings)


def _shortest(words: AbstractSet[str]) -> int:
    return min((len(word) for word in words), default=0)
