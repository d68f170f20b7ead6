"""Numbers in digits: what their spelling can mean, and which meaning a text's own numbers speak for.

`1,7` is 1.7, `1 700` and `1,700.5` are thousands, but `9,664` is nine thousand in one text and nine in another. Numbers
that can be read in one way vote; where they say nothing the language's custom decides and the other reading is kept.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

SPACES = " \u00a0\u2009\u202f\u2007"
# A set of characters stands first: Python looks for it many times as fast as for a choice.
_NUMBER = re.compile(rf"[0-9½¼¾⅓⅔][0-9]*(?:[{SPACES}][0-9]{{3}}(?![0-9]))*(?:[.,:/'’][0-9]+)*[½¼¾⅓⅔]?")
_GROUPED = re.compile(rf"[{SPACES}]")
MOST_DIGITS = 18
_MARKS = re.compile(r"[.,]")
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}


def digits_of(text: str) -> Iterator[tuple[int, int, str]]:
    """First and last place of the numbers in digits of a text, with all that may stand within one, and their text.

    Dates, times and scores are such too. `2024 300` is two numbers: only groups of three stand behind one to three.
    """
    for match in _NUMBER.finditer(text):
        raw = match[0]
        if len(raw) > 4 and (blank := _GROUPED.search(raw)) and (blank.start() > 3 or raw[0] == "0"):
            first, head = match.start(), blank.start()
            yield first, first + head, raw[:head]
            for rest in _NUMBER.finditer(raw, head + 1):
                yield first + rest.start(), first + rest.end(), rest.group()
        else:
            yield *match.span(), raw


class Reading(NamedTuple):
    """A number as plain decimal text; `other` is what it may be too; `notation` says what decided."""

    value: str
    other: str = ""
    notation: str = "plain"


class Votes(NamedTuple):
    """How many numbers of a text are sure to use a mark in a way."""

    decimal_comma: int = 0
    decimal_point: int = 0
    thousands_comma: int = 0
    thousands_point: int = 0


def votes_of(numbers: Iterable[str]) -> Votes:
    """Count what the numbers in digits of a text say of its notation."""
    counts = [0, 0, 0, 0]
    for number in numbers:
        marks = _MARKS.findall(number)
        if not marks:
            continue
        last = len(number) - 1 - max(number.rfind("."), number.rfind(","))
        if len(marks) == 1 and (last != 3 or number[0] == "0" or number.find(marks[0]) > 3):
            counts[0 if marks[0] == "," else 1] += 1
        elif len(marks) > 1:
            counts[2 if marks[0] == "," else 3] += 1
            if marks[-1] != marks[0]:
                counts[0 if marks[-1] == "," else 1] += 1
    return Votes(*counts)


def scale_up(value: float, power: int) -> float:
    """A value times a power of ten, as exact as if its digits were written out."""
    digits = repr(value)
    return value * 10.0**power if "e" in digits else float(f"{digits}e{power}")


class Use(NamedTuple):
    """How a number is used: in a text of a language with votes, of what.

    `is_whole` says that what it counts is not divided, `is_people` that it counts people, `has_scale` that a word such
    as thousand multiplies it.
    """

    votes: Votes
    language: str
    is_whole: bool
    is_people: bool
    has_scale: bool


def read_number(number: str, use: Use) -> Reading | None:
    """Read a number; None where it is none, such as `1.2.3`."""
    text = re.sub(rf"[{SPACES}'’]", "", number)
    fraction = _FRACTIONS.get(text[-1])
    if fraction is not None:
        whole = text[:-1]
        return Reading(f"{int(whole or 0)}{f'{fraction:.6g}'[1:]}") if whole.isdecimal() or not whole else None
    marks = _MARKS.findall(text)
    if not marks:
        return Reading(text) if text.isdecimal() else None
    if not all(sign.isdecimal() or sign in ".," for sign in text):
        return None
    parts = _MARKS.split(text)
    groups = 1 <= len(parts[0]) <= 3 and parts[0] != "0" and all(len(part) == 3 for part in parts[1:-1])
    if len(marks) > 1:
        if not groups or len(set(marks[:-1])) > 1:
            return None
        if marks[-1] == marks[0]:
            return Reading("".join(parts), notation="grouped") if len(parts[-1]) == 3 else None
        return Reading(f"{''.join(parts[:-1])}.{parts[-1]}", notation="grouped")
    decimal, thousands = f"{parts[0]}.{parts[1]}", "".join(parts)
    if not groups or len(parts[1]) != 3 or any(space in number for space in SPACES):
        return Reading(decimal)
    return _decide(decimal, thousands, marks[0], use)


def _decide(decimal: str, thousands: str, mark: str, use: Use) -> Reading:
    """Choose between thousands and a decimal of three digits."""
    votes, has_scale = use.votes, use.has_scale
    as_decimal = votes.decimal_comma if mark == "," else votes.decimal_point
    as_thousands = votes.thousands_comma if mark == "," else votes.thousands_point
    other_decimal = votes.decimal_point if mark == "," else votes.decimal_comma
    custom_decimal = (mark == ".") == (use.language == "en")
    if use.is_whole and not has_scale:
        # Nobody counts thousandths of people; but points of an exam have them.
        is_sure = use.is_people or not (as_decimal or custom_decimal)
        return Reading(thousands, "" if is_sure else decimal, "whole")
    if as_decimal and not as_thousands:
        # `896,000` beside `29,5`: nobody writes three zeros behind a decimal mark.
        if decimal.endswith("000") and not has_scale:
            return Reading(thousands, decimal, "zeros")
        return Reading(decimal, thousands, "votes")
    if as_thousands and not as_decimal:
        return Reading(thousands, decimal if has_scale else "", "votes")
    if decimal.endswith("000") and not has_scale:
        return Reading(thousands, notation="zeros")
    if has_scale:
        return Reading(decimal, thousands, "scale")
    if custom_decimal:
        return Reading(decimal, thousands, "custom")
    return Reading(thousands, "" if other_decimal else decimal, "custom")
