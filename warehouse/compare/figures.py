"""Figures among the words of a text, read so that equal values written differently are equal.

A figure has the readings its spelling allows: `1,5` is 1.5, `896,000` both 896000 and 896, but beside a word in Latin
letters only 896000; `1 500`, `1'500`, `1,500` and `1500` meet, and so do `½` and `0,5`. A percent sign or word and a
word of magnitude (`млрд`, `million`, `мың`) belong to the figure before them, a dash put right before it makes it
negative. A number in words is a figure too, of the same value: `пять тысяч` and `5000`.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from warehouse.compare.characters import is_figure
from warehouse.compare.folding import Words, look_alikes
from warehouse.normalise.number_words import NumberWords, is_ordinal

_MAGNITUDES = (
    (3, r"тыс|тысяч\w{0,3}|thousand|мың\w{0,4}"),
    (6, r"млн|миллион\w{0,4}|mln|million"),
    (9, r"млрд|миллиард\w{0,4}|bln|bn|billion"),
    (12, r"трлн|триллион\w{0,4}|trln|trillion"),
)
_UNITS = re.compile(
    "|".join(f"(?P<e{power}>{look_alikes(forms)})" for power, forms in _MAGNITUDES)
    + rf"|(?P<percent>%|{look_alikes('процент')}\w{{0,3}}|{look_alikes('пайыз')}\w{{0,5}}|percent)|(?P<permille>‰)",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"\d{1,3}(?:\s\d{3})*")
_LAST_GROUPS = re.compile(r"\d{3}(?:\s\d{3})*(?:[.,]\d+)?")
_PARTS = re.compile(r"[.,:]")
_DASHES = "-‐‑‒–—―−⸺⸻﹣－"
MOST_WORDS = 16
"""Words of the longest number in words that is read."""
_BEFORE_MINUS = " \t\u00a0\u2009\u202f([{«»‹›“”„‟\"'’‘"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: words `at` to `last`, its readings as plain decimals, its unit (`%`, `‰` or none), and its minus.

    `minus` is 2 for a dash put to it, 1 for one that stands apart or begins a line, 0 for none. `units` is how many
    words behind it are its unit or magnitude. `is_doubtful` where it is a word that is often no number, as `one`.
    """

    at: int
    last: int
    readings: tuple[str, ...]
    unit: str
    minus: int
    units: int
    is_doubtful: bool = False

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


def goes_on(words: Words, at: int) -> bool:
    """Whether the next word belongs to the same figure: groups of three digits, whatever space is between them."""
    return bool(_GROUPS.fullmatch(words.surfaces[at]) and _LAST_GROUPS.fullmatch(words.surfaces[at + 1])) and bool(
        words.gap(at + 1).isspace()
    )


def figure(words: Words, at: int, last: int) -> Figure:
    """Read words `at` to `last`, which begin with digits, as one figure."""
    power, unit, units = _units(words, last)
    readings = _readings(re.sub(r"\s", "", "".join(words.surfaces[at : last + 1])))
    if len(readings) > 1 and _is_in_english(words, at, last):
        readings = readings[:1]
    return Figure(at, last, tuple(_multiply(value, power) for value in readings), unit, _minus(words, at), units)


def figures_in_words(words: Words, number_words: NumberWords) -> list[Figure]:
    """Read the numbers in words of a text, in their order and apart, but for the days of months and other ordinals."""
    figures: list[Figure] = []
    behind = 0
    for at in [at for at, surface in enumerate(words.surfaces) if number_words.begins(surface)]:
        if at < behind:
            continue
        end = at + 1
        while end < len(words) and end - at < MOST_WORDS and words.gap(end).strip(" \u00a0") in ("", "-"):
            end += 1
        number = number_words.read(words.surfaces, at, end)
        if number and not _is_magnitude(words, at) and not _is_ordinal(words, at + number.count):
            last = at + number.count - 1
            power, unit, units = _units(words, last)
            value = _multiply(_plain(number.value), power)
            figures.append(Figure(at, last, (value,), unit, 0, units, number.is_doubtful))
        behind = at + number.count if number else at
    return figures


def _is_magnitude(words: Words, at: int) -> bool:
    """Whether the word multiplies the figure before it: `5 тысяч`."""
    return bool(at) and is_figure(words.surfaces[at - 1]) and bool(_UNITS.fullmatch(words.surfaces[at]))


def _is_ordinal(words: Words, behind: int) -> bool:
    """Whether the words before this one are the beginning of an ordinal: `двадцать` первый."""
    return behind < len(words) and is_ordinal(words.surfaces[behind]) and words.gap(behind) in (" ", "-")


def _plain(value: Decimal) -> str:
    whole, _, fraction = f"{value:f}".partition(".")
    return _decimal(whole, fraction)


def _units(words: Words, last: int) -> tuple[int, str, int]:
    """The power of ten and the sign of the units behind this word, and of how many words they are."""
    power, unit, units = 0, "", 0
    for behind in (last + 1, last + 2):
        # Magnitudes and signs are a few letters: a text of one endless word is not looked through.
        if behind == len(words) or len(words.surfaces[behind]) > 20:
            break
        match = _UNITS.fullmatch(words.surfaces[behind])
        if not match or words.gap(behind).strip() or (unit and match.lastgroup):
            break
        kind = str(match.lastgroup)
        if kind[0] == "e":
            power += int(kind[1:])
        else:
            unit = {"percent": "%", "permille": "‰"}[kind]
        units += 1
    return power, unit, units


def _readings(figure: str) -> tuple[str, ...]:
    """The values that a figure without spaces can mean; the first of several is that of thousands."""
    if not figure[0].isdecimal():
        return (_numeral(figure),)
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


def _numeral(figure: str) -> str:
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


def _multiply(value: str, power: int) -> str:
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
