"""Figures and calendar dates among the words of a text, read so that equal values written differently are equal.

A figure has the readings its spelling allows: `1,5` is 1.5, `896,000` both 896000 and 896, but beside a word in Latin
letters only 896000; `1 500`, `1'500`, `1,500` and `1500` meet, and so do `½` and `0,5`. A percent sign or word and a
word of magnitude (`млрд`, `million`, `мың`) belong to the figure before them, a dash put right before it makes it
negative. A date is a day or a month of a year: `16 мая`, `16.05.2025`, `2025-05-16`, `May 16, 2025`, `2025 жылғы 16
мамыр`, `мае 2025`; a year alone is a figure. Dates are not held against the calendar.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from warehouse.compare.folding import Words, drawn_as

_MAGNITUDES = (
    (3, r"тыс|тысяч\w{0,3}|thousand|мың\w{0,4}"),
    (6, r"млн|миллион\w{0,4}|mln|million"),
    (9, r"млрд|миллиард\w{0,4}|bln|bn|billion"),
    (12, r"трлн|триллион\w{0,4}|trln|trillion"),
)
_UNITS = re.compile(
    "|".join(f"(?P<e{power}>{drawn_as(forms)})" for power, forms in _MAGNITUDES)
    + rf"|(?P<percent>%|{drawn_as('процент')}\w{{0,3}}|{drawn_as('пайыз')}\w{{0,5}}|percent)|(?P<permille>‰)",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"\d{1,3}(?:\s\d{3})*")
_LAST_GROUPS = re.compile(r"\d{3}(?:\s\d{3})*(?:[.,]\d+)?")
_PARTS = re.compile(r"[.,:]")
_DASHES = "-‐‑‒–—―−⸺⸻﹣－"
_BEFORE_MINUS = " \t\u00a0\u2009\u202f([{«»‹›“”„‟\"'’‘"

# The names of months, English (`May` needs its capital) and others, with the endings that these take.
_MONTHS = (
    (r"[Jj]an(?:uary|\.)?|JANUARY", r"январ\w{1,3}|қаңтар\w{0,6}"),
    (r"[Ff]eb(?:ruary|\.)?|FEBRUARY", r"феврал\w{1,3}|ақпан\w{0,6}"),
    (r"[Mm]ar(?:ch|\.)?|MARCH", r"март(?:а|е|у|ом)?|наурыз\w{0,6}"),
    (r"[Aa]pr(?:il|\.)?|APRIL", r"апрел\w{1,3}|сәуір\w{0,6}"),
    (r"May|MAY", r"май|мая|мае|маю|маем|мамыр\w{0,6}"),
    (r"[Jj]une?\.?|JUNE", r"июн\w{1,2}|маусым\w{0,6}"),
    (r"[Jj]uly?\.?|JULY", r"июл\w{1,2}|шілде\w{0,6}"),
    (r"[Aa]ug(?:ust|\.)?|AUGUST", r"август\w{0,2}|тамыз\w{0,6}"),
    (r"[Ss]ep(?:t|tember)?\.?|SEPTEMBER", r"сентябр\w{1,2}|қыркүйек\w{0,6}|қыркүйег\w{0,6}"),
    (r"[Oo]ct(?:ober|\.)?|OCTOBER", r"октябр\w{1,2}|қазан\w{0,6}"),
    (r"[Nn]ov(?:ember|\.)?|NOVEMBER", r"ноябр\w{1,2}|қараша\w{0,6}"),
    (r"[Dd]ec(?:ember|\.)?|DECEMBER", r"декабр\w{1,2}|желтоқсан\w{0,6}"),
)
_NAMES = [rf"{english}|{drawn_as(cyrillic)}" for english, cyrillic in _MONTHS]
_MONTH_NAMES = [re.compile(name) for name in _NAMES]
_MONTH = rf"(?P<month>{'|'.join(_NAMES)})(?![^\W\d_])"
_ENGLISH_MONTH = rf"(?P<month>{'|'.join(english for english, _ in _MONTHS)})(?![^\W\d_])"
_YEAR_WORD = rf"\s*(?:{drawn_as('жылғы|жылдың|жылы|жыл|ж[.]')})\s*"
_DAY = (
    r"(?<!\d)(?<!\d[.,:])(?P<day>\d{1,2})(?!\d)(?:\s*[-–—]\s*(?P<last>\d{1,2})(?!\d))?"
    r"(?:\s?-?(?:st|nd|rd|th|го|е|ші|сі|шы|сы)\b)?"
)
_YEAR = r"(?P<year>\d{4})(?!\d)"
_FIGURES_FIRST = (
    re.compile(rf"{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?"),
    re.compile(rf"(?<!\d){_YEAR}{_YEAR_WORD}{_DAY}\s*[-–]?\s*{_MONTH}"),
    re.compile(r"(?<!\d)(?<!\d[.,:/-])(?P<day>\d{1,2})([./-])(?P<month>\d{1,2})\2(?P<year>\d{4})(?![.,:/-]?\d)"),
    re.compile(r"(?<!\d)(?<!\d[.,:/-])(?P<day>\d{1,2})\.(?P<month>\d{2})\.(?P<year>\d{2})(?![.,:/-]?\d)"),
    re.compile(r"(?<!\d)(?<!\d[.,:/-])(?P<year>\d{4})([./-])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?![.,:/-]?\d)"),
    re.compile(rf"(?<!\d){_YEAR}{_YEAR_WORD}{_MONTH}"),
)
_MONTH_FIRST = (
    re.compile(rf"(?<!\w){_ENGLISH_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?"),
    re.compile(rf"(?<!\w){_MONTH},?\s+{_YEAR}"),
)
_DIGITS = re.compile(r"\d+")
_LAST_WORD = re.compile(r"[^\W\d_]+\.?,?\s+\Z")
_LONGEST_MONTH = 24  # with the space behind it
_ORDINAL = re.compile(
    r"(?:перв|втор|четв[её]рт|пят|шест|седьм|восьм|девят|десят|одиннадцат|двенадцат|тринадцат|четырнадцат|пятнадцат|"
    r"шестнадцат|семнадцат|восемнадцат|девятнадцат|двадцат|тридцат)(?:ого|ому|ым|ом|ое|ый|ой)|трет(?:ьего|ьему|ьим|ье|ий)|"
    r"(?:бір|ек|үш|төрт|бес|алты|жеті|сегіз|тоғыз|он|жиырма|отыз)(?:нші|ншы|інші|ыншы|сыншы)|"
    r"(?:twenty|thirty)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|"
    r"(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth"
)
_TENS = frozenset("двадцать тридцать он жиырма отыз twenty thirty".split())


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: words `at` to `last`, its readings as plain decimals, its unit (`%`, `‰` or none), and its minus.

    `minus` is 2 for a dash put to it, 1 for one that stands apart or begins a line, 0 for none. `units` is how many
    words behind it are its unit or magnitude.
    """

    at: int
    last: int
    readings: tuple[str, ...]
    unit: str
    minus: int
    units: int

    @property
    def key(self) -> str:
        """The same for equal figures of plain spelling; `equals` says more."""
        return f"{'-' if self.minus == 2 else ''}{self.readings[0]}{self.unit}"

    def equals(self, other: "Figure") -> bool:
        """Whether both can be read as the same value."""
        return (
            not set(self.readings).isdisjoint(other.readings)
            and self.unit == other.unit
            and {self.minus, other.minus} != {0, 2}
        )


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
        """Whether both can be the same date; a year that is not said can be any."""
        years = {self.year, other.year} - {None}
        return (self.days, self.month) == (other.days, other.month) and len(years) < 2


def goes_on(words: Words, at: int) -> bool:
    """Whether the next word belongs to the same figure: groups of three digits, whatever space is between them."""
    return bool(_GROUPS.fullmatch(words.surfaces[at]) and _LAST_GROUPS.fullmatch(words.surfaces[at + 1])) and bool(
        words.gap(at + 1).isspace()
    )


def figure(words: Words, at: int, last: int) -> Figure:
    """Read words `at` to `last`, which begin with digits, as one figure."""
    power, unit, units = 0, "", 0
    for behind in (last + 1, last + 2):
        # Magnitudes and signs are a few letters: a text of one endless word is not looked through.
        if behind == len(words) or len(words.surfaces[behind]) > 20:
            break
        found = _UNITS.fullmatch(words.surfaces[behind])
        if not found or words.gap(behind).strip() or (unit and found.lastgroup):
            break
        kind = str(found.lastgroup)
        if kind[0] == "e":
            power += int(kind[1:])
        else:
            unit = {"percent": "%", "permille": "‰"}[kind]
        units += 1
    spelled = _spelled(re.sub(r"\s", "", "".join(words.surfaces[at : last + 1])))
    if len(spelled) > 1 and _is_in_english(words, at, last):
        spelled = spelled[:1]
    return Figure(at, last, tuple(_scaled(value, power) for value in spelled), unit, _minus(words, at), units)


def _spelled(figure: str) -> tuple[str, ...]:
    """The values that a figure without spaces can mean; the first of several is that of thousands."""
    if not figure[0].isdecimal():
        return (_of_numeral(figure),)
    parts, marks = _PARTS.split(figure), _PARTS.findall(figure)
    groups = all(len(part) == 3 for part in parts[1:-1]) and 1 <= len(parts[0]) <= 3
    if not marks:
        return (figure,)
    if len(marks) == 1:
        values = [_decimal(*parts)]
        if marks == [","] and groups and len(parts[1]) == 3 and figure[0] != "0":
            values.insert(0, "".join(parts))
        return tuple(values)
    if groups and len(set(marks)) == 1 and len(parts[-1]) == 3 and marks[0] != ":":
        return ("".join(parts),)
    if groups and len(set(marks[:-1])) == 1 and marks[-1] != marks[0] and ":" not in marks:
        return (_decimal("".join(parts[:-1]), parts[-1]),)
    return (".".join(parts),)


def _of_numeral(figure: str) -> str:
    digits = [unicodedata.digit(sign, -1) for sign in figure]
    if min(digits) >= 0:
        return "".join(map(str, digits))
    return f"{unicodedata.numeric(figure[0]):.6g}"


def _is_in_english(words: Words, at: int, last: int) -> bool:
    """Whether the nearest word of two letters or more, behind a figure or else before it, is in Latin letters."""
    for beside in (last + 1, at - 1, last + 2, at - 2):
        if 0 <= beside < len(words) and len(words.surfaces[beside]) > 1 and words.surfaces[beside].isalpha():
            return words.surfaces[beside].isascii()
    return False


def _decimal(whole: str, fraction: str) -> str:
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _scaled(value: str, power: int) -> str:
    whole, _, fraction = value.partition(".")
    if not power or "." in fraction:
        return value if not power else f"{value}e{power}"
    fraction = fraction.ljust(power, "0")
    return _decimal((whole + fraction[:power]).lstrip("0") or "0", fraction[power:])


def _minus(words: Words, at: int) -> int:
    before = words.text[max(words.starts[at] - 40, 0) : words.starts[at]]
    bare = before.rstrip()
    if not bare or bare[-1] not in _DASHES:
        return 0
    if len(bare) < len(before):
        return 1
    if at and words.surfaces[at - 1][0].isdecimal() and not words.gap(at).strip(_DASHES + " "):
        return 0
    if len(bare) == 1 or bare[-2] in _BEFORE_MINUS:
        return 2
    return 1 if bare[-2].isspace() else 0


def dates(text: str) -> list[Date]:
    """Find the dates of a folded text, in their order and apart; the longer one of two that begin together."""
    found: list[Date] = []
    for digits in _DIGITS.finditer(text):
        begin, end = digits.start(), found[-1].end if found else 0
        if begin < end:
            continue
        matches = [form.match(text, begin) for form in _FIGURES_FIRST]
        window = max(begin - _LONGEST_MONTH, end)
        if text[begin - 1 : begin].isspace() and (word := _LAST_WORD.search(text, window, begin)):
            matches = [*(form.match(text, word.start()) for form in _MONTH_FIRST), *matches]
        longest = max((match for match in matches if match), key=lambda match: match.end(), default=None)
        if longest:
            said = longest.groupdict()
            days = tuple(int(day) for day in (said.get("day"), said.get("last")) if day)
            year = said.get("year")
            century = 2000 if year and len(year) == 2 else 0
            found.append(Date(*longest.span(), days, _month(said["month"]), int(year) + century if year else None))
    return found


def month_of(word: str) -> int | None:
    """The month that a word names, in any of its forms; None for other words."""
    return None if len(word) > _LONGEST_MONTH else _month_named(word)


@lru_cache(maxsize=1 << 13)  # of the words of a language few are many
def _month_named(word: str) -> int | None:
    return next((number for number, name in enumerate(_MONTH_NAMES, start=1) if name.fullmatch(word)), None)


def is_ordinal(word: str) -> bool:
    """Whether a word could be the day of a month: `шестнадцатого`, `алтыншы`, `sixteenth`."""
    return len(word) <= _LONGEST_MONTH and _ORDINAL.fullmatch(word.casefold()) is not None


def is_tens(word: str) -> bool:
    """Whether a word may stand before an ordinal, as a part of it: `двадцать` первого, `он` алтыншы."""
    return word.casefold() in _TENS


def _month(said: str) -> int:
    if said[0].isdecimal():
        return int(said)
    return next(number for number, name in enumerate(_MONTH_NAMES, start=1) if name.fullmatch(said))


def dated(found: list[Date], words: Words, first: int, last: int) -> dict[int, Date]:
    """Give the words among first to last - 1 that stand in a date as a whole, with that date."""
    number = bisect_right(found, words.starts[first], key=lambda date: date.end) if first < last else len(found)
    inside = {}
    for at in range(first, last):
        while number < len(found) and found[number].end <= words.starts[at]:
            number += 1
        if number == len(found):
            break
        if found[number].start <= words.starts[at] and words.ends[at] <= found[number].end:
            inside[at] = found[number]
    return inside
