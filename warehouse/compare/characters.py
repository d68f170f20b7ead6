"""Kinds of characters, as words and figures are made of them."""

import re
import unicodedata
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


def _ranges(characters: list[int]) -> str:
    """The inside of a character class with these code points, which rise."""
    if not characters:
        return ""
    ends = [place for place, (left, right) in enumerate(pairwise(characters)) if right != left + 1]
    starts = [characters[0], *(characters[end + 1] for end in ends)]
    lasts = [*(characters[end] for end in ends), characters[-1]]
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
    # No surrogates and no private use.
    codes = [code for code in range(_LAST + 1 if astral else 0x10000) if not 0xD800 <= code <= 0xF8FF]
    is_invisible = re.compile(f"[{INVISIBLE}]").match
    # Some apostrophes are letters to Unicode.
    letters = [code for code in codes if chr(code).isalnum() and not chr(code).isdecimal()]
    numerals = [code for code in letters if is_figure(chr(code))]
    letters = [code for code in letters if chr(code) not in APOSTROPHES and not is_figure(chr(code))]
    marks = [code for code in codes if unicodedata.category(chr(code))[0] == "M" or 0x1161 <= code <= 0x11FF]
    marks = [code for code in marks if not is_invisible(chr(code))]
    singles = [code for code in codes if unicodedata.normalize("NFC", chr(code)) != chr(code)]
    return Classes(
        # The same as by their ranges, which are read faster up to 16 bits.
        rf"^\W\d_{APOSTROPHES}{_ranges(numerals)}" if astral else _ranges(letters),
        _ranges(numerals),
        _ranges(marks),
        _ranges(sorted(set(singles) - set(marks))),
        _ranges([code for code in codes if _has_meaning(chr(code))]),
        _ranges([code for code in codes if chr(code).isupper()]),
        _ranges([code for code in codes if chr(code).islower()]),
    )


def is_figure(word: str) -> bool:
    """Whether a word is a figure, in digits or of its own kind (`½`, `²`)."""
    return word[0].isdecimal() or (word[0].isnumeric() and not word[0].isalpha())
