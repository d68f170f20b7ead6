"""Numbers in words: a run of words such as `сто двадцать пять тысяч` or `жүз жиырма бес мың` read as one value.

The words are rows of `seeds/number_words.csv`, in every case. A number is made of them as in all three languages:

- `unit`, `teen`, `ten`, `hundred` add up, each less than the room that the one before leaves: `двадцать пять`, but
  `пять шесть` is two numbers;
- a `multiplier` (`hundred`, `жүз`, `dozen`) multiplies what stands before it, or one; so does a `scale` (`тысяча`,
  `million`), which only a smaller one may follow;
- a `half` is one by itself or of a scale (`half a million`), an `and_half` adds one (`два с половиной миллиона`);
- a `joiner` stands between a hundred or scale and what is less: `one hundred and five`.

Ordinals are no numbers here: they name what is counted, not how much.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, Self

import polars as pl

from warehouse.errors import UsageError
from warehouse.normalise.script import KAZAKH_LETTERS, SAME_DRAWING

ROOM = {"unit": 1, "teen": 1, "ten": 10, "hundred": 100}
"""What may be added to a word of each kind is less than this."""
KINDS = (*ROOM, "multiplier", "scale", "half", "and_half", "joiner")
ALONE = ("yes", "no", "doubtful", "beside_kazakh")
_KAZAKH = re.compile(KAZAKH_LETTERS)
_LONGEST_ORDINAL = 24
_ORDINAL = re.compile(
    r"(?:перв|втор|четв[её]рт|пят|шест|седьм|восьм|девят|десят|одиннадцат|двенадцат|тринадцат|четырнадцат|пятнадцат|"
    r"шестнадцат|семнадцат|восемнадцат|девятнадцат|двадцат|тридцат)(?:ого|ому|ым|ом|ое|ый|ой|ая|ую|ые|ых)|"
    r"трет(?:ьего|ьему|ьим|ье|ий|ья|ьей)|"
    r"(?:бір|ек|үш|төрт|бес|алты|жеті|сегіз|тоғыз|он|жиырма|отыз)(?:інші|нші|ншы|ыншы|сыншы)|"
    r"(?:twenty|thirty)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|"
    r"(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth"
)


class NumberWord(NamedTuple):
    """A form of a number word; `alone` says whether it is a number with no other word of one beside it."""

    kind: str
    value: Decimal
    alone: str


@dataclass(frozen=True, slots=True)
class WordNumber:
    """A number in `count` words; `is_doubtful` where its only word is often no number (`one`, `бір`)."""

    value: Decimal
    count: int
    is_doubtful: bool


class NumberWords:
    """The number words of each language, as they are read in running text."""

    def __init__(
        self,
        by_language: dict[str, dict[str, NumberWord]],
        spelt: dict[str, set[str]],
        parts: dict[str, set[str]],
    ) -> None:
        self._by_language, self._spelt, self._parts = by_language, spelt, parts
        self._first = {
            form.partition(" ")[0]
            for forms in by_language.values()
            for form, word in forms.items()
            if word.kind not in ("and_half", "joiner")
        }
        self._most_letters = max(map(len, self._first), default=0)
        # Of the words of a language few are many.
        self._is_first = lru_cache(maxsize=1 << 14)(lambda word: _fold(word) in self._first)
        self._longest = max((form.count(" ") + 1 for forms in by_language.values() for form in forms), default=0)

    @classmethod
    def of(cls, rows: pl.DataFrame) -> Self:
        """Take them from a frame with language, form, kind, value and alone (String).

        Raises UsageError for a kind or an `alone` that is not known, and for a value that is no number.
        """
        by_language: dict[str, dict[str, NumberWord]] = {}
        spelt: dict[str, set[str]] = {}
        parts: dict[str, set[str]] = {}
        for language, form, kind, value, alone in rows.select("language", "form", "kind", "value", "alone").iter_rows():
            if kind not in KINDS or alone not in ALONE or not re.fullmatch(r"\d+(?:\.\d+)?", value):
                raise UsageError(
                    f"Number word “{form}” has kind, value, alone “{kind}”, “{value}”, “{alone}”: not known."
                )
            by_language.setdefault(language, {})[_fold(form)] = NumberWord(kind, Decimal(value), alone)
            parts.setdefault(language, set()).update(form.lower().split(" "))
            if kind not in ("and_half", "joiner"):
                spelt.setdefault(language, set()).add(form.partition(" ")[0].lower())
        return cls(by_language, spelt, parts)

    def first_words(self, language: str) -> set[str]:
        """The words that a number of a language may begin with, in small letters."""
        return self._spelt.get(language, set())

    def all_words(self, language: str) -> set[str]:
        """The words that stand anywhere in numbers of a language, in small letters."""
        return self._parts.get(language, set())

    def read(self, words: Sequence[str], at: int, end: int, language: str | None = None) -> WordNumber | None:
        """Read the longest number that begins at this word and ends before `end`; None where there is none.

        In the words of `language`, where it is known, else in those of any.

        `words` are those of a text, without what stands between; where something other than a blank or a hyphen
        stands between two, `end` must lie between them.
        """
        if not self.begins(words[at]):
            return None
        if language is not None:
            return _Reader(self._by_language.get(language, {}), self._longest).read(words, at, end, language)
        numbers = (_Reader(forms, self._longest).read(words, at, end) for forms in self._by_language.values())
        return max((number for number in numbers if number), key=lambda number: number.count, default=None)

    def begins(self, word: str) -> bool:
        """Whether a number may begin with this word."""
        return len(word) <= self._most_letters and self._is_first(word)


class _Reader:
    """Reads one number in one language, word by word."""

    def __init__(self, forms: dict[str, NumberWord], longest: int) -> None:
        self.forms, self.longest = forms, longest
        self.total, self.scale = Decimal(0), Decimal("Infinity")
        self.group: Decimal | None = None
        self.room = Decimal("Infinity")

    def read(self, words: Sequence[str], begin: int, end: int, language: str | None = None) -> WordNumber | None:
        at, parts = begin, list[NumberWord]()
        while at < end:
            word, width = self._word(words, at, end)
            if word and word.kind == "joiner" and parts and parts[-1].kind in ("multiplier", "scale"):
                word, wide = self._word(words, at + 1, end)
                width += wide
                if not word or word.kind not in ROOM:
                    break
            if not word or not self._add(word):
                break
            parts.append(word)
            at += width
        if not parts:
            return None
        alone = parts[0].alone if len(parts) == 1 else "yes"
        if alone == "no" or (alone == "beside_kazakh" and language != "kk" and not _is_beside_kazakh(words, begin)):
            return None
        return WordNumber(self.total + (self.group or 0), at - begin, alone == "doubtful")

    def _word(self, words: Sequence[str], at: int, end: int) -> tuple[NumberWord | None, int]:
        """The longest form that begins here, and of how many words it is."""
        for width in range(min(self.longest, end - at), 0, -1):
            word = self.forms.get(_fold(" ".join(words[at : at + width])))
            if word:
                return word, width
        return None, 0

    def _add(self, word: NumberWord) -> bool:
        """Add a word to the number; False where it does not belong to it."""
        kind, value = word.kind, word.value
        if kind in ROOM:
            if value >= self.room:
                return False
            self.group = (self.group or 0) + value
            self.room = Decimal(ROOM[kind])
        elif kind == "multiplier":
            if self.group is not None and (self.group >= value or self.room == 0):
                return False
            self.group = (self.group or 1) * value
            self.room = Decimal(100 if value == 100 else 0)
        elif kind == "scale":
            if value >= self.scale:
                return False
            self.total += (1 if self.group is None else self.group) * value
            self.group, self.scale, self.room = None, value, value
        elif kind == "half" and self.group is None and not self.total:
            self.group, self.room = value, Decimal(0)
        elif kind == "and_half" and self.group is not None:
            self.group, self.room = self.group + value, Decimal(0)
        else:
            return False
        return True


def is_ordinal(word: str) -> bool:
    """Whether a word is an ordinal, such as the day of a month: `шестнадцатого`, `алтыншы`, `sixteenth`.

    A number in words before it is a part of it: `двадцать` первый.
    """
    return len(word) <= _LONGEST_ORDINAL and _ORDINAL.fullmatch(word.casefold()) is not None


def _fold(word: str) -> str:
    return word.casefold().translate(SAME_DRAWING)


def _is_beside_kazakh(words: Sequence[str], at: int) -> bool:
    """Whether one of the two words before or behind has a letter that only Kazakh has."""
    return any(_KAZAKH.search(word) for word in words[max(at - 2, 0) : at + 3])
