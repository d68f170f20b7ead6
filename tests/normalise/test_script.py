"""What `warehouse.normalise.script` promises about look-alike letters and about cleaning."""

from __future__ import annotations

import sys
import unicodedata

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from warehouse.normalise.script import _may_be_cyrillic, clean, lookalikes

SEED_TAIL = "Demographic statistics:S.KondratyevaТеl. +7 (7222) 36 25 49"

# Unassigned characters are left out: Python and Polars may know different versions of Unicode.
assigned = st.characters(exclude_categories=("Cs", "Cn"))
awkward = st.sampled_from(
    "ÅΩKeéЙйИ\u0301\u0306\u0308\u0316\u0327가각\u1100\u1161\u11a8\u0344\u0958丽\u037e\u2126\u212b"
)
texts = st.lists(st.none() | st.text(st.one_of(awkward, assigned), max_size=40), max_size=8)


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


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\\u200bb", "ab"),
        ("a\u200bb\ufeff", "ab"),
        ("e\u200b\u0301", "é"),
        ("\u212b\u2126", "\u00c5\u03a9"),
        ("и\u0306", "й"),
        ("\u1100\u1161\u11a8", "각"),
        ("a\u200cb \u00a0 ﬁ ½ «»", "a\u200cb \u00a0 ﬁ ½ «»"),
    ],
)
def test_clean_removes_zero_width_marks_and_composes(text: str, cleaned: str) -> None:
    assert clean(pl.Series([text])).to_list() == [cleaned]


@given(texts)
@example(["a\u0316\u0301", "\u0344", None, ""])
def test_clean_is_nfc_of_the_text_without_zero_width_marks(drawn: list[str | None]) -> None:
    def expected(text: str) -> str:
        for mark in ("\\u200b", "\u200b", "\ufeff"):
            text = text.replace(mark, "")
        return unicodedata.normalize("NFC", text)

    series = pl.Series("body", drawn, dtype=pl.String)
    assert clean(series).to_list() == [None if text is None else expected(text) for text in drawn]
    assert series.to_list() == drawn


def test_clean_agrees_with_the_unicode_tables_on_every_character_alone_and_after_a_letter() -> None:
    known = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) not in ("Cs", "Cn") and code not in (0x200B, 0xFEFF)
    ]
    decomposed = [unicodedata.normalize("NFD", character) for character in known]
    for characters in (known, decomposed, ["e" + character for character in known]):
        assert clean(pl.Series(characters)).to_list() == [unicodedata.normalize("NFC", text) for text in characters]
