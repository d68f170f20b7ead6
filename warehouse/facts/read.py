"""Read the titles and bodies of contents for all their facts, with the keys of what these are about."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import polars as pl

from warehouse.facts.figure_words import LANGUAGES, FigureWords, load_figure_words
from warehouse.facts.figures import read_figures
from warehouse.facts.identity import identify_people
from warehouse.facts.lexicons import NameLexicon, load_name_lexicons
from warehouse.facts.mentions import mentions as read_mentions
from warehouse.facts.promise_words import PromiseWords, load_promise_words
from warehouse.facts.promises import read_promises
from warehouse.facts.quotes import read_quotes
from warehouse.facts.rules import lexicons_in, versions
from warehouse.keys import key
from warehouse.reference.table import hash_tables

TEXT = ("release_key", "content_key", "field")
"""The columns that tell texts apart: a content has a title and mostly a body."""


class FactWords(NamedTuple):
    """The words that facts are read by, and the versions of the rules (`rules.RULES`)."""

    figures: FigureWords
    names: Mapping[str, NameLexicon]
    promises: PromiseWords
    versions: Mapping[str, str]


def load_fact_words(seeds: Path) -> FactWords:
    """Read the lexicons of a folder of reference files, once for each state of it; `SEEDS` stands in where it has none.

    Raises UsageError naming the file, and the line where there is one, that is wrong.
    """
    folder = lexicons_in(seeds)
    return _load_fact_words(folder, hash_tables(folder / "lexicon") + hash_tables(folder))


@lru_cache(maxsize=2)
def _load_fact_words(seeds: Path, _state: bytes) -> FactWords:
    return FactWords(load_figure_words(seeds), load_name_lexicons(seeds), load_promise_words(seeds), versions(seeds))


def texts_of(contents: pl.DataFrame) -> pl.DataFrame:
    """The texts of contents, the columns of `TEXT`, `language`, `text` and `date`, without those that are null.

    `contents` has `release_key`, `content_key`, `title`, `body`, `title_language`, `body_language` and `dated_on`.
    """
    fields = [
        contents.select(
            "release_key",
            "content_key",
            field=pl.lit(field),
            language=f"{field}_language",
            text=field,
            date="dated_on",
        )
        for field in ("title", "body")
    ]
    return pl.concat(fields).filter(pl.col("text").is_not_null())


def read_all(texts: pl.DataFrame, words: FactWords) -> dict[str, pl.DataFrame]:
    """All facts of texts as `texts_of` gives them: frames by kind, each with the columns of `TEXT` in front.

    Kinds are figure, kept_out, mention, quote, promise and unread; what a fact is about has its key beside its code.
    """
    found: dict[str, pl.DataFrame] = {}
    for read in (figures, mentions, promises):
        found |= read(texts, words)
    unknown = texts.filter(~pl.col("language").is_in(LANGUAGES).fill_null(value=False))
    return found | {"unread": unknown.select(*TEXT, reason=pl.lit("language"))}


def figures(texts: pl.DataFrame, words: FactWords) -> dict[str, pl.DataFrame]:
    """Figures with `unit_key`, and the numbers kept out."""
    read = read_figures(texts.drop("date"), words.figures)
    units = _keys(read.figures, ("unit_code",), lambda code: key("unit", code))
    return {
        "figure": read.figures.with_columns(_rule("figures", words), unit_key=units),
        "kept_out": read.kept_out.with_columns(_rule("figures", words)),
    }


def mentions(texts: pl.DataFrame, words: FactWords) -> dict[str, pl.DataFrame]:
    """Mentions with the keys of dimensions, and quotes with that of the speaker.

    Of mentions of people `office_field` is the field of the first office that the text gives with the name, `none`
    where it gives none, and `is_full` whether it gives a first name and a surname.
    """
    found = read_mentions(texts.drop("date"), words.names).with_row_index("at")
    # `identify_people` calls the field of an office so, and not that of a text.
    people = identify_people(found.rename({"field": "part"}), (*TEXT[:2], "part"), words.names).select(
        "at",
        is_full=pl.col("name_key").str.contains(r"^\S\S+ "),
        office_field=pl.when(pl.col("field") == "").then(pl.lit("none")).otherwise("field"),
    )
    found = found.join(people, on="at", how="left", maintain_order="left")
    is_person = pl.col("kind") == "person"
    # A surname or initials alone are nobody's in particular beyond the release.
    within = pl.when("is_full").then(pl.lit("")).otherwise(pl.col("release_key").cast(pl.String))
    found = found.with_columns(within=pl.when(is_person).then(within))
    person = _keys(
        found,
        ("name_key", "office_field", "within"),
        lambda *parts: None if parts[1] is None else key("person", *parts),
    )
    code = _keys(found, ("kind", "name_key"), lambda kind, name: None if kind == "eponym" else key(kind, name))
    keys = {
        f"{kind}_key": pl.when(pl.col("kind") == kind).then(person if kind == "person" else code)
        for kind in ("person", "organisation", "place")
    }
    found = found.with_columns(**keys)
    quotes = read_quotes(texts.drop("date"), found.select(*TEXT, "kind", "char_start", "char_end", "surface"), words[2])
    speakers = found.filter(is_person).select(*TEXT, "person_key", speaker_start=pl.col("char_start").cast(pl.UInt32))
    quotes = quotes.join(speakers, on=[*TEXT, "speaker_start"], how="left", maintain_order="left")
    return {
        "mention": found.with_columns(_rule("mentions", words)),
        "quote": quotes.with_columns(_rule("promises", words)),
    }


def promises(texts: pl.DataFrame, words: FactWords) -> dict[str, pl.DataFrame]:
    """Promises, read from the day in `date`; a text without one has none."""
    return {"promise": read_promises(texts, words.promises).with_columns(_rule("promises", words))}


def _rule(name: str, words: FactWords) -> pl.Expr:
    """The rule that read a fact, with the version of the rules that it is one of."""
    return pl.col("rule").str.replace("@.*", f"@{words.versions[name]}")


def _keys(frame: pl.DataFrame, columns: tuple[str, ...], key_of: Callable[..., int | None]) -> pl.Series:
    """The key of each row by some of its columns, made once for each distinct value."""
    distinct = frame.select(columns).unique()
    keys = pl.Series("key", [key_of(*row) for row in distinct.iter_rows()], dtype=pl.Int64)
    joined = frame.select(columns).join(
        distinct.hstack([keys]), on=columns, how="left", nulls_equal=True, maintain_order="left"
    )
    return joined["key"]
