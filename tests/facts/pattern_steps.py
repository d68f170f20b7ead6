"""Counts the steps that a backtracking matcher takes to find a pattern in a text."""

import re
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

_parser = import_module("re._parser")
"""Python's own parser of patterns; it is not public."""

Part = tuple[Any, Any]
"""A part of a parsed pattern: what it is, and of what."""
Rest = Callable[[int], bool]
"""Whether what follows a part matches from a place on."""
_CATEGORIES = {"CATEGORY_WORD": r"\w", "CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s"}
_CATEGORIES |= {"CATEGORY_NOT_WORD": r"\W", "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_NOT_SPACE": r"\S"}


def steps_of(pattern: re.Pattern[str], text: str) -> int:
    """How many parts are tried to find every match of a pattern, from left to right."""
    return _Matcher(text).find_all([*_parser.parse(pattern.pattern, pattern.flags)])


class _Matcher:
    def __init__(self, text: str) -> None:
        self.text, self.steps, self.end = text, 0, 0

    def find_all(self, parts: Sequence[Part]) -> int:
        at = 0
        while at <= len(self.text):
            at = max(self.end, at + 1) if self._match(parts, at, self._accept) else at + 1
        return self.steps

    def _accept(self, at: int) -> bool:
        self.end = at
        return True

    def _match(self, parts: Sequence[Part], at: int, rest: Rest) -> bool:
        self.steps += 1
        if not parts:
            return rest(at)
        (code, value), tail = parts[0], parts[1:]

        def then(place: int) -> bool:
            return self._match(tail, place, rest)

        match str(code):
            case "SUBPATTERN":
                return self._match([*value[3]], at, then)
            case "BRANCH":
                return any(self._match([*branch], at, then) for branch in value[1])
            case "MAX_REPEAT":
                return self._repeat(value[0], int(value[1]), [*value[2]], at, then)
            case "ASSERT" | "ASSERT_NOT" | "AT":
                return self._holds(str(code), value, at) and then(at)
        return self._is_one(code, value, at) and then(at + 1)

    def _holds(self, code: str, value: Any, at: int) -> bool:
        """Whether what takes no signs holds at a place: the end of the text, or what stands before or behind."""
        if code == "AT":
            return at == len(self.text)
        begin = at if value[0] > 0 else at - value[1].getwidth()[0]
        is_there = begin >= 0 and self._match([*value[1]], begin, lambda _: True)
        return is_there is (code == "ASSERT")

    def _repeat(self, least: int, most: int, parts: Sequence[Part], at: int, then: Rest) -> bool:
        """As many as there are, then fewer."""
        if len(parts) > 1 or str(parts[0][0]) not in ("IN", "LITERAL", "NOT_LITERAL"):
            if most and self._match(parts, at, lambda end: self._repeat(max(least - 1, 0), most - 1, parts, end, then)):
                return True
            return not least and then(at)
        end = at
        while end - at < most and self._is_one(*parts[0], end):
            end += 1
        return any(then(place) for place in range(end, at + least - 1, -1))

    def _is_one(self, code: Any, value: Any, at: int) -> bool:
        """Whether one sign of a kind stands at a place."""
        self.steps += 1
        if at >= len(self.text):
            return False
        sign = self.text[at]
        match str(code):
            case "LITERAL":
                return ord(sign) == value
            case "NOT_LITERAL":
                return ord(sign) != value
            case "RANGE":
                return bool(value[0] <= ord(sign) <= value[1])
            case "CATEGORY":
                return re.match(_CATEGORIES[str(value)], sign) is not None
        is_not = str(value[0][0]) == "NEGATE"
        return any(self._is_one(*each, at) for each in value[is_not:]) is not is_not
