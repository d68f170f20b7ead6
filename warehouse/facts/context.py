"""What the words around a figure say of it: about how much, up or down, by or to, and whether it is still to come."""

import re

from warehouse.facts.figure_words import MOST_REMEMBERED, Words
from warehouse.facts.number import Number
from warehouse.facts.sentences import Sentence
from warehouse.facts.wording import APPROXIMATIONS, COMPARISONS

UP, DOWN, FUTURE, LIMITED = 1, 2, 4, 8
"""What a word of a sentence may say; `LIMITED` with up or down: it only compares, or limits a number."""
_WORD = re.compile(r"[^\W\d_]+|[~≈+]")
_LETTERS = re.compile(r"[^\W\d_]+")
_EDGES = ".,;:!?()[]«»\"“”„'’–—-…"
_CLAUSE = re.compile(r"[;:()]|, ")
_RIGHT_CLAUSE = re.compile(r"[;:().]|, ")
_STOP = re.compile(r"[0-9,;:.()\n]")
_ABLATIVES = ("нан", "нен", "дан", "ден", "тан", "тен")
_OF = re.compile(
    r"\s(?:of)\s(?:the\s|all\s)?([^\W\d_]+(?:[ -](?!of|in|and|for|on|are|were|is|was|will)[^\W\d_]+){0,2})"
)
_OR_MORE = {"en": (" or", " and", " plus", "+"), "ru": (" и ", " или", " с ", "+"), "kk": (" ", "+")}
_ENDS_CHANGE = frozenset(
    "составил составила составило составили составляет amounted totaled reached құрады құрайды жетті".split()
)
_COMPARED = frozenset({"percent", "percentage_point", "times"})
_COMPARE_BEFORE = frozenset("more less fewer higher lower больше меньше".split())
_BY = {"en": ("by",), "ru": ("на",), "kk": ()}
_TO = {"en": ("to",), "ru": ("до",), "kk": ()}


class Context:
    """Reads the words around figures in one language."""

    def __init__(self, words: Words) -> None:
        self.words, self.language = words, words.language
        self._signals: dict[str, int] = {}
        self._silent: set[str] = set()
        behind = {f"{kind}_after" for kind in APPROXIMATIONS}
        self._limits = {form.partition(" ")[0] for form, word in words.phrases.items() if word.tags & behind}

    def says(self, text: str, sentence: Sentence) -> int:
        """What any word of a sentence says: `UP`, `DOWN`, `FUTURE` together."""
        words = text[sentence.start : sentence.end].split()
        if self._silent.issuperset(words):
            return 0
        signals = 0
        for word in {*words} - self._silent:
            signals |= self._signals.get(word) or self._bits(word)
        return signals

    def _bits(self, word: str) -> int:
        tags = self.words.word(word.strip(_EDGES)).tags
        bits = (UP if "up" in tags else 0) | (DOWN if "down" in tags else 0) | (FUTURE if "future" in tags else 0)
        if len(self._signals) + len(self._silent) >= MOST_REMEMBERED:
            self._signals.clear()
            self._silent.clear()
        if bits:
            self._signals[word] = bits
        else:
            self._silent.add(word)
        return bits

    def approximation(self, text: str, number: Number) -> str:
        """How exact a figure claims to be."""
        kind = number.before.approximation
        if kind and not (kind == "up_to" and (number.change == "to" or number.high is not None)):
            return kind
        if number.approximation:
            return number.approximation
        if number.ending == "about":
            return "about"
        for end in (number.end, number.subject[1]) if number.subject else (number.end,):
            if text.startswith(_OR_MORE[self.language], end) and (kind := self._after(text, number, end)):
                return kind
        return "none"

    def _after(self, text: str, number: Number, end: int) -> str:
        """`or more`, `и более`, `және одан көп`, `+` behind a figure; in Kazakh also behind the noun."""
        if text[end] == "+":
            return "more_than"
        right = _STOP.split(text[end : end + 40], maxsplit=1)[0].lower()
        after = _LETTERS.findall(right)
        if self.language == "kk":
            # What limits stands behind the ablative: `100 адамнан көп`.
            is_from = number.ending == "from" or bool(after and after[0].endswith(_ABLATIVES))
            after = [word for word in after if is_from or word not in COMPARISONS]
        reaches = number.high is not None or number.change == "to"
        for begin in (0, 1) if self.language == "kk" else (0,):
            if self._limits.isdisjoint(after[begin : begin + 1]):
                continue
            for count in (4, 3, 2, 1):
                word = self.words.phrases.get(" ".join(after[begin : begin + count]))
                for kind in APPROXIMATIONS if word else ():
                    if word and f"{kind}_after" in word.tags and not (kind == "up_to" and reaches):
                        return kind
        return ""

    def change(self, text: str, number: Number, sentence: Sentence) -> tuple[str, str]:
        """Direction and change: words of growth or fall on either side within the clause."""
        left = text[max(sentence.start, number.start - 60) : number.start].lower()
        right = text[number.end : min(sentence.end, number.end + 40)].lower()
        before = _WORD.findall(left if self.language == "kk" else _CLAUSE.split(left)[-1])
        if number.before.approximation == "up_to" and before[-2:] == ["up", "to"]:
            before = before[:-2]
        after = _LETTERS.findall(_RIGHT_CLAUSE.split(right, maxsplit=1)[0])
        direction = self._before(before) or self._behind(after, number)
        if number.change:
            return direction or "none", number.change
        if not direction:
            return "none", "none"
        if self.language == "kk":
            reaches = number.ending == "to" and "дейін" in right and number.high is None
            return direction, "to" if reaches else "by"
        last, previous = (["", "", *before])[-1], (["", "", *before])[-2]
        is_limited = "about" in self.words.word(last).tags
        if last in _BY[self.language] or (previous in _BY[self.language] and is_limited):
            return direction, "by"
        if last and number.unit in _COMPARED and self.words.word(last).tags & {"up", "down"}:
            return direction, "by"
        if last in _TO[self.language] or previous in _TO[self.language]:
            return direction, "to"
        return direction, "by" if after and self.words.word(after[0]).tags & {"up", "down"} else "none"

    def _before(self, words: list[str]) -> str:
        """The direction that words before a figure give; in Kazakh verbs stand behind."""
        if self.language == "kk":
            return ""
        for word in reversed(words[-6:]):
            tags = self.words.word(word).tags
            if word in _ENDS_CHANGE:
                return ""
            limits = tags & {"more_than", "less_than", "more_than_after", "less_than_after"}
            if tags & {"up", "down"} and word not in _COMPARE_BEFORE and not limits:
                return "up" if "up" in tags else "down"
        return ""

    def _behind(self, words: list[str], number: Number) -> str:
        for at, word in enumerate(words[: 4 if self.language != "kk" else 6]):
            tags = self.words.word(word).tags
            if at and words[at - 1] in ("or", "and", "и", "или"):
                continue
            if word in COMPARISONS and number.unit != "times" and number.ending != "to":
                continue
            if tags & {"up", "down"}:
                return "up" if "up" in tags else "down"
        return ""

    def subject(self, text: str, number: Number) -> tuple[int, int] | None:
        """What is counted or measured."""
        if number.subject:
            return number.subject
        if self.language == "en" and number.unit in ("percent", "count"):
            match = _OF.match(text, number.end)
            return match.span(1) if match else None
        return None
