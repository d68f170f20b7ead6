"""Sentences of a text whose paragraph breaks may be lost: where each begins and ends, in code points."""

import re
from bisect import bisect_right

_CAPITAL = "A-ZА-ЯЁӘҒҚҢӨҰҮҺІ"
# A set of characters stands first: Python looks for it many times as fast as for a choice.
_END = re.compile(
    rf"[.!?…\n⸻_](?:(?<=[.!?…])[.!?…]{{0,4}}[\"”»)]{{0,4}}"
    rf"(?=\s{{1,9}}[\"“„«(–—-]{{0,3}}\s?[{_CAPITAL}]|\s{{1,9}}[\"“„«–—-]?\s?[0-9]|[\"“„«–—-]?[{_CAPITAL}]|\s{{0,9}}$)"
    rf"|(?<=[^\W\d_]{{4}}[.!?…])(?=[0-9])|(?<=[\n⸻])\n*|(?<=_)_{{2,}})"
)
_ABBREVIATION = re.compile(
    r"(?:^|[^\w])(?:[^\W\d_]|г|ул|им|пр|мкр|акад|проф|тыс|млн|млрд|трлн|руб|тг|долл|кв|куб|мин|сек|гг|рис|табл|пп|approx"
    r"|Mr|Mrs|Dr|St|No|см|стр|т\.д|т\.п|обл|чел|каб)$"
)
_BEFORE = 8
_LONG = 7
"""Letters of a word that is too long for an abbreviation."""


class Sentence:
    """A sentence from `start` to `end`, without the blanks around it; `number` counts those of its text."""

    __slots__ = ("end", "number", "start")

    def __init__(self, number: int, start: int, end: int) -> None:
        self.number, self.start, self.end = number, start, end


NO_SENTENCE = Sentence(-1, 0, 0)


class Sentences:
    """The sentences of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[int] = []
        self._sentences: dict[int, Sentence] = {}

    def _divide(self) -> None:
        text, self._starts = self._text, [0]
        for match in _END.finditer(text):
            place = match.start()
            is_long = place >= _LONG and text[place - _LONG : place].isalpha()
            if not is_long and text[place] == "." and _ABBREVIATION.search(text, max(place - _BEFORE, 0), place):
                continue
            self._starts.append(match.end())

    def at(self, place: int) -> Sentence:
        """The sentence that holds a place."""
        if not self._starts:
            self._divide()
        number = bisect_right(self._starts, place) - 1
        sentence = self._sentences.get(number)
        if sentence is None:
            text, first = self._text, self._starts[number]
            last = self._starts[number + 1] if number + 1 < len(self._starts) else len(text)
            while first < last and text[first].isspace():
                first += 1
            while first < last and text[last - 1].isspace():
                last -= 1
            sentence = self._sentences[number] = Sentence(number, first, last)
        return sentence
