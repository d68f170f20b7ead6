"""The words of `seeds/lexicon.csv` and `seeds/small_words.csv`, in the forms in which text is searched for them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from typing import Self

import polars as pl

from warehouse.errors import UsageError


@dataclass(frozen=True)
class BreakWords:
    """The forms of the lexicon, by kind, that tell a sentence's end and beginning from what only looks so.

    An `opener` begins sentences and ends no name; a `starter` begins sentences and may end a name as well (`LinkedIn`),
    so every opener is a starter. A `brand` is a name as a whole; `name_beginning` and `name_ending` are parts of names
    that begin in small letters (`qazTech`, `halykPay`). `place` is the last word of a place's name.
    """

    abbreviation: frozenset[str]
    starter: frozenset[str]
    opener: frozenset[str]
    label: frozenset[str]
    domain: frozenset[str]
    brand: frozenset[str]
    name_beginning: frozenset[str]
    name_ending: frozenset[str]
    particle: frozenset[str]
    place: frozenset[str]

    @classmethod
    def of(cls, lexicon: pl.DataFrame, places: pl.DataFrame) -> Self:
        """Take the forms from frames with kind and form, and with form (String); all but names also with capitals."""
        forms: dict[str, set[str]] = {kind.name: set() for kind in fields(cls)}
        for kind, form in lexicon.select("kind", "form").iter_rows():
            if kind in forms:
                forms[kind].update({form} if kind == "brand" else {form, form[:1].upper() + form[1:], form.upper()})
        forms["starter"] |= forms["opener"]
        forms["place"].update(form.split()[-1] for form in places["form"])
        return cls(**{kind: frozenset(known) for kind, known in forms.items()})


@cache
def set_of(texts: Iterable[str]) -> pl.Series:
    """The texts, or characters of a text, as `is_in` and `contains_any` take them, which convert a list each time."""
    return pl.Series([*texts], dtype=pl.String).implode()


@dataclass(frozen=True)
class SmallWords:
    """Small words and endings by which a language shows, as they stand in text that `pad` surrounded with spaces.

    `english`, the commonest first, and `russian` have what only these have among the languages that reach the portal.
    So English lacks names, and what German, French, Turkish or Dutch write alike: in, a, was, on, minister, -ing as in
    Beijing, -ed as in Mohammed. `not_english` and `not_russian` speak against either, in its script. `kazakh` are
    patterns of whole words in Latin letters.
    """

    english: tuple[str, ...]
    not_english: tuple[str, ...]
    russian: tuple[str, ...]
    not_russian: tuple[str, ...]
    kazakh: tuple[str, ...]

    @classmethod
    def of(cls, rows: pl.DataFrame) -> Self:
        """Take them from a frame with language, kind (word, beginning, ending) and form (String).

        Raises UsageError for a language or kind that is not known.
        """
        by_language: dict[str, list[str]] = {"en": [], "not en": [], "ru": [], "not ru": [], "kk": []}
        for language, kind, form in rows.select("language", "kind", "form").iter_rows():
            if language not in by_language or kind not in ("word", "beginning", "ending"):
                raise UsageError(f"Small word “{form}” has language and kind “{language}”, “{kind}”: not known.")
            if language == "kk":
                pattern = re.escape(form) + r"\w*" * (kind == "beginning")
            else:
                # An ending may have the stop or comma with it.
                pattern = " " * (kind != "ending") + form + " " * (kind != "beginning" and form[-1] not in ",.")
            by_language[language].append(pattern)
        return cls(*map(tuple, by_language.values()))


def pad(texts: pl.Expr) -> pl.Expr:
    """The texts, with a space where a word may begin and end."""
    return pl.concat_str(pl.lit(" "), texts, pl.lit(" "))
