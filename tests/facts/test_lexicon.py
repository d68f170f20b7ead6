"""The tables that figures are read by: complete, known, and refused where they are wrong."""

import shutil
from pathlib import Path

import pytest

from warehouse.errors import UsageError
from warehouse.facts.figure_words import TABLES, load_figure_words
from warehouse.reference.rows import SEEDS, load_reference


def lines(name: str) -> list[list[str]]:
    return [line.split(",") for line in (SEEDS / "lexicon" / f"{name}.csv").read_text("utf-8").splitlines()[1:]]


def test_every_unit_that_is_read_has_its_row() -> None:
    codes = set(load_reference(SEEDS).units["code"])
    assert {key for _, _, key, *_ in lines("units")} <= codes
    assert set(load_reference(SEEDS).units["base_code"]) <= codes


@pytest.mark.parametrize("name", TABLES)
def test_every_form_has_its_source_and_licence(name: str) -> None:
    rows = lines(name)
    assert rows
    assert {tuple(row[-2:]) for row in rows} <= {("project", "MIT"), ("pymorphy3 (OpenCorpora)", "CC BY-SA 3.0")}


@pytest.mark.parametrize(
    ("language", "word", "unit"),
    [("ru", "киловатт-часов", "kWh"), ("kk", "теңгені", "KZT"), ("kk", "гектардан", "ha"), ("en", "tenge", "KZT")],
)
def test_units_are_known_in_their_forms(language: str, word: str, unit: str) -> None:
    assert load_figure_words(SEEDS).by_language[language].word(word).unit == unit


def test_a_table_that_is_missing_is_named(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(SEEDS, seeds, ignore=shutil.ignore_patterns("digests"))
    (seeds / "lexicon" / "scales.csv").unlink()
    with pytest.raises(UsageError, match=r"scales\.csv is missing"):
        load_figure_words(seeds)
