"""Laws of figures: places hold in any text, reading twice gives the same, and the work grows with the text."""

import re
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.facts.pattern_steps import steps_of
from tests.facts.reading import read
from warehouse.facts import in_words, numerals, sentences

PIECES = st.sampled_from(
    [
        *(
            "5",
            "1,7",
            "1 700",
            "2024",
            "16",
            "12.05",
            "3:1",
            "½",
            "٣",
            "-",
            "–",
            " ",
            "\u00a0",
            "\r\n",
            ".",
            ",",
            "%",
            "$",
        ),
        *(
            " млн",
            " тыс. тенге",
            " человек",
            " to ",
            " from ",
            "-дан ",
            " дейін",
            " two ",
            " двадцать пять ",
            " екі есе",
        ),
        *(
            "№",
            "+7 (",
            ")",
            "е\u0301",
            "🏔",
            "\U0001d7d9",
            "км",
            " мая",
            " year",
            "http://a.kz/",
            "((((",
            "«",
            "_____",
            "⸻",
        ),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=200))


@given(language=st.sampled_from(["en", "ru", "kk"]), text=TEXTS)
@settings(max_examples=80, deadline=None)
def test_cutting_gives_the_surface(language: str, text: str) -> None:
    figures = read(language, text)
    for frame in (figures.figures, figures.kept_out):
        for row in frame.iter_rows(named=True):
            assert text[row["char_start"] : row["char_end"]] == row["surface"] != ""
    for row in figures.figures.iter_rows(named=True):
        assert row["sentence_start"] <= row["char_start"] < row["char_end"]
        assert row["value"] == row["value"] not in (float("inf"), float("-inf"))
    starts = figures.figures["char_start"].to_list()
    assert starts == sorted(starts)
    assert figures.figures.equals(read(language, text).figures)


@given(texts=st.lists(TEXTS, max_size=5))
@settings(max_examples=15, deadline=None)
def test_a_text_is_read_the_same_beside_others(texts: list[str]) -> None:
    together = read("ru", *texts).figures.drop("number").rows()
    assert together == [row for text in texts for row in read("ru", text).figures.drop("number").rows()]


def steps(call: Callable[[], object]) -> int:
    """How many functions a call enters, of Python or C."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "piece",
    ["1", "1 ", "5 млн ", "1 000 ", "-5 ", "15, ", "two-", "(((5", "5-", "5 млн 3 тыс. ", "в 2024 году 5 школ ", "."],
)
def test_the_steps_grow_with_the_text_and_no_faster(piece: str) -> None:
    few, many = (steps(lambda count=count: read("ru", piece * count)) for count in (500, 1000))
    assert many < 2.2 * few + 200


@pytest.mark.parametrize(
    "text", ["1" * 5_000_000, "." * 300_000, "5 " + "a" * 5_000_000, " " * 500_000 + "5 км", "(" * 5_000_000]
)
def test_an_endless_text_is_read(text: str) -> None:
    assert read("en", text).figures.height <= 1


@pytest.mark.parametrize("piece", ["1", "a", "(", "1 ", "1 000 ", "1.", "5/", "½", "_", ".", " ", "\n", "a. ", ".»"])
@pytest.mark.parametrize("pattern", [numerals._NUMBER, sentences._END, in_words._LETTERS])
def test_a_pattern_takes_steps_as_the_text_grows(pattern: re.Pattern[str], piece: str) -> None:
    few, many = (steps_of(pattern, piece * count) for count in (30, 60))
    assert many < 2.2 * few + 20
