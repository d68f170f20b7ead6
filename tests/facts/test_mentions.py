"""What holds of every mention: its place cuts out its surface, in any text and at a cost that grows with the text."""

import random
import sys
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.facts.mentions import SCHEMA, mentions

PIECES = (
    *(
        "Olzhas Bektenov",
        "Министр",
        "Қостанай облысында",
        "г. Алматы",
        "Kanat Sharipov, ",
        "«Агро» ЖШС",
        "имени",
        "К.К.",
        "De",
    ),
    *(
        "Республики Казахстан",
        " – ",
        ", ",
        ". ",
        "\r\n",
        "\u0301",
        "\U0001f600",
        "°C.",
        "атындағы",
        "bin",
        "\u00a0",
        "(",
        "»",
    ),
)


def read(text: str, language: str) -> pl.DataFrame:
    """The mentions of one text."""
    return mentions(pl.DataFrame({"id": [7], "field": ["body"], "language": [language], "text": [text]}))


def check_places(text: str, found: pl.DataFrame) -> None:
    """Hold that every place cuts out what is said to stand there."""
    for row in found.iter_rows(named=True):
        assert text[row["char_start"] : row["char_end"]] == row["surface"] != ""
        assert row["sentence_start"] <= row["char_start"] < row["char_end"] <= row["sentence_end"] <= len(text)
        if row["office"] is not None:
            assert text[row["office_start"] : row["office_end"]] == row["office"]
            assert row["kind"] == "person"
        if row["kind"] == "person":
            assert 0 <= row["resolved_start"] < row["resolved_end"] <= len(text)


@settings(max_examples=12, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["en", "ru", "kk"]))
def test_any_text_is_read(text: str, language: str) -> None:
    check_places(text, read(text, language))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join), st.sampled_from(["en", "ru", "kk"]))
def test_places_hold_among_marks_emoji_and_line_ends(text: str, language: str) -> None:
    check_places(text, read(text, language))


def test_a_text_is_read_alike_alone_and_among_others() -> None:
    texts = ["Минист Марат Оспанов. Оспанов ушел.", "Marat Ospanov came to Astana.", "Министр Марат Оспанов в Астане."]
    frame = pl.DataFrame({"id": [0, 1, 2], "language": ["ru", "en", "ru"], "text": texts})
    together = mentions(frame)
    assert together.equals(pl.concat([mentions(frame[each : each + 1]) for each in range(3)]))


@pytest.mark.parametrize("language", ["und", "mixed", "other", None])
def test_a_text_in_no_known_language_has_no_mentions(language: str | None) -> None:
    frame = pl.DataFrame(
        {"id": [1], "language": [language], "text": ["Olzhas Bektenov"]}, schema_overrides={"language": pl.String}
    )
    found = mentions(frame)
    assert found.is_empty()
    assert found.columns == ["id", "language", *SCHEMA]


def test_a_rule_has_a_name_and_a_version() -> None:
    found = read("Kanat Sharipov came to Astana.", "en")
    assert found["rule"].str.contains(r"^name_(?:person|place)@[0-9a-f]{12}$").all()


def calls(work: Callable[[], object]) -> int:
    """The calls of Python functions that some work takes."""
    count = 0

    def count_call(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(count_call)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        "Олжас Бектенов ",
        "министр Олжас Бектенов, ",
        "A. ",
        "Aa Bb ",
        "«Агро ",
        "of the Minister ",
        "Министр министра ",
        "(",
        "Iva",
        "Ivanov and ",
    ],
)
def test_steps_grow_with_the_text_at_most(piece: str) -> None:
    language = "en" if piece.isascii() else "ru"
    read(piece * 10, language)
    small, large = (calls(lambda size=size: read(piece * size, language)) for size in (150, 600))
    assert large <= 4.5 * small + 2000


def test_random_letters_are_read() -> None:
    letters = random.Random(1).choices("АБВабвABCabcӘҒҚ .,«»-\n", k=20_000)
    text = "".join(letters)
    check_places(text, read(text, "kk"))


def test_a_text_with_very_many_names_and_places_is_read() -> None:
    text = "Olzhas Bektenov in Astana, «Agro» LLP. " * 8_000
    found = read(text, "en")
    assert dict(found["kind"].value_counts().iter_rows())["person"] == 8_000
    assert dict(found["kind"].value_counts().iter_rows())["place"] == 8_000
