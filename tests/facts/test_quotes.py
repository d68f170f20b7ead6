"""Quotes: words in quotation marks or after a dash, and who is said to have said them."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.facts.steps import steps
from warehouse.facts.promise_words import load_promise_words
from warehouse.facts.quotes import QUOTE_COLUMNS, read_quotes
from warehouse.reference.rows import SEEDS

WORDS = load_promise_words(SEEDS)
PEOPLE = ("Aigul Akhmetova", "Timur Bek", "Айгуль Ахметова", "Тимур Бек", "Айгүл Ахметова")


def read(text: str, language: str | None = "en") -> pl.DataFrame:
    """The quotes of a text in which these people are known."""
    found = [(person, at) for person in PEOPLE for at in range(len(text)) if text.startswith(person, at)]
    mentions = pl.DataFrame(
        [
            {"text_key": 7, "kind": "person", "char_start": at, "char_end": at + len(person), "surface": person}
            for person, at in found
        ],
        schema={
            "text_key": pl.Int64,
            "kind": pl.String,
            "char_start": pl.Int64,
            "char_end": pl.Int64,
            "surface": pl.String,
        },
    )
    texts = pl.DataFrame(
        {"text_key": [7], "language": [language], "text": [text]}, schema_overrides={"text": pl.String}
    )
    return read_quotes(texts, mentions, WORDS)


def quotes(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(row["surface"], row["speaker"]) for row in read(text, language).iter_rows(named=True)]


@pytest.mark.parametrize(
    ("language", "text", "words", "speaker"),
    [
        ("en", "“We begin tomorrow,” Aigul Akhmetova said.", "We begin tomorrow,", "Aigul Akhmetova"),
        ("en", '"We begin tomorrow", said the minister Aigul Akhmetova.', "We begin tomorrow", "Aigul Akhmetova"),
        ("en", "Minister Aigul Akhmetova noted: “We begin tomorrow.”", "We begin tomorrow.", "Aigul Akhmetova"),
        ("en", "Timur Bek met Aigul Akhmetova.“We begin tomorrow,” she said.", "We begin tomorrow,", "Aigul Akhmetova"),
        ("en", "So said Aigul Akhmetova.“We begin tomorrow.” Later", "We begin tomorrow.", "Aigul Akhmetova"),
        ("en", "It ended.– We begin tomorrow, – says Timur Bek, head.", "We begin tomorrow", "Timur Bek"),
        ("ru", "«Начинаем завтра», – сказала Айгуль Ахметова.", "Начинаем завтра", "Айгуль Ахметова"),
        ("ru", "«Начинаем завтра!» — отметил глава района Тимур Бек.", "Начинаем завтра!", "Тимур Бек"),
        ("ru", "Тимур Бек на брифинге отметил: «Начинаем завтра».", "Начинаем завтра", "Тимур Бек"),
        ("ru", "Так решили.– Начинаем завтра, – рассказал Тимур Бек.", "Начинаем завтра", "Тимур Бек"),
        ("kk", "«Ертең бастаймыз», – деді Тимур Бек.", "Ертең бастаймыз", "Тимур Бек"),
        ("kk", "Министр Айгүл Ахметова: «Ертең бастаймыз», – деді.", "Ертең бастаймыз", "Айгүл Ахметова"),
    ],
)
def test_a_quote_has_its_words_and_its_speaker(language: str, text: str, words: str, speaker: str) -> None:
    assert quotes(text, language) == [(words, speaker)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Aigul Akhmetova opened the exhibition “Made in our land” today."),
        ("en", "The event, held under the motto: “Police on guard”, was led by Timur Bek."),
        ("en", "“We begin tomorrow,” residents say."),
        ("ru", "По программе «Комфортная школа», – сказал Тимур Бек, – всё готово."),
        ("ru", "ТОО «Рога и копыта» возглавил Тимур Бек."),
        ("kk", "«Ауыл аманаты» бағдарламасын Тимур Бек таныстырды."),
    ],
)
def test_names_mottos_and_words_of_nobody_are_no_quotes(language: str, text: str) -> None:
    assert quotes(text, language) == []


def test_places_are_code_points_of_the_text_as_received() -> None:
    text = "🌉 So\r\n\r\n«Начинаем\u0301 завтра», – сказал Тимур Бек."
    (row,) = read(text, "ru").iter_rows(named=True)
    assert text[row["char_start"] : row["char_end"]] == row["surface"] == "Начинаем\u0301 завтра"
    assert text[row["speaker_start"] : row["speaker_end"]] == row["speaker"] == "Тимур Бек"
    assert row["text_key"] == 7
    assert row["rule"] == f"quote_in_marks@{WORDS.version}"


def test_a_text_in_another_language_has_no_quotes() -> None:
    for language in ("fr", None):
        none = read("“We begin tomorrow,” Timur Bek said.", language)
        assert none.is_empty()
        assert {*QUOTE_COLUMNS} < {*none.columns}


PIECES = st.sampled_from(
    ["“", "”", "«", "»", '"', "– ", ", ", ". ", ": ", "\n", "said ", "сказал ", "деді ", "We begin ", "Timur Bek", "🌉"]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=30).map("".join), st.sampled_from(["en", "ru", "kk"]))
def test_whatever_the_text_a_quote_cuts_to_its_surface(text: str, language: str) -> None:
    for row in read(text, language).iter_rows(named=True):
        assert text[row["char_start"] : row["char_end"]] == row["surface"]
        assert text[row["speaker_start"] : row["speaker_end"]] == row["speaker"]
        assert row["sentence_start"] <= row["char_start"]


@pytest.mark.parametrize("piece", ["“We go,” Timur Bek said. ", "“a", "\n– A ", "Timur Bek: “so it is.” ", "«»", '"'])
def test_twice_the_text_takes_twice_the_steps(piece: str) -> None:
    few, many = (steps(lambda text=piece * count + "Timur Bek": read_of(text)) for count in (200, 400))
    assert many < 2.2 * few + 500


def read_of(text: str) -> pl.DataFrame:
    """The quotes of a text whose last words are its only person."""
    start = len(text) - len("Timur Bek")
    mention = {"text_key": 7, "kind": "person", "char_start": start, "char_end": len(text), "surface": "Timur Bek"}
    texts = pl.DataFrame({"text_key": [7], "language": ["en"], "text": [text]})
    return read_quotes(texts, pl.DataFrame([mention]), WORDS)
