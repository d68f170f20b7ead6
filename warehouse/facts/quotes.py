"""Quotes of texts: words in quotation marks or after a dash, each with the person who is said to have said them."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

import polars as pl

from warehouse.facts.promise_words import LANGUAGES, PromiseWords
from warehouse.facts.sentences import Sentences

QUOTE_COLUMNS: Mapping[str, type[pl.DataType]] = {
    "char_start": pl.UInt32,
    "char_end": pl.UInt32,
    "surface": pl.String,
    "sentence_start": pl.UInt32,
    "sentence_end": pl.UInt32,
    "speaker_start": pl.UInt32,
    "speaker_end": pl.UInt32,
    "speaker": pl.String,
    "rule": pl.String,
}
"""The columns of quotes behind those of the text they stand in."""

MOST = 4_000
"""Code points of a quote at most."""
AROUND = 250
"""Code points before and behind a quote in which its speaker stands."""
NEAR, SOON = 14, 6
"""Words behind a quote within which the verb of saying stands: after a comma or dash, and without."""
LEAST_WORDS, LEAST_INSIDE = 2, 6
"""Words of a quote at least, and of one that goes on a clause: shorter ones are names."""

LONGEST_VERB = 24
"""Letters of a verb of saying at most."""

_WORD = re.compile(r"[^\W\d_]+")
_PAIRS = {"«": "»", "“": "”", "„": "“", '"': '"'}
_QUOTED = re.compile("|".join(f"{left}[^{left}{right}]{{1,{MOST}}}{right}" for left, right in _PAIRS.items()))
_DASH_BEFORE = re.compile(r"(?:^|(?<=[\n.!?…»”\"⸻]))[ \u00a0]?[–—-][ \u00a0]?(?=[0-9A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])")
_DASH_BEHIND = re.compile(r"[,.!?…][»”\"]?\s*[–—-]\s*(?=\w)|,[»”\"]\s*(?=\w)")
_SAID_BEHIND = re.compile(r"\s*,?\s*[–—-]\s*|\s*,\s*")
_COLON = re.compile(r":\s*[–—-]?\s*$")
_CLOSING = '»”“"'
_EDGES = " \t\r\n\u00a0–—"


class Person(NamedTuple):
    """A mention of a person."""

    start: int
    end: int
    surface: str


class Quote(NamedTuple):
    """The words of a quote and who said them."""

    start: int
    end: int
    speaker: Person
    rule: str


def read_quotes(texts: pl.DataFrame, mentions: pl.DataFrame, words: PromiseWords) -> pl.DataFrame:
    """Read the quotes of texts: a frame with `language`, `text` and columns that identify a text.

    `mentions` are those of the texts: the same columns, `kind`, `char_start`, `char_end`, `surface`. The result has the
    columns of `texts` but language and text, then those of `QUOTE_COLUMNS`: the place of the words without their marks,
    and that of the mention of the speaker. Places are Unicode code points of the text as received, half-open. Words
    that no person of the text is said to have said are no quote. A text in another language than en, ru, kk has none.
    """
    keys = texts.drop("language", "text")
    people = _people(texts.with_row_index("_row"), mentions, keys.columns)
    rows: list[tuple[object, ...]] = []
    for language in LANGUAGES:
        say = words.by_language[language].say
        part = texts.with_row_index("_row").filter(
            pl.col("language") == language,
            pl.col("_row").is_in(list(people)),
            pl.col("text").str.contains_any([*_PAIRS, "–", "—", "- "]),
        )
        for row, text in part.select("_row", "text").iter_rows():
            sentences = Sentences(text)
            for quote in quotes_of(text, sentences, people[row], say):
                sentence = sentences.at(quote.start)
                place = (quote.start, quote.end, text[quote.start : quote.end], sentence.start, sentence.end)
                rows.append((row, *place, *quote.speaker, quote.rule))
    frame = pl.DataFrame(rows, schema={"_row": pl.UInt32, **QUOTE_COLUMNS}, orient="row").sort("_row", "char_start")
    at = frame["_row"]
    frame = frame.drop("_row").with_columns(rule=pl.col("rule") + f"@{words.version}")
    return pl.concat([keys[at], frame], how="horizontal") if keys.width else frame


def _people(texts: pl.DataFrame, mentions: pl.DataFrame, keys: Sequence[str]) -> dict[int, list[Person]]:
    """The mentions of people by the row of their text, in order of place."""
    people = mentions.filter(pl.col("kind") == "person").join(
        texts.select("_row", *keys), on=list(keys), nulls_equal=True
    )
    found: dict[int, list[Person]] = {}
    for row, *person in people.sort("char_start").select("_row", "char_start", "char_end", "surface").iter_rows():
        found.setdefault(row, []).append(Person(*person))
    return found


def quotes_of(text: str, sentences: Sentences, people: Sequence[Person], say: frozenset[str]) -> Iterator[Quote]:
    """The quotes of a text: those in quotation marks, then those after a dash."""
    reader = _Reader(text, sentences, people, say)
    marked = [(match.start(), match.end()) for match in _QUOTED.finditer(text)]
    for start, end in marked:
        yield from reader.in_marks(start, end)
    starts = [start for start, _ in marked]
    dashes = [match.end() for match in _DASH_BEFORE.finditer(text)]
    for dash, following in pairwise([*dashes, len(text)]):
        around = bisect_left(starts, dash) - 1
        if around < 0 or marked[around][1] <= dash:
            yield from reader.after_dash(dash, min(following, dash + MOST))


class _Reader:
    """Finds the speakers of a text's quotes."""

    def __init__(self, text: str, sentences: Sentences, people: Sequence[Person], say: frozenset[str]) -> None:
        self._text, self._sentences, self._people, self._say = text, sentences, people, say
        self._starts = [person.start for person in people]

    def in_marks(self, start: int, end: int) -> Iterator[Quote]:
        """The quote between two marks, if someone says it."""
        first, last = self._trim(start + 1, end - 1)
        words = len(self._text[first:last].split())
        before = self._text[max(start - AROUND, 0) : start].rstrip()
        goes_on = start > self._sentences.at(start).start and before[-1:].isalnum()
        if words >= (LEAST_INSIDE if goes_on else LEAST_WORDS):
            speaker = self._behind(end) or self._before(start, end) or self._above(start, end)
            if speaker:
                yield Quote(first, last, speaker, "quote_in_marks")

    def after_dash(self, start: int, end: int) -> Iterator[Quote]:
        """The quote that begins behind a dash, up to who says it, before the next that does."""
        for match in _DASH_BEHIND.finditer(self._text, start, end):
            if self._says(match.end(), match.end() + LONGEST_VERB, most=1):
                if speaker := self._who_says(match.end(), match.end()):
                    yield Quote(*self._trim(start, match.start()), speaker, "quote_after_dash")
                return

    def _behind(self, at: int) -> Person | None:
        """Who is said behind a quote to have said it, where a comma or dash leads there."""
        if said := _SAID_BEHIND.match(self._text, at):
            return self._who_says(at, said.end())
        if self._text[:at].rstrip(_CLOSING)[-1:] in ",.!?…":
            return self._who_says(at, at, SOON)
        return None

    def _who_says(self, at: int, first: int, words: int = NEAR) -> Person | None:
        """The first one named in a sentence with a verb of saying among these words, or the last one named before."""
        last = min(self._sentences.at(first).end, first + AROUND)
        people = self._between(first, last)
        if self._says(first, last, words):
            return people[0] if people else self._last_before(at)
        return None

    def _before(self, at: int, end: int) -> Person | None:
        """Who is said before a quote to have said it: a name and a verb of saying, or a name and a colon."""
        if not (colon := _COLON.search(self._text, max(at - AROUND, 0), at)):
            return None
        first = max(self._sentences.at(colon.start()).start, at - AROUND)
        people = self._between(first, at)
        if people and people[-1].end >= colon.start() - 1:
            return people[-1]
        if self._says(first, at):
            return people[0] if people else self._last_before(first)
        return people[0] if people and self._is_whole(end) else None

    def _above(self, start: int, end: int) -> Person | None:
        """The last one named in the sentence before that says something, of a quote that is a sentence of its own."""
        above = self._sentences.at(max(start - 1, 0))
        first = max(above.start, start - AROUND)
        is_apart = self._sentences.at(start) is not above or self._text[first:start].rstrip()[-1:] in ".!?…"
        if not self._is_whole(end) or not is_apart:
            return None
        if not self._says(first, start):
            return None
        people = self._between(first, start)
        return people[-1] if people else None

    def _is_whole(self, end: int) -> bool:
        """Whether what ends with that mark ends a sentence."""
        return self._text[end - 2] in ".!?…" or self._text[end : end + 1] in {".", "!", "?"}

    def _says(self, start: int, end: int, most: int = AROUND) -> bool:
        """Whether a verb of saying stands among the first words of a stretch."""
        found = islice(_WORD.finditer(self._text, start, end), most)
        return any(match[0].lower() in self._say for match in found)

    def _between(self, start: int, end: int) -> Sequence[Person]:
        return self._people[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _last_before(self, at: int) -> Person | None:
        return next(reversed(self._between(at - 2 * AROUND, at)), None)

    def _trim(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self._text[start] in _EDGES:
            start += 1
        while start < end and self._text[end - 1] in _EDGES:
            end -= 1
        return start, end
