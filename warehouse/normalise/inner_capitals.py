"""Which capitals inside of a word begin a lost paragraph (`movementIn general`) and which a part of a name.

A name with inner capitals is one word: `KazMunayGas`, `ҚазТрансОйл`. So a word is judged as a whole, with everything
glued to it, by evidence: the words that begin sentences, whether what stands before the capital is a word of the text
in its own right, and whether the same letters stand together elsewhere in the text. Where the evidence is thin, the
word stays whole: a break that stays lost is a smaller fault than a name cut in two.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import polars as pl

from warehouse.normalise.break_places import add_context
from warehouse.normalise.letters import CATEGORY
from warehouse.normalise.lexicon import BreakWords

LONGEST = 100  # letters; what is longer is no word
LONG = 1 << 16  # characters of a text in which letters are no longer looked for word by word
STEM = 5  # letters from which on two forms of a name are known to be of one
LABEL = re.compile(r"[^\W\d_]+(?:[ \-][^\W\d_]+){0,2}\s?(?:[:.]|\+?[0-9])")
CONTACT = re.compile(r"[^\W\d_]+(?:[ \-][^\W\d_]+){0,2}\s?[:.]?\s*(?:[+(]?[0-9][0-9\s()\-]{5}|\S+@|www\.|https?:)")
WORD = re.compile(r"[^\W\d_]+(?:['’ʼ‘][^\W\d_]+)*")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def inner_breaks(
    places: pl.DataFrame, segments: pl.Series, body: pl.Series, words: BreakWords
) -> list[tuple[int, int]]:
    """Find the places, all of a letter behind a letter, where a paragraph begins: row and offset."""
    return [
        (compound.row, compound.offset + at)
        for compound in _compounds(places, segments, body)
        for at in compound.breaks(words)
    ]


class Surroundings:
    """The words of one text, letters as they are."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(WORD.findall(self.text))

    @cached_property
    def _in_order(self) -> list[str]:
        return sorted(self._counts)

    def repeats(self, word: str) -> bool:
        """Whether the text has these letters twice; the words of a long text are counted once for all."""
        if len(self.text) > LONG:
            return self._counts[word] > 1
        return self.text.count(word) > 1

    def has(self, word: str) -> bool:
        """Whether the text has this word elsewhere; of a name in Cyrillic also with another ending."""
        if self._counts[word]:
            return True
        stem = word[: max(STEM, len(word) - 2)]
        if len(word) < STEM or not CYRILLIC.match(word):
            return False
        at = bisect_left(self._in_order, stem)
        return any(
            other.startswith(stem) and len(other) <= len(word) + 4 and other[len(stem) :].islower()
            for other in self._in_order[at : at + 3]
        )


@dataclass(frozen=True, slots=True)
class Compound:
    """Letters without a blank that have capitals inside, where they stand (row, offset), and what stands beside."""

    row: int
    offset: int
    word: str
    left: str
    right: str
    surroundings: Surroundings

    def breaks(self, words: BreakWords) -> Iterator[int]:
        """Before which of its letters a paragraph begins."""
        begin = 0
        for capital, end in pairwise([*_capitals_within(self.word), len(self.word)]):
            if self._is_break(begin, capital, end, words):
                yield capital
                begin = capital

    def _is_break(self, begin: int, capital: int, end: int, words: BreakWords) -> bool:
        before, part = self.word[begin:capital], self.word[capital:end]
        if len(before) < 2 or self.word[begin:] in words.brand:
            return False
        is_last, is_small = end == len(self.word), before.islower()
        onward = part + self.right
        if is_last and part in words.label and (CONTACT.match(onward) or (is_small and LABEL.match(onward))):
            return True
        is_domain = before in words.domain and (is_small or before.isupper())
        if begin == 0 and is_domain and self._ends_host() and part[1:3].islower():
            return True
        may_start = is_last and self.right[:1] in _BEHIND_STARTER and part in words.starter
        if not (is_small or may_start) or self._is_name(before, part, words):
            return False
        if may_start:
            return is_small or part in words.opener or self._is_known(before, part, words)
        is_small &= before not in words.particle and before not in words.abbreviation
        # Names that begin in small letters are Latin, but for units: `кВт`, `мкЗв`.
        least = 2 if CYRILLIC.match(before) else 3
        follows = len(part) >= 3 or (
            len(before) >= 4 and (self.word[capital + 1 : capital + 2].isupper() or len(part) == least)
        )
        return is_small and len(before) >= least and follows

    def _is_known(self, before: str, part: str, words: BreakWords) -> bool:
        """Whether a capitalised word is one in its own right, and the next no place as in `AirKazakhstan`."""
        return part not in words.place and (before in words.place or self.surroundings.has(before))

    def _is_name(self, before: str, part: str, words: BreakWords) -> bool:
        """Whether the capital stands in a name: of its kind, met again in the text, or in another script."""
        if before.islower() and (
            before in words.name_beginning or (self.word.endswith(part) and part in words.name_ending)
        ):
            return True
        if self.surroundings.repeats(self.word):
            return True
        return self.word.isascii() and self._stands_in_cyrillic()

    def _stands_in_cyrillic(self) -> bool:
        """Whether the nearest letters on both sides, or on the only one that has any, are Cyrillic."""
        sides = (reversed(self.left), self.right)
        nearest = [letter for side in sides if (letter := next(filter(str.isalpha, side), ""))]
        return bool(nearest) and all(CYRILLIC.match(letter) for letter in nearest)

    def _ends_host(self) -> bool:
        return self.left[-1:] == "." and self.left[-2:-1].isalnum()


class _OfWord(dict[str, bool]):
    """Whether a character is a letter, a mark on one, or an apostrophe, looked up once."""

    def __missing__(self, character: str) -> bool:
        self[character] = known = CATEGORY[character][0] in "LM" or character in "'’‘"
        return known


_OF_WORD = _OfWord()
_BEHIND_STARTER = (",", " ", "\t", "\n", "\r", "\u00a0", "\u2009", "\u202f", "\u2028")


@lru_cache(maxsize=1024)
def _capitals_within(word: str) -> tuple[int, ...]:
    """Where in a word a part begins: at a capital behind a small letter, or at the last of several (`KISDuring`).

    Names come again and again.
    """
    return tuple(
        at
        for at in range(1, len(word))
        if word[at].isupper()
        and (
            word[at - 1].islower()
            or (word[max(at - 2, 0) : at].isupper() and at > 1 and word[at + 1 : at + 2].islower())
        )
    )


def _compounds(places: pl.DataFrame, segments: pl.Series, body: pl.Series) -> Iterator[Compound]:
    """The words that the places stand in, each once."""
    if places.is_empty():
        return
    surroundings: dict[int, Surroundings] = {}
    for run in _runs(places, segments):
        if run.row not in surroundings:
            surroundings = {run.row: Surroundings(body[run.row])}
        end = 0
        while end < len(run.right) and _OF_WORD[run.right[end]]:
            end += 1
        begin = len(run.lead) + len(run.parts[0]) - 1
        letters = run.lead + "".join(run.parts)
        whole = (letters + run.right[:end]).rstrip("'’ʼ‘")
        bare = whole.lstrip("'’ʼ‘")
        yield Compound(
            run.row,
            run.offset - begin + len(whole) - len(bare),
            bare,
            run.left[: max(len(run.left) - begin, 0)],
            (letters + run.right)[len(whole) :],
            surroundings[run.row],
        )


@dataclass(slots=True)
class _Run:
    """Places in one word: `parts` are the letters up to each mark, `lead` the one before them.

    `left` is what stands before the first mark, `right` what stands behind the last.
    """

    row: int
    offset: int
    lead: str
    parts: list[str]
    left: str
    right: str


def _runs(places: pl.DataFrame, segments: pl.Series) -> Iterator[_Run]:
    """The places that stand in one word together, but for words that are too long to be any."""
    run, last = None, None
    columns = ("row", "offset", "place", "place_before", "segment", "previous", "left", "right")
    places = add_context(places.sort("place"), segments).select(columns)
    for row, offset, place, place_before, segment, previous, left, right in places.iter_rows():
        begin = len(segment)
        while begin and _OF_WORD[segment[begin - 1]]:
            begin -= 1
        is_whole = not begin and place_before is not None
        if run and is_whole and place - 1 == last:
            run.parts.append(segment)
            run.right = right[1:]
        else:
            if run and sum(map(len, run.parts)) <= LONGEST:
                yield run
            # Where the segment is all letters but the place before is none between letters, its mark begins the word.
            lead = previous[-1:] if is_whole and CATEGORY[previous[-1:]][:1] == "L" else ""
            run = _Run(row, offset, lead, [segment[begin:]], left, right[1:])
        last = place
    if run and sum(map(len, run.parts)) <= LONGEST:
        yield run
