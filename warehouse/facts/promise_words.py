"""The words that promises and quotes are read by, from `seeds/lexicon`, and the version that a rule has with them."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from warehouse.facts.deadlines import Deadlines
from warehouse.reference.rows import load_reference
from warehouse.reference.table import read_table

LANGUAGES = ("en", "ru", "kk")
COLUMNS = ("language", "form", "key")
TABLES = ("future_words", "deadlines", "quarters", "say_words")
RUSSIAN_ENDINGS = ("", "а", "я", "у", "ю", "е", "ом", "ем", "ь", "й")
CODE = ("deadlines", "promise_words", "promises", "quotes", "sentences")


class LanguageWords(NamedTuple):
    """The words of one language.

    `will` says what will be; a word that ends in one of `endings` does so too, unless it is one of `no`. `say`
    are verbs of saying, `that` follows them. `future` and `times` are the same words and those of deadlines as they may
    stand in texts: what has none of them promises nothing.
    """

    will: frozenset[str]
    endings: tuple[str, ...]
    no: frozenset[str]
    say: frozenset[str]
    that: frozenset[str]
    deadlines: Deadlines
    future: Sequence[str]
    times: Sequence[str]


class PromiseWords(NamedTuple):
    """The words by language, and `version`: a hash of them and of the code that reads with them."""

    by_language: Mapping[str, LanguageWords]
    version: str


def load_promise_words(seeds: Path) -> PromiseWords:
    """Read the tables of a folder like `seeds/`. Raises UsageError where one is no readable CSV."""
    rows: dict[str, list[tuple[str, str, str]]] = {}
    for name in TABLES:
        table = read_table(seeds / "lexicon" / f"{name}.csv", COLUMNS)
        at = [table.header.index(column) for column in COLUMNS]
        rows[name] = [(cells[at[0]], cells[at[1]], cells[at[2]]) for _, cells in table.rows]
    months = load_reference(seeds).months.select("month", "language", "form").rows()
    code = b"".join((Path(__file__).parent / f"{name}.py").read_bytes() for name in CODE)
    version = hashlib.sha256(repr((rows, months)).encode() + code).hexdigest()[:12]
    return PromiseWords({language: _words(language, rows, months) for language in LANGUAGES}, version)


def _words(
    language: str, rows: Mapping[str, list[tuple[str, str, str]]], months: list[tuple[int, str, str]]
) -> LanguageWords:
    future: dict[str, set[str]] = {key: set() for key in ("will", "ending", "no")}
    for row_language, form, key in rows["future_words"]:
        if row_language == language:
            future[key].add(form)
    deadlines = Deadlines(
        language,
        [(form, key) for row_language, form, key in rows["deadlines"] if row_language in {language, ""}],
        _months(language, months),
        {form: int(key) for row_language, form, key in rows["quarters"] if row_language == language},
    )
    said = {
        key: frozenset(
            form for row_language, form, row_key in rows["say_words"] if (row_language, row_key) == (language, key)
        )
        for key in ("say", "that")
    }
    endings = tuple(sorted(ending.removeprefix("-") for ending in future["ending"]))
    return LanguageWords(
        will=frozenset(future["will"]),
        endings=endings,
        no=frozenset(future["no"]),
        say=said["say"],
        that=said["that"],
        deadlines=deadlines,
        future=sorted({*future["will"], *map(str.capitalize, future["will"]), *endings}),
        times=sorted(deadlines.anchors()),
    )


def _months(language: str, months: list[tuple[int, str, str]]) -> dict[str, int]:
    """The months by the forms of their names, in Russian in every case."""
    forms: dict[str, int] = {}
    for month, row_language, form in months:
        if row_language == language:
            word = form.lower().rstrip(".")
            stem = word[:-1] if language == "ru" and word[-1] in "яаьй" else word
            forms |= {stem + ending: int(month) for ending in (RUSSIAN_ENDINGS if language == "ru" else ("",))}
    return forms
