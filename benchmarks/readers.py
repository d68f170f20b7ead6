"""Read passages with our readers of facts and with those of others, all into the same kind of fact."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from labels import FIELDS, Fact, Passage
from warehouse.facts.figure_words import load_figure_words
from warehouse.facts.figures import read_figures
from warehouse.facts.mentions import mentions
from warehouse.facts.promise_words import load_promise_words
from warehouse.facts.promises import read_promises
from warehouse.facts.quotes import read_quotes
from warehouse.reference.rows import SEEDS

PEERS = {"quantulum3": ("en", ("figures", "values")), "natasha": ("ru", ("people", "places", "organisations"))}
"""By the name of each other reader: the language it reads, and the measures it is held to."""

SCRIPT = Path(__file__).parent / "peers" / "facts.py"

Read = Mapping[tuple[str, str], Sequence[Fact]]
"""The facts read of each passage, by its part and name."""


def read_ours(passages: Iterable[Passage]) -> Read:
    """What our readers find, offices among them."""
    texts, words = _texts(passages), load_promise_words(SEEDS)
    facts: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for row in read_figures(texts, load_figure_words(SEEDS)).figures.iter_rows(named=True):
        facts[row["part"], row["name"]].append(_figure(row))
    named = mentions(texts)
    for row in named.iter_rows(named=True):
        facts[row["part"], row["name"]] += _mention(row)
    for row in read_promises(texts, words).iter_rows(named=True):
        facts[row["part"], row["name"]].append(Fact("promise", **_place(row), deadline=row["deadline"]))
    for row in read_quotes(texts, named, words).iter_rows(named=True):
        facts[row["part"], row["name"]].append(
            Fact("quote", **_place(row), key=f"{row['field']} {row['speaker_start']}")
        )
    return facts


def _figure(row: Mapping[str, Any]) -> Fact:
    sides = {name: row[name] for name in ("value", "value_high", "subject", "approximation", "direction", "change")}
    return Fact("figure", **_place(row), **sides, unit=row["unit_code"], alternative=row["alternative_value"])


def _mention(row: Mapping[str, Any]) -> Iterator[Fact]:
    """A mention, its key its place; and the office of a person."""
    key = f"{row['field']} {row['char_start']}"
    yield Fact(row["kind"], **_place(row), key=key, resolved_start=row["resolved_start"])
    if row["office"] is not None:
        yield Fact("office", row["field"], row["office_start"], row["office_end"], row["office"], key=key)


def read_peers(passages: Iterable[Passage], python: Path) -> Read:
    """What quantulum3 and natasha find; `python` is that of their environment."""
    languages = {language for language, _ in PEERS.values()}
    rows = [row for row in _texts(passages).iter_rows(named=True) if row["language"] in languages]
    texts = json.dumps([{"language": row["language"], "text": row["text"]} for row in rows])
    done = subprocess.run([str(python), str(SCRIPT)], input=texts, capture_output=True, text=True, check=True)
    facts: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for row, found in zip(rows, json.loads(done.stdout), strict=True):
        facts[row["part"], row["name"]] += (
            Fact(**fact, field=row["field"], surface=row["text"][fact["start"] : fact["end"]]) for fact in found
        )
    return facts


def _texts(passages: Iterable[Passage]) -> pl.DataFrame:
    """A row for each text: `part`, `name`, `field`, `date`, `language`, `text`."""
    return pl.DataFrame(
        [
            {
                "part": passage.part,
                "name": passage.name,
                "field": field,
                "date": passage.date,
                "language": passage.language,
                "text": passage.text(field),
            }
            for passage in passages
            for field in FIELDS
        ]
    )


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"field": row["field"], "start": row["char_start"], "end": row["char_end"], "surface": row["surface"]}
