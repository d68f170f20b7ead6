"""Telephone numbers: written in groups, or short ones beside words of calling."""

import re

from warehouse.facts.dates import DASHES
from warehouse.facts.number import Number

_PHONE = re.compile(
    r"\+ ?[0-9]{1,3}(?:[ \u00a0\-–()]{0,2}[0-9]{1,4}\)?){2,6}"
    r"|8(?:[ \u00a0\-–(]{1,2}[0-9]{1,5}\)?(?:[ \u00a0\-–]{0,2}[0-9]{1,4}){1,5}|[0-9]{10})"
    r"|[0-9]{2,3}[-–][0-9]{1,2}[-–][0-9]{2}(?![0-9])|\(?[0-9]{3,5}\) ?[0-9]{2,3}(?:[-– ][0-9]{2,3}){1,3}"
)
SHORT = re.compile(r"1[0-9]{2}|14[0-9]{2}|911|112")
_CALLS = (
    "звон",
    "номер",
    "телефон",
    "служб",
    "лини",
    "call",
    "dial",
    "hotline",
    "қоңырау",
    "хабарлас",
    "нөмір",
    "phone",
    "contact",
    "контакт",
    "анықтама",
    "байланыс",
)


def phone_end(text: str, number: Number) -> int:
    """Where the phone number that begins here ends; 0 for none."""
    first, raw = number.first, number.raw
    mark = text[first - 1 : first]
    if mark == "+" and raw[0] in "789" and number.last - first < 13:
        first -= 1
    elif mark == "(" and text[number.last : number.last + 1] == ")" and 3 <= len(raw) <= 5:
        pass
    elif raw[0] != "8" and not (len(raw) in (2, 3) and text[number.last : number.last + 1] in DASHES):
        return 0
    match = _PHONE.match(text, first)
    if not match or number.unit or number.power:
        return 0
    digits = sum(sign.isdecimal() for sign in match.group())
    least = 10 if text[first] in "+8" else 5
    return match.end() if least <= digits <= 13 else 0


def is_called(text: str, number: Number) -> bool:
    """Whether a short number stands beside words of calling."""
    around = text[max(number.first - 60, 0) : number.end + 60].lower()
    return any(stem in around for stem in _CALLS)
