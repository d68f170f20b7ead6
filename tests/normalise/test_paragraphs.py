"""Restored paragraph breaks: golden pairs from the seed, cases in three languages, laws for any text.

`golden/paragraphs/<release>.received.txt` and `.restored.txt` are bodies of the seed, broken by a reader.
`golden/paragraphs/cases-<language>.txt` holds one text a line, with ¶ where a break is restored.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.normalise.lexicon import BreakWords
from warehouse.normalise.paragraphs import breaks
from warehouse.project import PROJECT
from warehouse.reference.rows import SEEDS, load_reference

ROOT = PROJECT
GOLDEN = ROOT / "tests" / "golden" / "paragraphs"
REFERENCE = load_reference(SEEDS)
WORDS = BreakWords.of(REFERENCE.lexicon, REFERENCE.places)
RECEIVED = sorted(GOLDEN.glob("*.received.txt"))
CASES = [
    pytest.param(line, id=f"{path.stem}-{number}")
    for path in sorted(GOLDEN.glob("cases-*.txt"))
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
]
GLUE = st.lists(
    st.sampled_from(
        [
            "a",
            "The",
            "KIS",
            "ул",
            "Абая",
            "В",
            "м",
            ".",
            ":",
            ";",
            '"',
            "«",
            "»",
            "“",
            "”",
            "„",
            "–",
            "-",
            "•",
            "⸻",
            "_____",
            " ",
            "\n",
            "\r\n",
            "5",
            ")",
            "!",
            "/",
            "@",
            "www.",
            "://",
            "\x1f",
            "\x00",
            "\u2028",
            "😀",
            "é",
        ]
    ),
    max_size=40,
).map("".join)


def restore(body: str, found: Sequence[int]) -> str:
    """Put a newline before each of the offsets that `breaks` gave for this body."""
    return "\n".join(body[start:end] for start, end in pairwise([0, *found, len(body)]))


def offsets_of(body: str) -> list[int]:
    return list(breaks(pl.Series([body]), WORDS).to_list()[0])


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("received", RECEIVED, ids=lambda path: path.name.split(".")[0])
def test_a_body_of_the_seed_is_restored_as_a_reader_would(received: Path) -> None:
    body = read(received)
    assert restore(body, offsets_of(body)) == read(received.with_name(received.name.replace("received", "restored")))


def test_every_received_body_has_its_restored_pair_and_the_reverse() -> None:
    names = {path.name.split(".")[0] for path in GOLDEN.glob("*.received.txt")}
    assert names == {path.name.split(".")[0] for path in GOLDEN.glob("*.restored.txt")}


def test_the_golden_bodies_are_in_the_seed_letter_for_letter() -> None:
    digest = (ROOT / "seeds" / "digests" / "law-2025-05-21.txt").read_text(encoding="utf-8")
    assert len(RECEIVED) == digest.count("Source :") - digest.count("\nSource :")
    assert all(read(path) in digest for path in RECEIVED)


@pytest.mark.parametrize("marked", CASES)
def test_a_break_comes_where_the_case_marks_it_and_nowhere_else(marked: str) -> None:
    body = marked.replace("¶", "")
    assert restore(body, offsets_of(body)).replace("\n", "¶") == marked


@pytest.mark.parametrize("marked", CASES)
def test_a_restored_case_needs_no_more_breaks(marked: str) -> None:
    assert offsets_of(marked.replace("¶", "\n")) == []


def test_a_null_body_has_null_and_an_empty_one_an_empty_list() -> None:
    found = breaks(pl.Series("body", [None, "", "plain", "One.Two"]), WORDS)
    assert found.to_list() == [None, [], [], [4]]
    assert found.name == "body"
    assert found.dtype == pl.List(pl.UInt32)


def test_no_rows_give_no_rows() -> None:
    assert breaks(pl.Series("body", [], dtype=pl.String), WORDS).to_list() == []


def test_all_null_gives_all_null() -> None:
    assert breaks(pl.Series("body", [None, None], dtype=pl.String), WORDS).to_list() == [
        None,
        None,
    ]


def test_offsets_count_characters_and_not_bytes() -> None:
    assert offsets_of("Ол айтты😀é.Бұл жаңа") == [11]


def test_a_newline_of_the_body_gets_no_second_break_beside_it() -> None:
    assert offsets_of("One.\n⸻\nTwo.\r\n• three\n«Four»\n_____\nFive") == []


def test_a_body_is_judged_alone_whatever_stands_beside_it() -> None:
    bodies = [read(path) for path in RECEIVED] + ['open "quote', "https://a.kz/x", "The.End", 'a"B']
    together = breaks(pl.Series(bodies), WORDS).to_list()
    assert together == [offsets_of(body) for body in bodies]


@pytest.mark.parametrize(
    "body",
    ["a.A" * 400_000, 'a."A' * 300_000, '"' * 1_000_000, "x" * 2_000_000, ";a" * 500_000, "_" * 1_000_000,
     "a@b.kz/A" * 100_000, "«A.B" * 200_000, "⸻" * 300_000, "Бұл.Осы" * 100_000],
    ids=lambda body: body[:8],
)  # fmt: skip
def test_megabytes_of_hostile_text_go_through(body: str) -> None:
    assert restore(body, offsets_of(body)).replace("\n", "") == body


@settings(max_examples=75, deadline=None)
@given(st.lists(st.text(max_size=60) | GLUE, min_size=1, max_size=8))
def test_taking_the_breaks_out_again_gives_the_received_text(bodies: list[str]) -> None:
    for body, found in zip(bodies, breaks(pl.Series(bodies), WORDS).to_list(), strict=True):
        pieces = restore(body, found).split("\n")
        assert "".join(pieces) == body.replace("\n", "")
        assert len(restore(body, found)) == len(body) + len(found)


@settings(max_examples=75, deadline=None)
@given(st.text(max_size=60) | GLUE)
def test_offsets_rise_and_lie_within_the_body(body: str) -> None:
    found = offsets_of(body)
    assert all(left < right for left, right in pairwise([0, *found, len(body)])) or not found


@settings(max_examples=75, deadline=None)
@given(st.text(max_size=60) | GLUE)
def test_a_restored_break_is_not_restored_twice(body: str) -> None:
    found = offsets_of(body)
    again = set(offsets_of(restore(body, found)))
    beside = {offset + shift + side for shift, offset in enumerate(found) for side in (0, 1)}
    assert not again & beside


@settings(max_examples=75, deadline=None)
@given(st.text(max_size=60) | GLUE)
def test_no_break_stands_beside_a_newline_of_the_body(body: str) -> None:
    assert all("\n" not in body[offset - 1 : offset + 1] for offset in offsets_of(body))
