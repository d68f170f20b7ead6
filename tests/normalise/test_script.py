"""What `warehouse.normalise.script` promises about look-alike letters."""

import sys
import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.normalise.script import _may_be_cyrillic, lookalikes

SEED_TAIL = "Demographic statistics:S.KondratyevaТеl. +7 (7222) 36 25 49"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SEED_TAIL, ["Теl"]),
        ("QARMЕT JSC, Теl, Теl", ["QARMЕT", "Теl", "Теl"]),
        ("бiлiм және ғылым", ["бiлiм"]),
        ("IT-компания и QR-код", []),
        ("The meeting was heldВстреча прошла", []),
        ("3Dмодель", []),
        ("Форум Digital Bridge", []),
        ("“Curly” – quotes", []),
        ("", []),
    ],
)
def test_words_with_letters_of_the_wrong_script_are_listed_in_order(text: str, words: list[str]) -> None:
    assert lookalikes(pl.Series([text])).to_list() == [words]


def test_lookalikes_keep_nulls_rows_and_name() -> None:
    found = lookalikes(pl.Series("body", [None, "plain", "Теl", None], dtype=pl.String))
    assert found.name == "body"
    assert found.dtype == pl.List(pl.String)
    assert found.to_list() == [None, [], ["Теl"], None]
    assert lookalikes(pl.Series("body", [], dtype=pl.String)).to_list() == []


def test_no_cyrillic_character_of_the_unicode_tables_is_passed_over() -> None:
    characters = pl.Series([chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF])
    cyrillic = characters.filter(characters.str.contains(r"\p{Cyrillic}"))
    assert len(cyrillic) > 500
    assert _may_be_cyrillic(cyrillic).all()
    assert not _may_be_cyrillic(pl.Series(["“Curly” – quotes, café, №5…"])).any()


@given(st.lists(st.text(st.sampled_from("аAbТе lКқ-1’\u0301Zя"), max_size=30), max_size=6))
def test_every_listed_word_stands_in_the_text_and_has_both_scripts(drawn: list[str]) -> None:
    for text, words in zip(drawn, lookalikes(pl.Series("text", drawn, dtype=pl.String)), strict=True):
        place = 0
        for word in words:
            place = text.index(word, place) + len(word)
            names = [unicodedata.name(letter) for letter in word if letter.isalpha()]
            assert any(name.startswith("LATIN") for name in names)
            assert any(name.startswith("CYRILLIC") for name in names)


@given(st.lists(st.text(st.characters(max_codepoint=0x24F), max_size=30), max_size=6))
def test_text_of_one_script_has_no_lookalikes(drawn: list[str]) -> None:
    assert lookalikes(pl.Series("text", drawn, dtype=pl.String)).to_list() == [[] for _ in drawn]
