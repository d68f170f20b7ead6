"""Promises of texts: clauses on what will be, each with the last day of the time that it names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise, zip_longest
from typing import NamedTuple

import polars as pl

from warehouse.facts.deadlines import Deadline, Token
from warehouse.facts.promise_words import LANGUAGES, LanguageWords, PromiseWords
from warehouse.facts.sentences import Sentence, Sentences

PROMISE_COLUMNS: Mapping[str, type[pl.DataType]] = {
    "char_start": pl.UInt32,
    "char_end": pl.UInt32,
    "surface": pl.String,
    "sentence_start": pl.UInt32,
    "sentence_end": pl.UInt32,
    "deadline": pl.Date,
    "deadline_start": pl.UInt32,
    "deadline_end": pl.UInt32,
    "rule": pl.String,
}
"""The columns of promises behind those of the text they stand in."""

MOST_TOKENS = 400
"""A sentence of more words than that is none that promises."""

REACH = 600
"""Bytes between a word of the future and a time at most."""

LEAST_VERB = 5
"""Letters of a Kazakh verb that says what will be at least."""

SOON = 6
"""Words behind a comma or dash within which a verb of saying stands."""

_BEFORE_SPEECH = frozenset(',–—-»”"')
_BORDER = re.compile(r"[,;:]\s|\s(?:and|while|а|и|және|ал)\s")
_END_OF_SENTENCE = r"(?:\p{L}{4}|[0-9%])[.!?…]+[\"»”)]*\s*[\"«“„]?\p{Lu}|\n"
_EDGES = ' \t\r\n\u00a0.;,:–—-«»“”„"()'


class Promise(NamedTuple):
    """A clause with its deadline."""

    start: int
    end: int
    deadline: Deadline


def read_promises(texts: pl.DataFrame, words: PromiseWords) -> pl.DataFrame:
    """Read the promises of texts: a frame with `language`, `text`, `date` (the day of the text), and any other columns.

    The result has the columns of `texts` but language and text, then those of `PROMISE_COLUMNS`. Places are Unicode
    code points of the text as received, half-open; those of the deadline are of the words that name it. `deadline` is
    the last day of the day, month, quarter or year named, and after the day of the text. A text that is null, without
    a date, or in another language than en, ru, kk has no promises.
    """
    keys = texts.drop("language", "text")
    rows: list[tuple[object, ...]] = []
    for language in LANGUAGES:
        known = words.by_language[language]
        part = texts.with_row_index("_row").filter(
            pl.col("language") == language, pl.col("date").is_not_null(), pl.col("text").is_not_null()
        )
        if part.is_empty():
            continue
        for row, text, day, near in _near(part, known).iter_rows():
            for sentence, promise in promises_of(text, near, day, known):
                place = (promise.start, promise.end, text[promise.start : promise.end], sentence.start, sentence.end)
                rows.append((row, *place, promise.deadline.day, *promise.deadline[:2], words.version))
    schema: dict[str, type[pl.DataType]] = {"_row": pl.UInt32, **PROMISE_COLUMNS}
    frame = pl.DataFrame(rows, schema=schema, orient="row").sort("_row", "char_start")
    at = frame["_row"]
    frame = frame.drop("_row").with_columns(rule=pl.lit("promise@") + pl.col("rule"))
    return pl.concat([keys[at], frame], how="horizontal") if keys.width else frame


def _near(texts: pl.DataFrame, words: LanguageWords) -> pl.DataFrame:
    """The texts that may promise: `_row`, `text`, `date`, and `near`: bytes of words of the future near a time.

    Near is within `REACH` bytes, with no end of a sentence between.
    """
    found = texts.select(
        "_row",
        "text",
        "date",
        future=pl.col("text").str.find_many(words.future, overlapping=True),
        time=pl.col("text").str.find_many(words.times, overlapping=True),
    ).filter(pl.col("future").list.len() > 0, pl.col("time").list.len() > 0)
    future_at, time_at = (found.select("_row", at=name).explode("at").sort("_row", "at") for name in ("future", "time"))
    times = time_at.with_columns(time=pl.col("at"))
    pairs = pl.concat(
        [
            future_at.join_asof(times, on="at", by="_row", strategy=strategy, tolerance=REACH, check_sortedness=False)
            for strategy in ("backward", "forward")
        ]
    ).filter(pl.col("time").is_not_null())
    reach = (pl.col("at").cast(pl.Int64) - pl.col("time")).abs()
    between = pl.col("text").cast(pl.Binary).bin.slice(pl.min_horizontal("at", "time"), reach)
    near = (
        pairs.join(found.select("_row", "text"), on="_row")
        .filter(~between.cast(pl.String).str.contains(_END_OF_SENTENCE))
        .group_by("_row")
        .agg(near=pl.col("at").unique().sort())
    )
    return found.select("_row", "text", "date").join(near, on="_row")


def promises_of(
    text: str, near: Sequence[int], today: date, words: LanguageWords
) -> Iterator[tuple[Sentence, Promise]]:
    """The promises of the sentences that hold one of these bytes, each with its sentence, in order of place."""
    sentences = Sentences(text)
    for sentence in dict.fromkeys(sentences.at(place) for place in _places(text, near)):
        words_of = words.deadlines.tokens(text, sentence.start, sentence.end)
        if len(words_of) <= MOST_TOKENS:
            ahead = [deadline for deadline in words.deadlines.find(words_of, today) if deadline.day > today]
            yield from ((sentence, promise) for promise in _promises(text, sentence, words_of, ahead, words) if ahead)


def _places(text: str, near: Sequence[int]) -> Iterator[int]:
    """The code points at which these bytes, in order, begin."""
    data, behind, place = text.encode(), 0, 0
    for at in near:
        place += len(data[behind:at].decode())
        behind = at
        yield place


def _promises(
    text: str, sentence: Sentence, words_of: Sequence[Token], ahead: Sequence[Deadline], words: LanguageWords
) -> Iterator[Promise]:
    """A promise for each clause of a sentence that has a deadline ahead and says that something will be."""
    future = list(_future(words_of, words))
    borders = _borders(text, sentence, [deadline.start for deadline in ahead], future)
    for first, last in pairwise(borders):
        inside = [deadline for deadline in ahead if first <= deadline.start < last]
        if inside and any(first <= at < last for at in future):
            deadline = max(inside, key=lambda deadline: deadline.day)
            clause = [token for token in words_of if first <= token.start < last]
            ahead_in_it = [at for at in future if first <= at < last]
            yield Promise(*_without_speech(text, clause, deadline, ahead_in_it, words), deadline)


def _future(sentence: Sequence[Token], words: LanguageWords) -> Iterator[int]:
    """Where words stand that say what will be, alone or with the next."""
    for token, following in zip_longest(sentence, sentence[1:]):
        word = token.word.small
        has_ending = word.endswith(words.endings) and len(word) >= LEAST_VERB and word not in words.no
        if has_ending or word in words.will or (following and f"{word} {following.word.small}" in words.will):
            yield token.start


def _borders(text: str, sentence: Sentence, deadlines: Sequence[int], future: Sequence[int]) -> list[int]:
    """Where the clauses of a sentence begin, and its end: each has a deadline and a word that says what will be."""
    borders = [sentence.start]
    for match in _BORDER.finditer(text, sentence.start, sentence.end):
        at = match.end()
        if all(
            any(borders[-1] <= start < at for start in starts) and starts[-1] >= at for starts in (deadlines, future)
        ):
            borders.append(at)
    return [*borders, sentence.end]


def _without_speech(
    text: str, clause: Sequence[Token], deadline: Deadline, future: Sequence[int], words: LanguageWords
) -> tuple[int, int]:
    """A clause's place without who says so, before "that" or behind a comma or dash, and without marks around it."""
    verbs = [token for token in clause if token.start in future and token.word.small not in words.say]
    first = min([deadline.start, *(verb.start for verb in verbs)])
    last = max([deadline.end, *(verb.end for verb in verbs)])
    start, end = clause[0].start, clause[-1].end
    said = False
    for token in clause:
        if token.start >= first:
            break
        said = said or token.word.small in words.say
        if said and token.word.small in words.that:
            start = token.end
    for at, token in enumerate(clause):
        if token.start >= last and token.word.small in _BEFORE_SPEECH:
            behind = [following for following in clause[at + 1 :] if following.word.small.isalpha()]
            if any(following.word.small in words.say for following in behind[:SOON]):
                end = token.start
                break
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    return start, end
