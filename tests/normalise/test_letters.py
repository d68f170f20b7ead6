"""Kinds of characters: the same for `re` as for Polars."""

import re
import unicodedata

import polars as pl
import pytest

from warehouse.normalise.letters import LETTER, SPACE, WHITE, capital, word_at_end, word_at_start

# Assigned to Python: Polars may know letters of a newer Unicode.
CHARACTERS = [chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) not in ("Cn", "Cs")]


@pytest.mark.parametrize(
    ("ours", "theirs"), [(LETTER, r"\p{L}"), (SPACE, r"\s"), (f"[{WHITE}]", r"\s"), (capital(), r"\p{Lu}")]
)
def test_a_class_has_the_characters_that_polars_means(ours: str, theirs: str) -> None:
    alike = pl.Series(CHARACTERS).str.contains(f"^(?s:{theirs})$").to_list()
    assert [re.fullmatch(ours, character) is not None for character in CHARACTERS] == alike


def test_a_word_ends_or_begins_at_a_place() -> None:
    assert word_at_end("in Ақтау.", 8) == "Ақтау"
    assert word_at_end("½", 1) == word_at_end("", 0) == ""
    assert (word_at_start("Ақтау."), word_at_start("«a", 1), word_at_start("5a")) == ("Ақтау", "a", "")
