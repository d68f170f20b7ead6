"""Values of numbers: scales multiplied out, and the reading of ambiguous ones that a text speaks for."""

from statistics import median

from warehouse.facts.number import Number
from warehouse.facts.numerals import Use, Votes, read_number, scale_up

MOST_BESIDE = 12
"""Figures of a text at most by which an ambiguous one is judged."""


def set_plain_value(number: Number) -> bool:
    """Set the value of a number that can be read in one way; False for others."""
    raw = number.raw
    if not raw:
        number.value = scale_up(number.words_value, number.power) if number.power else number.words_value
        number.notation = "words"
    elif raw.isdecimal():
        number.value = float(f"{raw}e{number.power}") if number.power else float(raw)
    else:
        whole, _, fraction = raw.partition("," if "," in raw else ".")
        if not (whole.isdecimal() and fraction.isdecimal()) or len(fraction) == 3:
            return False
        number.value = float(f"{whole}.{fraction}e{number.power}")
    if number.is_negative:
        number.value = -number.value
    return True


def set_value(number: Number, votes: Votes, language: str) -> None:
    """The value with its scale multiplied out; a reason where the digits are no number."""
    is_whole = number.unit in ("count", "person", "") and not number.is_open
    use = Use(votes, language, is_whole, number.unit == "person", bool(number.power))
    reading = read_number(number.raw, use)
    if reading is None:
        number.reason = "list"
        return
    number.value = float(f"{reading.value}e{number.power}")
    number.other = float(f"{reading.other}e{number.power}") if reading.other else None
    number.notation = reading.notation
    if number.is_negative:
        number.value = -number.value
        number.other = -number.other if number.other is not None else None


def settle(figures: list[Number]) -> None:
    """Choose the reading of ambiguous figures that agrees with the sums, or the size, of those beside it."""
    doubtful = [number for number in figures if number.other is not None and number.rule == "figure"]
    for number in doubtful[:MOST_BESIDE]:
        beside = [each.value for each in figures if each.other is None and each.unit == number.unit and each.value > 0]
        beside = beside[-MOST_BESIDE:]
        assert number.other is not None
        if number.value <= 0 or not beside:
            continue
        if _adds_up(number.value, beside):
            continue
        if _adds_up(number.other, beside):
            number.value, number.other, number.notation = number.other, number.value, "sum"
            continue
        middle = median(beside)
        near, far = sorted((number.value, number.other), key=lambda value: max(value / middle, middle / value))
        if max(far / middle, middle / far) > 100 * max(near / middle, middle / near) and near != number.value:
            number.value, number.other, number.notation = near, far, "size"


def _adds_up(value: float, beside: list[float]) -> bool:
    """Whether a value is the sum or difference of two of those beside it."""
    return any(
        abs(total - value) <= 0.002 * value
        for at, one in enumerate(beside)
        for two in beside[at + 1 :]
        for total in (one + two, abs(one - two))
    )
