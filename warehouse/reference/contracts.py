"""Contracts: what each cell of the reference files can hold, checked in whole before a run uses any of them.

What earlier runs used lies in the archive and is not held to them: it is loaded again as it was.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from warehouse.errors import UsageError, did_you_mean
from warehouse.reference.table import hash_tables, read_table
from warehouse.values import LONGEST_SHOWN

KINDS: Mapping[str, str] = {
    "ministry": "ministry",
    "agency": "agency that reports to the President or stands beside the ministries",
    "committee": "committee or bureau: part of a ministry or agency with a page of its own",
    "service": "service of a state body",
    "state_body": "other central body: courts, prosecution, security, audit, ombudsman",
    "embassy": "embassy, consulate or mission abroad",
    "territorial_department": "what a central body has in a region",
    "regional_akimat": "executive of a region",
    "city_akimat": "executive of a city of republican or regional significance",
    "district_akimat": "executive of a district, or of a district within a city",
    "rural_akimat": "lowest level: rural okrug, village, settlement, town of district significance",
    "regional_department": "department of a region, or of a city of republican significance (upravlenie)",
    "district_department": "department of a district or of another city (otdel)",
    "maslikhat": "elected council of any level",
    "audit_commission": "revision commission of a region",
    "unknown": "no rule says",
}
"""Kinds of publishers, with what each is."""


class Cell(NamedTuple):
    """What a column's cells hold: in words, and whether a text is that; `of` names the column that has it too."""

    words: str
    fits: Callable[[str], bool]
    is_needed: bool = True
    of: tuple[str, str] | None = None


class Contract(NamedTuple):
    """What a file's columns hold, and the columns that no two rows have the same in."""

    cells: Mapping[str, Cell]
    key: tuple[str, ...]


def _like(pattern: str, words: str) -> Cell:
    return Cell(words, lambda text: re.fullmatch(pattern, text) is not None)


def _one_of(*values: str) -> Cell:
    return Cell(f"it can be {', '.join(values)}", frozenset(values).__contains__)


def _maybe(cell: Cell) -> Cell:
    return cell._replace(is_needed=False)


def _whole(least: int, most: int) -> Cell:
    return Cell(
        f"write a whole number from {least:,} to {most:,}",
        lambda text: re.fullmatch(r"[0-9]{1,18}", text) is not None and least <= int(text) <= most,
    )


def _is_day(text: str) -> bool:
    try:
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


TEXT = Cell(
    "write text that can be seen, no blanks around it", lambda text: text == text.strip() and text.isprintable()
)
NAME = _like(r"[a-z][a-z0-9_]{0,59}", "write a name of at most 60 small letters, digits and _")
SLUG = _like(r"[a-z0-9._-]+", "write a slug as in URLs of gov.kz: small letters, digits and hyphens")
SLUGS = _like(r"[a-z0-9._-]+(?:\|[a-z0-9._-]+)*", "write slugs with | between them")
HOST = _like(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", "write the name of a site, like primeminister.kz")
ISO = _like(r"[A-Z]{2}-[A-Z0-9]{1,3}", "write an ISO code, like KZ-10")
NUMBER = _like(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", "write a number")
KIND = Cell(f"it can be {', '.join(KINDS)}", KINDS.__contains__)
LANGUAGE = _one_of("kk", "ru", "en")
UNIT = _like(r"[A-Za-z][A-Za-z0-9_]{0,29}", "write a code of letters, digits and _")
DAY = Cell("write a day like 2025-05-21", _is_day)
REGION = Cell("write an iso_code of regions.csv", lambda _: True, of=("regions", "iso_code"))
PUBLISHER = Cell("write a slug of publishers.csv", lambda _: True, of=("publishers", "slug"))
NOTE = _maybe(TEXT)

CONTRACTS: Mapping[str, Contract] = {
    "regions": Contract(
        {
            "iso_code": ISO,
            "kato": _like("[0-9]{9}", "write nine digits"),
            **dict.fromkeys(("name_en", "name_ru", "name_kk"), TEXT),
            "kind": _one_of("region", "city"),
            "akimat_slug": SLUG,
            "slug_prefixes": SLUGS,
            "iso_code_pre2022": _maybe(ISO),
            "capital_en": NOTE,
        },
        ("iso_code",),
    ),
    "publishers": Contract(
        {
            "slug": SLUG,
            **dict.fromkeys(("name_en", "name_ru"), TEXT),
            "name_kk": NOTE,
            "kind": KIND,
            "region_iso": _maybe(REGION),
        },
        ("slug",),
    ),
    "slug_families": Contract(
        {
            "form": _one_of("exact", "glued", "prefix", "suffix", "topic", "place"),
            "pattern": SLUG,
            "kind": _maybe(KIND),
            "scope": _maybe(_one_of("territory", "akimat", "abroad", "below_region", "anywhere")),
            "region_iso": _maybe(REGION),
        },
        ("form", "pattern", "region_iso"),
    ),
    "sections": Contract({"name": TEXT, "kind": _one_of("site", "section")}, ("name",)),
    "sites": Contract({"host": HOST, "publisher": PUBLISHER}, ("host",)),
    "lexicon": Contract(
        {
            "kind": _one_of(
                *("abbreviation", "opener", "starter", "label", "name_beginning", "name_ending", "brand", "particle"),
                *("domain", "year_word", "day_word", "date_before", "city_before", "city_after"),
                *("in_city_before", "in_city_after"),
            ),
            "language": _maybe(LANGUAGE),
            "form": TEXT,
        },
        ("kind", "language", "form"),
    ),
    "months": Contract({"month": _whole(1, 12), "language": LANGUAGE, "form": TEXT}, ("language", "form")),
    "places": Contract({"name_en": TEXT, "language": LANGUAGE, "form": TEXT}, ("language", "form")),
    "small_words": Contract(
        {
            "language": _one_of("kk", "ru", "en", "not ru", "not en"),
            "kind": _one_of("word", "beginning", "ending"),
            "form": TEXT,
        },
        ("language", "kind", "form"),
    ),
    "number_words": Contract(
        {
            "language": LANGUAGE,
            "form": TEXT,
            "kind": _one_of(
                *("unit", "teen", "ten", "hundred", "multiplier", "scale", "half", "and_half", "joiner"),
            ),
            "value": _like(r"[0-9]{1,15}(?:\.[0-9]{1,3})?", "write a number"),
            "alone": _one_of("yes", "no", "doubtful", "beside_kazakh"),
        },
        ("language", "form"),
    ),
    "units": Contract(
        {
            "code": UNIT,
            **dict.fromkeys(("name_en", "name_ru", "name_kk"), TEXT),
            "base_code": UNIT,
            "factor": _like(r"[0-9]{1,15}(?:\.[0-9]{1,15})?", "write a number"),
        },
        ("code",),
    ),
    "gazetteer": Contract(
        {
            "place_key": _like(r"[a-z0-9]+(?:-[a-z0-9]+)*", "write a key of small letters, digits and hyphens"),
            "kind": _one_of("country", "region", "city", "district", "village"),
            **dict.fromkeys(("name_en", "name_ru"), TEXT),
            "name_kk": NOTE,
            "region_iso": _maybe(REGION),
            "country_iso": _like(r"[A-Z]{2}", "write an ISO code of two letters, like KZ"),
            "iso_code": _maybe(_like(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?", "write an ISO code, like KZ or KZ-10")),
            "kato": _maybe(_like("[0-9]{9}", "write nine digits")),
            **dict.fromkeys(("latitude", "longitude"), _maybe(NUMBER)),
        },
        ("place_key",),
    ),
    "portal_id_dates": Contract({"portal_id": _whole(1, 10**15), "published_on": DAY}, ("portal_id",)),
    "portal_markers": Contract(
        {"kind": NAME, "language": _maybe(LANGUAGE), "text": TEXT}, ("kind", "language", "text")
    ),
    "refetch_schedule": Contract(
        {
            "outcome": NAME,
            "step": _whole(1, 99),
            "after": _like("[0-9]{1,5}[hd]", "write hours or days, such as 6h or 7d"),
            "counted_from": NAME,
        },
        ("outcome", "step"),
    ),
    "quality_thresholds": Contract(
        {
            **dict.fromkeys(("name", "subject", "unit", "method"), NAME),
            **dict.fromkeys(("at_least", "history", "spread", "floor"), NUMBER),
            **dict.fromkeys(("low", "high", "odd_from", "fail_from"), _maybe(NUMBER)),
        },
        ("name",),
    ),
    "region_tiles": Contract({"iso_code": REGION, "row": _whole(1, 99), "column": _whole(1, 99)}, ("iso_code",)),
}
"""The contract of every reference file, those first that others refer to. Other columns are for people to read."""


def refuse_wrong(seeds: Path) -> None:
    """Raise UsageError for what is wrong in the reference files of a folder: file, line, value, what would be right."""
    _refuse_wrong(seeds, hash_tables(seeds))


@lru_cache(maxsize=8)
def _refuse_wrong(seeds: Path, _state: bytes) -> None:
    """The same, once for each state of the folder that is right."""
    known: dict[tuple[str, str], frozenset[str]] = {}
    for name, contract in CONTRACTS.items():
        known |= _check(seeds / f"{name}.csv", name, contract, known)


def _check(
    path: Path, name: str, contract: Contract, known: Mapping[tuple[str, str], frozenset[str]]
) -> dict[tuple[str, str], frozenset[str]]:
    """Check a file against its contract and the values of others; returns the values of its key."""
    table = read_table(path, tuple(contract.cells))
    first: dict[tuple[str, ...], int] = {}
    for line, cells in table.rows:
        row = dict(zip(table.header, cells, strict=True))
        for column, cell in contract.cells.items():
            if wrong := _wrong(row[column], cell, known):
                raise UsageError(f"{path}, line {line}: {column} {wrong}")
        key = tuple(row[column] for column in contract.key)
        if key in first:
            text = ", ".join(f"{column} “{row[column]}”" for column in contract.key)
            raise UsageError(f"{path}, line {line}: {text} stands in line {first[key]} already.")
        first[key] = line
    return {(name, contract.key[0]): frozenset(key[0] for key in first)}


def _wrong(text: str, cell: Cell, known: Mapping[tuple[str, str], frozenset[str]]) -> str | None:
    """What is wrong with a cell, in words behind its column's name."""
    if not text:
        return f"is empty; {cell.words}." if cell.is_needed else None
    value = f"is “{text[:LONGEST_SHOWN]}”"
    words = next((each.words for each in (TEXT, cell) if not each.fits(text)), None)
    if words is None and cell.of and text not in known[cell.of]:
        file, column = cell.of
        return f"{value}, and {file}.csv has no such {column}.{did_you_mean(text, known[cell.of])}"
    return words and f"{value}; {words}."
