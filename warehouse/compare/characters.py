"""Kinds of characters, as words and figures are made of them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

APOSTROPHES = "'’‘ʼʹ`´ʻ"
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
_MEANINGFUL_PUNCTUATION = "%‰?!&@#§"
_PLAIN_SIGNS = "<>|~^`´¨¯¸©®¦−"
_PICTURES = ((0x2190, 0x21FF), (0x2300, 0x23FF), (0x2500, 0x27BF), (0x2900, 0x297F), (0x2B00, 0x2BFF))
_LAST = 0x2FA1F  # the last character that normalising changes


def _ranges(characters: Iterable[str]) -> str:
    """The inside of a character class with these characters."""
    codes = sorted(map(ord, characters))
    if not codes:
        return ""
    ends = [place for place, (left, right) in enumerate(pairwise(codes)) if right != left + 1]
    starts = [codes[0], *(codes[end + 1] for end in ends)]
    lasts = [*(codes[end] for end in ends), codes[-1]]
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in zip(starts, lasts, strict=True))


def _has_meaning(sign: str) -> bool:
    """Whether this symbol says something, as opposed to bullets, arrows and frames."""
    if sign in _MEANINGFUL_PUNCTUATION:
        return True
    if sign in _PLAIN_SIGNS or unicodedata.category(sign)[0] != "S":
        return False
    return not any(first <= ord(sign) <= last for first, last in _PICTURES)


@dataclass(frozen=True, slots=True)
class Classes:
    """Kinds of characters as insides of character classes.

    `numerals` are figures by themselves: fractions, raised digits, digits in circles. `marks` are those and vowels of
    Hangul, `singles` other characters that NFC changes.
    """

    letters: str
    numerals: str
    marks: str
    singles: str
    signs: str
    capitals: str
    small: str


@cache
def classes_of(*, astral: bool) -> Classes:
    """Made once, from Python's Unicode tables; `re` is many times faster without the characters beyond 16 bits."""
    last = _LAST if astral else 0xFFFF
    # No surrogates and no private use.
    characters = [*map(chr, range(0xD800)), *map(chr, range(0xF900, last + 1))]
    categories = [*map(unicodedata.category, characters)]
    by_kind: dict[str, list[str]] = {"M": [], "S": []}
    for character, category in zip(characters, categories, strict=True):
        if category[0] in by_kind:
            by_kind[category[0]].append(character)
    is_invisible = re.compile(f"[{INVISIBLE}]").match
    # Some apostrophes are letters to Unicode.
    letters = [letter for letter in filter(str.isalnum, characters) if letter not in APOSTROPHES]
    figures = {*filter(is_figure, filter(str.isnumeric, letters))}
    numerals = [figure for figure in figures if not figure.isdecimal()]
    marks = [mark for mark in {*by_kind["M"], *map(chr, range(0x1161, 0x1200))} if not is_invisible(mark)]
    singles = [single for single in characters if not unicodedata.is_normalized("NFC", single)]
    return Classes(
        # The same as by their ranges, which are read faster up to 16 bits.
        rf"^\W\d_{APOSTROPHES}{_ranges(numerals)}"
        if astral
        else _ranges([letter for letter in letters if letter not in figures]),
        _ranges(numerals),
        _ranges(marks),
        _ranges({*singles} - {*marks}),
        _ranges(filter(_has_meaning, [*by_kind["S"], *_MEANINGFUL_PUNCTUATION])),
        _ranges(filter(str.isupper, characters)),
        _ranges(filter(str.islower, characters)),
    )


def is_figure(word: str) -> bool:
    """Whether a word is a figure, in digits or of its own kind (`½`, `²`)."""
    return word[0].isdecimal() or (word[0].isnumeric() and not word[0].isalpha())
