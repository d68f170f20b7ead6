"""What stands before a number: the words that limit it or keep it out, its sign, and what it is tied to.

As with what stands behind, each beginning is read once and then remembered.
"""

import re

from warehouse.facts.figure_words import MOST_REMEMBERED, NO_WORD, Words
from warehouse.facts.numerals import SPACES
from warehouse.facts.wording import APPROXIMATIONS, Before

WIDTH = 40
"""Code points before a number that are looked at."""
MOST_TOKENS = 4
"""Words and signs before a number that one phrase may have."""
TOKEN = re.compile(r"[^\W\d_]+(?:[-‑][^\W\d_]+)*|[0-9]+|[^\w\s]")
_CURRENCY = re.compile(r"(?:(?:US|U\.S\.|us)?\$|[₸€₽¥£]|\b(?:KZT|USD|EUR|RUB|CNY|GBP|CHF|AED))[ \u00a0]?$")
_SIGNS = {"$": "USD", "₸": "KZT", "€": "EUR", "₽": "RUB", "¥": "CNY", "£": "GBP"}
_SHORTENED = frozenset("no nos art ст п пп ч каб кв д тел tel стр подп корп".split())
_LETTERS_BEFORE = re.compile(r"[^\W\d_]+$")
_WEB = re.compile(r"(?:www\.|https?:|\.kz|\.com|\.org)\S*$")


class BeforeReader:
    """Reads what stands before numbers in one language."""

    def __init__(self, words: Words) -> None:
        self.words, self.language = words, words.language
        self._remembered: dict[str, Before | None] = {}
        self._tails = _tails(words)

    def read(self, text: str, first: int) -> Before:
        """What stands before a number that begins at `first`."""
        furthest = first - WIDTH if first > WIDTH else 0
        remembered = self._remembered
        blank = text.rfind(" ", furthest, first - 1) if first else -1
        while blank >= 0:
            key = text[blank + 1 : first]
            if key in remembered:
                before = remembered[key]
            else:
                before = self._read(key, is_whole=False)
                if len(remembered) >= MOST_REMEMBERED:
                    remembered.clear()
                remembered[key] = before
            if before is not None:
                return before
            blank = text.rfind(" ", furthest, blank)
        key = "\0" + text[furthest:first]
        before = remembered.get(key)
        if before is None:
            before = remembered[key] = self._read(key[1:], is_whole=True)
        assert before is not None
        return before

    def _read(self, text: str, *, is_whole: bool) -> Before | None:
        """The reading of a text before a number; None where what stands before it could change that."""
        tokens = TOKEN.findall(text)
        before = Before()
        count = len(tokens)
        if not tokens:
            return before if is_whole else None
        before.shown = tokens[-1]
        last = before.last = before.shown.lower()
        small = [token.lower() for token in tokens[-MOST_TOKENS:]]
        is_begun = (count < 2 and not last[0].isalpha()) or (count < MOST_TOKENS and " ".join(small) in self._tails)
        if is_begun and not is_whole:
            return None
        word = self.words.word(before.shown)
        before.tags, before.month = word.tags, word.month
        if last == "." and count > 1 and small[-2] in _SHORTENED:
            before.tags = self.words.word(tokens[-2]).tags
        if last in self._tails or word.tags:
            before.approximation = self._approximation(small)
        self._tied(text, before)
        return before

    def _approximation(self, tokens: list[str]) -> str:
        for count in range(len(tokens), 0, -1):
            tags = self.words.phrases.get(" ".join(tokens[-count:]), NO_WORD).tags
            for kind in APPROXIMATIONS:
                if kind in tags:
                    return kind
        return ""

    def _tied(self, text: str, before: Before) -> None:
        """The sign, the currency, or the name that the number is tied to."""
        if match := _CURRENCY.search(text):
            bare = match.group().strip(" \u00a0")
            before.currency, before.start = _SIGNS.get(bare[-1]) or bare, len(match.group())
            return
        mark = text[-1:]
        if mark in SPACES or mark in "\n\r\t":
            if before.last in ("минус", "minus"):
                before.sign, before.start = "-", len(text) - text.lower().rfind(before.last)
        elif mark.isalpha() or mark == "_":
            run = _LETTERS_BEFORE.search(text)
            # `область350`: a heading without its break.
            is_heading = run is not None and len(run.group()) > 3 and run.group()[1:].islower()
            before.reason = "" if is_heading else "name"
        elif mark in "-‑−–—":
            self._dash(text, before)
        elif mark in "@=&\\/" or (mark == "." and _WEB.search(text)):
            before.reason = "name"

    @staticmethod
    def _dash(text: str, before: Before) -> None:
        """A dash before a number: of a name, a minus, or of a list."""
        beyond = text[-2:-1]
        if beyond.isalpha() and text[-1] in "-‑":
            before.reason = "tied"
        elif text[-1] in "-−–" and (not beyond or beyond.isspace() or beyond in "(«[~"):
            further = text[:-2].rstrip()
            if further[-1:].isdigit() or further[-1:] == "%":
                return
            before.start = 1
            if not further or further[-1] in ";.!?" or beyond == "\n":
                before.sign = "?"
            else:
                before.sign = "–" if further[-1].isalpha() else "-"


def _tails(words: Words) -> frozenset[str]:
    """The ends of phrases that limit a number, without their beginning: `less than` of `no less than`."""
    phrases = [TOKEN.findall(form) for form, word in words.phrases.items() if not word.tags.isdisjoint(APPROXIMATIONS)]
    return frozenset(" ".join(phrase[at:]) for phrase in phrases for at in range(1, len(phrase)))


def previous_word(text: str, first: int, words: Words) -> str:
    """The word or sign before the last one before a number that begins at `first`, as it stands in the text.

    It is looked for behind the nearest blank where the last word says nothing.
    """
    furthest = max(first - WIDTH, 0)
    blank = text.rfind(" ", furthest, max(first - 1, 0))
    while blank >= 0:
        tokens = TOKEN.findall(text, blank + 1, first)
        last = tokens[-1].lower() if tokens else ""
        if len(tokens) >= MOST_TOKENS or (last[:1].isalpha() and last not in words.lasts):
            return tokens[-2] if len(tokens) > 1 else ""
        blank = text.rfind(" ", furthest, blank)
    tokens = TOKEN.findall(text, furthest, first)
    return tokens[-2] if len(tokens) > 1 else ""
