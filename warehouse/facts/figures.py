"""Figures of texts: how much, of what, in which unit, each with its place in the text."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import polars as pl

from warehouse.facts.combine import Combiner
from warehouse.facts.context import DOWN, FUTURE, UP, Context
from warehouse.facts.figure_words import LANGUAGES, FigureWords, Words
from warehouse.facts.in_words import Spelt, numbers_in_words
from warehouse.facts.kept_out import Keeper
from warehouse.facts.number import Number
from warehouse.facts.periods import Period, Periods, nearest
from warehouse.facts.scan import Scanner
from warehouse.facts.sentences import Sentences

Columns = Mapping[str, type[pl.DataType] | pl.DataType]

FIGURE_COLUMNS: Columns = {
    "char_start": pl.UInt32,
    "char_end": pl.UInt32,
    "surface": pl.String,
    "sentence_start": pl.UInt32,
    "sentence_end": pl.UInt32,
    "value": pl.Float64,
    "value_high": pl.Float64,
    "unit_code": pl.String,
    "subject": pl.String,
    "subject_start": pl.UInt32,
    "subject_end": pl.UInt32,
    "approximation": pl.String,
    "direction": pl.String,
    "change": pl.String,
    "period_start": pl.Date,
    "period_end": pl.Date,
    "is_future": pl.Boolean,
    "alternative_value": pl.Float64,
    "notation": pl.String,
    "rule": pl.String,
}
"""The columns of figures behind those of the text they stand in."""

KEPT_OUT_COLUMNS: Columns = {
    "char_start": pl.UInt32,
    "char_end": pl.UInt32,
    "surface": pl.String,
    "reason": pl.String,
    "rule": pl.String,
}
"""The columns of numbers that are no figures: dates, laws, phones, ordinals, …"""


RULES = ("figure", "composite", "range", "pair", "list", "kept_out")
"""The rules that a figure is read by, or kept out."""


class Figures(NamedTuple):
    """The figures of texts, the numbers kept out of them, and the texts (all columns but text) not read."""

    figures: pl.DataFrame
    kept_out: pl.DataFrame
    unread: pl.DataFrame


def read_figures(texts: pl.DataFrame, words: FigureWords) -> Figures:
    """Read the figures of texts: a frame with `language` (kk, ru, en or another), `text` and any other columns.

    The results have all columns of `texts` but language and text, such as text_key, version_no and field, then those
    of `FIGURE_COLUMNS` or `KEPT_OUT_COLUMNS`. Places are Unicode code points of the text as received, half-open:
    cutting there gives `surface`. A text in another language than kk, ru, en has no figures and stands in `unread`; one
    that is null has none. `words` come from `load_figure_words(seeds)` of `warehouse.facts.figure_words`.

    `approximation`: none, about, more_than, less_than, up_to, at_least. `direction`: none, up, down. `change`: none,
    by, to, from. `notation` is what decided how the digits are read; `alternative_value` another value they can have.
    """
    found = _Found(rule_version(words))
    by_language: dict[str | None, list[int]] = {}
    languages, bodies = texts["language"].to_list(), texts["text"].to_list()
    for row, (language, text) in enumerate(zip(languages, bodies, strict=True)):
        if text is not None:
            by_language.setdefault(language, []).append(row)
    for language in LANGUAGES:
        rows = by_language.pop(language, [])
        reader = FigureReader(words.by_language[language])
        spelt = numbers_in_words([bodies[row] for row in rows], language, words)
        for row, in_words in zip(rows, spelt, strict=True):
            reader.read(bodies[row], in_words, row, found)
    unread = sorted(row for rows in by_language.values() for row in rows)
    keys = texts.drop("language", "text")
    return Figures(
        found.frame(found.figures, FIGURE_COLUMNS, keys),
        found.frame(found.kept_out, KEPT_OUT_COLUMNS, keys),
        texts.drop("text")[unread],
    )


class _Found:
    """Rows of figures and of numbers kept out, each with the row of its text in front."""

    def __init__(self, version: str) -> None:
        self.figures: list[tuple[object, ...]] = []
        self.kept_out: list[tuple[object, ...]] = []
        self.rules = {rule: f"{rule}@{version}" for rule in RULES}

    @staticmethod
    def frame(rows: list[tuple[object, ...]], columns: Columns, keys: pl.DataFrame) -> pl.DataFrame:
        """The rows in the order of their texts, with the columns of these."""
        rows.sort(key=itemgetter(0))
        at, *cells = zip(*rows, strict=True) if rows else ((), *(() for _ in columns))
        series = [pl.Series(name, values, kind) for (name, kind), values in zip(columns.items(), cells, strict=True)]
        return keys[list(at)].hstack(series) if keys.width else pl.DataFrame(series)


class FigureReader:
    """Reads the figures of texts in one language, one text after the other."""

    def __init__(self, words: Words) -> None:
        self._scanner, self._keeper, self._combiner = Scanner(words), Keeper(words), Combiner(words)
        self._context, self._periods = Context(words), Periods(words)

    def read(self, text: str, in_words: Sequence[Spelt], row: int, found: _Found) -> None:
        """Add the figures of a text to those found, and the numbers that are none."""
        numbers = self._scanner.numbers(text, in_words)
        if not numbers:
            return
        self._keeper.judge(text, numbers)
        sentences = Sentences(text)
        figures = self._combiner.combine(text, numbers, sentences)
        if figures:
            found.figures += self._rows(row, text, figures, numbers, found.rules)
        for number in numbers:
            if number.reason:
                start, end = number.start, number.end
                found.kept_out.append((row, start, end, text[start:end], number.reason, found.rules["kept_out"]))

    def _rows(
        self, row: int, text: str, figures: Sequence[Number], numbers: Sequence[Number], rules: Mapping[str, str]
    ) -> Iterator[tuple[object, ...]]:
        """The cells of figures; what a sentence says is read once for all of its figures."""
        context = self._context
        dated = [number for number in numbers if number.reason in ("year", "date")]
        sentence, said, at, count = None, 0, 0, len(dated)
        periods: list[tuple[int, Period]] = []
        for number in figures:
            start, end = number.start, number.end
            if number.sentence is not sentence:
                sentence = number.sentence
                said = context.says(text, sentence)
                while at < count and dated[at].first < sentence.start:
                    at += 1
                begin = at
                while at < count and dated[at].first < sentence.end:
                    at += 1
                periods = self._periods.of(text, sentence, dated[begin:at]) if at > begin else []
            subject = context.subject(text, number)
            if number.change or said & (UP | DOWN):
                direction, change = context.change(text, number, sentence)
            else:
                direction = change = "none"
            number.change = change if change != "none" else ""
            period = nearest(periods, number.first) if periods else None
            yield (
                row,
                start,
                end,
                text[start:end],
                sentence.start,
                sentence.end,
                number.value,
                number.high,
                number.unit,
                text[subject[0] : subject[1]] if subject else None,
                subject[0] if subject else None,
                subject[1] if subject else None,
                context.approximation(text, number),
                direction,
                change,
                period[0] if period else None,
                period[1] if period else None,
                bool(said & FUTURE),
                number.other,
                number.notation,
                rules[number.rule],
            )


@lru_cache(maxsize=4)
def _hash(state: str) -> str:
    code = hashlib.sha256(state.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()[:12]


def rule_version(words: FigureWords) -> str:
    """A hash of the code of this package and of the tables it reads: the version of every rule."""
    return _hash(words.state)
