"""Datelines: golden cases in three languages, negatives included, and the laws that hold for any text."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.normalise.dateline import HEAD, SCHEMA, DatelineWords, detect
from warehouse.project import PROJECT
from warehouse.reference.rows import SEEDS, load_reference

ROOT = PROJECT
REFERENCE = load_reference(SEEDS)
WORDS = DatelineWords.of(REFERENCE.places, REFERENCE.months, REFERENCE.lexicon)
GOLDEN = pl.read_csv(ROOT / "tests" / "golden" / "datelines.csv", schema_overrides={"date": pl.Date})
CASES = [pytest.param(*case, id=f"{case[0] or ''}"[:40]) for case in GOLDEN.select("head", "place", "date").iter_rows()]


def detected(bodies: list[str | None]) -> pl.DataFrame:
    return detect(pl.Series("body", bodies, dtype=pl.String), WORDS)


@pytest.mark.parametrize(("head", "place", "day"), CASES)
def test_a_beginning_states_this_place_and_date(head: str | None, place: str | None, day: date | None) -> None:
    assert detected([head]).row(0)[:2] == (place, day)


def test_the_cases_answer_the_same_together_as_alone() -> None:
    found = detected(GOLDEN["head"].to_list())
    assert found["event_place"].to_list() == GOLDEN["place"].to_list()
    assert found["event_date"].to_list() == GOLDEN["date"].to_list()


@pytest.mark.parametrize(
    ("body", "place", "day"),
    [
        ("Astana, May 16, 2025 – The", "Astana", "May 16, 2025"),
        ("Ақтау қ., 2025 ж. 16 мамыр. Жиын", "Ақтау", "2025 ж. 16 мамыр"),
        ("16 мая 2025 года в городе Усть-Каменогорске открыт парк.", "Усть-Каменогорске", "16 мая 2025"),
        ("😀 On May 29, 2025, it met in the city of Taraz.", None, None),
        ("May 16, 2025, Astana – The", "Astana", "May 16, 2025"),
    ],
)
def test_cutting_the_body_at_the_offsets_gives_the_surface(body: str, place: str | None, day: str | None) -> None:
    row = detected([body]).row(0, named=True)
    if place is not None:
        assert body[row["place_start"] : row["place_end"]] == place
    if day is not None:
        assert body[row["date_start"] : row["date_end"]] == day


def test_a_null_body_has_a_row_of_nulls_and_the_frame_keeps_its_types() -> None:
    found = detected([None, "", "Astana, May 16, 2025 – The"])
    assert dict(found.schema) == SCHEMA
    assert found.row(0) == found.row(1) == (None,) * 6
    assert found["event_date"][2] == date(2025, 5, 16)
    assert dict(detected([]).schema) == SCHEMA


def test_what_stands_further_on_in_the_body_is_not_read() -> None:
    assert detected(["The plan is ready and so on, " * 10 + "in the city of Taraz"]).row(0) == (None,) * 6


@settings(max_examples=75, deadline=None)
@given(
    st.lists(
        st.text(max_size=80)
        | st.lists(
            st.sampled_from(
                [
                    "Astana",
                    "г. Алматы",
                    "Астана қ.",
                    "On ",
                    "May",
                    "мая",
                    "мамырда",
                    "16",
                    "31",
                    "2025",
                    "жылғы",
                    "ж.",
                    ", ",
                    " ",
                    ". ",
                    " – ",
                    "\n",
                    "in the city of ",
                    "қаласында",
                    "😀",
                    "٣",
                    "16.05.2025",
                ]
            ),
            max_size=12,
        ).map("".join),
        max_size=6,
    )
)
def test_offsets_lie_in_the_head_and_are_null_with_their_value(bodies: list[str]) -> None:
    for body, row in zip(bodies, detected([*bodies]).iter_rows(named=True), strict=True):
        for value, start, end in (
            ("event_place", "place_start", "place_end"),
            ("event_date", "date_start", "date_end"),
        ):
            if row[value] is None:
                assert row[start] is None
                assert row[end] is None
            else:
                assert 0 <= row[start] < row[end] <= min(len(body), HEAD)
        if row["event_date"] is not None:
            assert str(row["event_date"].year) in body[row["date_start"] : row["date_end"]]
