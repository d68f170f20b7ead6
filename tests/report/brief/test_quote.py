"""Quotations: the sentence around what a statement says, out of an excerpt of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.project import PROJECT
from warehouse.report.brief.gather import Row
from warehouse.report.brief.quote import LONGEST, abbreviations, quotation

KNOWN = abbreviations(PROJECT / "seeds")


def sentence(text: str, mark: str = "", breaks: tuple[int, ...] = ()) -> str:
    start = text.index(mark)
    row: Row = {"excerpt": text, "excerpt_start": 0, "breaks": breaks}
    quote = quotation(row | ({"char_start": start, "char_end": start + len(mark)} if mark else {}), KNOWN)
    assert quote is not None
    return f"{quote.before}[{quote.marked}]{quote.after}" if mark else quote.before + quote.after


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("The moderator was M. Madenov. Others spoke.", "", "The moderator was M. Madenov."),
        ("It rose by 1.7 per cent. Then it fell.", "fell", "Then it [fell]."),
        ("Встреча прошла в г. Астана. Стороны договорились.", "", "Встреча прошла в г. Астана."),
        ("«Біз келістік!» – деді ол. Содан кейін кетті.", "кетті", "Содан кейін [кетті]."),
        ("Is it so? Yes.", "Yes", "[Yes]."),
        ("A line\nAnother line", "Another", "[Another] line"),
        ("No end at all", "", "No end at all"),
    ],
)
def test_a_quotation_is_the_sentence_around_what_is_quoted(text: str, mark: str, expected: str) -> None:
    assert sentence(text, mark) == expected


def test_a_lost_paragraph_break_ends_a_sentence() -> None:
    text = "Chairman of the School (KIS).During the meeting they spoke."
    assert sentence(text, "meeting", (29,)) == "During the [meeting] they spoke."


def test_a_long_sentence_is_quoted_in_part_with_what_is_marked() -> None:
    text = "word " * 200 + "here " + "word " * 200
    quoted = sentence(text, "here")
    assert quoted.startswith("… word")
    assert quoted.endswith("word …")
    assert "[here]" in quoted
    assert len(quoted) < LONGEST + 20


def test_there_is_no_quotation_of_a_release_without_a_body() -> None:
    assert quotation({"excerpt": None, "excerpt_start": 0, "breaks": None}, KNOWN) is None


@given(
    st.text(alphabet='aЖ .!?…\n"»(', min_size=1, max_size=600),
    st.integers(0, 700),
    st.integers(0, 700),
    st.integers(0, 900),
)
def test_a_quotation_says_nothing_that_the_text_does_not(text: str, start: int, length: int, offset: int) -> None:
    row: Row = {"excerpt": text, "excerpt_start": offset, "breaks": [offset + 3, offset + 40]}
    quote = quotation(row | {"char_start": start + offset, "char_end": start + offset + length}, KNOWN)
    if quote is not None:
        whole = (quote.before + quote.marked + quote.after).removeprefix("… ").removesuffix(" …")
        assert whole.strip() in text
        assert len(whole) <= LONGEST + len(quote.marked)
