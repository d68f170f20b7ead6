"""The words beside numbers in one language: scales, units, people, what is kept out, and what they say of a number.

They are rows of `seeds/lexicon`. A word is looked up once and then remembered: a text has few words that are many. In
Kazakh a word that is in no table is one with an ending, where its beginning is in a table and the rest is an ending.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from warehouse.normalise.number_words import NumberWords
from warehouse.reference.rows import load_reference
from warehouse.reference.table import hash_tables, read_table

TABLES = ("units", "scales", "counted_words", "kept_out_words", "context_words", "times_words", "number_endings")
"""The files of `seeds/lexicon` that figures are read by; each has language, form, key, source and licence."""
LANGUAGES = ("en", "ru", "kk")
MOST_REMEMBERED = 1 << 16
"""Words remembered of a language at most; then they are forgotten."""
_FIRST = re.compile(r"[^\W\d_]+(?:[-‑][^\W\d_]+)*|.")


class Word(NamedTuple):
    """What is known of a word.

    `scale` is a power of ten, `unit` a code of dim_unit, `noun` `person` where people are counted by it; `tags` are the
    keys of the other tables; `longer` are phrases that begin with it: what follows it, and what that phrase is.
    `ending` is the kind of its Kazakh ending (`from`, `to`, …), `month` the number of a month.
    `length` is that of the word where another is written together with it: `millionwere`; else 0.
    """

    scale: int = 0
    unit: str = ""
    noun: str = ""
    tags: frozenset[str] = frozenset()
    longer: tuple[tuple[str, "Word"], ...] = ()
    ending: str = ""
    month: int = 0
    length: int = 0


NO_WORD = Word()
LONGEST = 40
"""Letters of a Kazakh word at most whose ending is looked for."""
HARDER = {"ғ": "қ", "г": "к", "б": "п"}
"""The last letter of a Kazakh word before an ending, and the letter it is without one."""


class Remembered(dict[str, Word]):
    """Words by how they stand in texts; one that is new is looked up, and of very many all are forgotten."""

    def __init__(self, look: Callable[[str], Word]) -> None:
        """Take how a word is looked up."""
        super().__init__()
        self._look = look

    def __missing__(self, text: str) -> Word:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        word = self[text] = self._look(text)
        return word


class Words:
    """The words of one language."""

    def __init__(
        self, language: str, tables: Mapping[str, Iterable[tuple[str, str, str]]], months: Mapping[str, int]
    ) -> None:
        """Take them from rows of (language, form, key) by the name of their table, and the months from their forms."""
        self.language = language
        self.times: dict[str, float] = {}
        self.endings: dict[str, str] = {}
        phrases: dict[str, dict[str, set[str]]] = {}
        for table, rows in tables.items():
            for row_language, form, key in rows:
                if row_language not in (language, ""):
                    continue
                if table == "times_words":
                    self.times[form] = float(key)
                elif table == "number_endings":
                    self.endings[form] = key
                else:
                    # The point of an abbreviation may end the sentence too: it is looked at where it stands.
                    phrases.setdefault(form.rstrip("."), {}).setdefault(table, set()).add(key)
        self.phrases = {form: _word(by_table) for form, by_table in phrases.items()}
        """Phrases by their text in small letters."""
        for form, month in months.items():
            known = self.phrases.get(form, NO_WORD)
            self.phrases[form] = known._replace(month=month, tags=known.tags | {"month_name"})
        self._known = self._begin(self.phrases)
        self.word: Callable[[str], Word] = Remembered(lambda text: self._look(text.lower())).__getitem__
        """What is known of a word as it stands in the text; NO_WORD where nothing is."""
        self.cases = {ending: kind for ending, kind in self.endings.items() if kind not in ("ordinal", "decade")}
        self.lasts = {form.rsplit(" ", 1)[-1] for form, word in self.phrases.items() if word.tags}

    @staticmethod
    def _begin(phrases: Mapping[str, Word]) -> dict[str, Word]:
        """Each first word with the phrases that it begins, the longest first."""
        longer: dict[str, list[tuple[str, Word]]] = {}
        for form, word in phrases.items():
            match = _FIRST.match(form)
            first = match.group() if match else form
            if first != form:
                longer.setdefault(first, []).append((form[len(first) :], word))
        known = dict(phrases)
        for first, rest in longer.items():
            rest.sort(key=lambda pair: (-len(pair[0]), pair[0]))
            known[first] = known.get(first, NO_WORD)._replace(longer=tuple(rest))
        return known

    def _look(self, text: str) -> Word:
        known = self._known.get(text, NO_WORD)
        if known.scale or known.unit or known.noun or (known.tags and self.language != "kk"):
            return known
        ended = self._ended(text)
        if ended is NO_WORD:
            return known if known.tags or known.longer else self._joined(text)
        return ended._replace(tags=ended.tags | known.tags, longer=known.longer or ended.longer)

    def _joined(self, text: str) -> Word:
        """A scale, or a Kazakh unit, with another word or a slip of the pen written together with it."""
        for cut in range(min(len(text) - 2, 12), 2, -1):
            word = self._known.get(text[:cut])
            if word is None:
                continue
            is_rest = text[cut:] in self._known
            if word.scale and is_rest:
                return Word(scale=word.scale, length=cut)
            if self.language == "kk" and cut > 4 and (word.scale or word.unit) and len(text) - cut < 5:
                return Word(scale=word.scale, unit=word.unit, tags=word.tags & {"year"})
        return NO_WORD

    def _ended(self, text: str) -> Word:
        """A word with an ending tied to it, or in Kazakh written together with it."""
        stem, _, ending = text.partition("-") if "-" in text else text.partition("‑")
        if ending and (word := self._known.get(stem)):
            kind = self.cases.get(ending)
            return word._replace(ending=kind) if kind else NO_WORD
        found = NO_WORD
        for cut in range(len(text) - 1, 1, -1) if self.language == "kk" and len(text) <= LONGEST else ():
            kind = self.cases.get(text[cut:])
            if not kind:
                continue
            softened = HARDER.get(text[cut - 1])
            for stem in (text[:cut], text[: cut - 1] + softened) if softened else (text[:cut],):
                if word := self._inflected(stem):
                    if word.unit or word.scale or word.noun:
                        return word._replace(ending=kind)
                    found = word._replace(ending=kind)
        return found

    def _inflected(self, stem: str) -> Word | None:
        """A word that takes endings: what it says of a number as it stands it does not say with one."""
        word = self._known.get(stem)
        if word and (word.scale or word.unit or word.noun or word.month or word.longer or "year" in word.tags):
            return word._replace(tags=word.tags & {"month_name", "year"})
        return None


def _word(by_table: Mapping[str, set[str]]) -> Word:
    tags = by_table.get("context_words", set()) | by_table.get("kept_out_words", set())
    return Word(
        scale=int(next(iter(by_table.get("scales", ())), 0)),
        unit=min(by_table.get("units", ()), default=""),
        noun=next(iter(by_table.get("counted_words", ())), ""),
        tags=frozenset(tags),
    )


class FigureWords(NamedTuple):
    """The words of every language by its code, and the numbers in words; `state` is a hash of all tables."""

    by_language: Mapping[str, Words]
    numbers: NumberWords
    state: str


_LOADED: dict[tuple[Path, bytes, bytes], FigureWords] = {}


def load_figure_words(seeds: Path) -> FigureWords:
    """Read the tables of a folder of reference files, once for each state of it.

    Raises UsageError naming the file, and the line where there is one, that is wrong.
    """
    state = (seeds, hash_tables(seeds / "lexicon"), hash_tables(seeds))
    if state not in _LOADED:
        tables = {name: _read(seeds / "lexicon" / f"{name}.csv") for name in TABLES}
        reference = load_reference(seeds)
        by_language = {language: Words(language, tables, _months(reference.months, language)) for language in LANGUAGES}
        numbers = NumberWords.of(reference.number_words)
        _LOADED.clear()
        _LOADED[state] = FigureWords(by_language, numbers, state[1].hex() + state[2].hex())
    return _LOADED[state]


def _months(rows: pl.DataFrame, language: str) -> dict[str, int]:
    """The months by the forms of their names in small letters, in Russian in every case of the singular."""
    months: dict[str, int] = {}
    for month, form in rows.filter(pl.col("language") == language).select("month", "form").iter_rows():
        stem = re.sub("[ьйяа]$", "", form)
        cases = (
            "",
            *(("а", "у", "ом", "е") if form[len(stem) :] in ("", "а") else ("ь", "й", "я", "ю", "ем", "ём", "е")),
        )
        for ending in cases if language == "ru" else ("",):
            months[((stem if language == "ru" else form.rstrip(".")) + ending).lower()] = int(month)
    return months


def _read(path: Path) -> list[tuple[str, str, str]]:
    table = read_table(path, ("language", "form", "key", "source", "licence"))
    places = [table.header.index(column) for column in ("language", "form", "key")]
    return [(cells[places[0]], cells[places[1]], cells[places[2]]) for _, cells in table.rows]
