"""Promises: clauses on what will be, the last day of the time they name, and the places of both."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.facts.steps import steps
from warehouse.facts.promise_words import load_promise_words
from warehouse.facts.promises import PROMISE_COLUMNS, read_promises
from warehouse.reference.rows import SEEDS

WORDS = load_promise_words(SEEDS)
TODAY = date(2025, 5, 21)


def read(text: str | None, language: str | None = "en", today: date | None = TODAY) -> pl.DataFrame:
    texts = pl.DataFrame({"text_key": [7], "language": [language], "text": [text], "date": [today]}, strict=False)
    return read_promises(texts.cast({"language": pl.String, "text": pl.String, "date": pl.Date}), WORDS)


def promises(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(row["surface"], row["deadline"].isoformat()) for row in read(text, language).iter_rows(named=True)]


@pytest.mark.parametrize(
    ("language", "clause", "deadline"),
    [
        ("en", "The bridge will open on June 5", "2025-06-05"),
        ("en", "The bridge will open by 5 June 2026", "2026-06-05"),
        ("en", "The bridge will open on the 30th of June", "2025-06-30"),
        ("en", "Limits apply from the law that comes into force on January 1, 2026", "2026-01-01"),
        ("en", "The forum will be held on June 5–7, 2025", "2025-06-07"),
        ("en", "The bridge will open in February", "2026-02-28"),
        ("en", "Another 9 km are planned to be laid this year", "2025-12-31"),
        ("en", "Next year 9 km will be laid", "2026-12-31"),
        ("en", "Repairs are to be completed by the end of the month", "2025-05-31"),
        ("en", "Repairs are to be completed before the end of 2027", "2027-12-31"),
        ("en", "The first stage is scheduled for the third quarter of 2026", "2026-09-30"),
        ("en", "The first stage is scheduled for the third quarter", "2025-09-30"),
        ("en", "Next quarter rates will be lower", "2025-09-30"),
        ("en", "Tests will end in the first half of 2026", "2026-06-30"),
        ("en", "Tests will end in the second half of the year", "2025-12-31"),
        ("en", "Tests will end on 01.12.2025", "2025-12-01"),
        ("ru", "Мост откроют 5 июня", "2025-06-05"),
        ("ru", "До конца года планируется построить мост", "2025-12-31"),
        ("ru", "В первом квартале 2026 года начнётся ремонт", "2026-03-31"),
        ("ru", "Ремонт завершат в IV квартале", "2025-12-31"),
        ("ru", "В первом полугодии 2026 года введут тариф", "2026-06-30"),
        ("ru", "К 2030 году построят мост", "2030-12-31"),
        ("ru", "Мост сдадут в июле", "2025-07-31"),
        ("ru", "В следующем году введут новый тариф", "2026-12-31"),
        ("ru", "Ремонт закончат до конца месяца", "2025-05-31"),
        ("ru", "Чемпионат пройдёт с 13 по 20 июня 2026 года", "2026-06-20"),
        ("kk", "Көпір 5 маусымда ашылады", "2025-06-05"),
        ("kk", "Көпір тамыздың 15-іне дейін ашылады", "2025-08-15"),
        ("kk", "Жыл соңына дейін мектеп салынады", "2025-12-31"),
        ("kk", "2026 жылғы бірінші тоқсанда жөндеу басталады", "2026-03-31"),
        ("kk", "2026 жылдың бірінші жартысында жөндеу басталады", "2026-06-30"),
        ("kk", "Көпір 2027 жылы салынады", "2027-12-31"),
        ("kk", "Жөндеу тамыз айында аяқталады", "2025-08-31"),
        ("kk", "Келесі жылы жаңа тариф енгізіледі", "2026-12-31"),
    ],
)
def test_a_clause_on_the_future_has_the_last_day_of_the_time_it_names(
    language: str, clause: str, deadline: str
) -> None:
    # Sentences have lost the breaks between them.
    around = {"en": "It was decided.{}.Later.", "ru": "Так решили.{}.Потом.", "kk": "Солай шешілді.{}.Кейін."}
    assert promises(around[language].format(clause), language) == [(clause, deadline)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The bridge opened on June 5."),
        ("en", "As of June 1 there were 12 districts."),
        ("en", "The bridge will be good for all."),
        ("en", "On May 3, 2025 it was said that the bridge will open soon."),
        ("en", "Participants may also ask. In may-weed time will tell."),
        ("en", "Room 2030 will be closed."),
        ("ru", "Мост открыли 5 июня."),
        ("ru", "По Закону от 15 апреля 2013 года мост откроют."),
        ("ru", "Мост будет красивым."),
        ("kk", "Көпір 5 маусымда ашылды."),
        ("kk", "Жиын Қазанда өтеді."),
        ("kk", "Бұл туралы 5 маусымда айтты, – дейді."),
    ],
)
def test_what_is_past_or_has_no_deadline_is_no_promise(language: str, text: str) -> None:
    assert promises(text, language) == []


def test_who_says_so_is_no_part_of_a_promise() -> None:
    assert promises("The akim promised that the bridge will open in June.") == [
        ("the bridge will open in June", "2025-06-30")
    ]
    assert promises("Мост откроют до 1 июля, – сказал аким.", "ru") == [("Мост откроют до 1 июля", "2025-07-01")]


def test_a_sentence_may_promise_twice() -> None:
    assert promises("Works will start this year, the first stage will be launched in 2027.") == [
        ("Works will start this year", "2025-12-31"),
        ("the first stage will be launched in 2027", "2027-12-31"),
    ]


def test_a_day_without_a_year_that_was_lately_is_past() -> None:
    assert promises("At the meeting on May 5 it was said that pupils will be fed.") == []


def test_places_are_code_points_of_the_text_as_received() -> None:
    text = "🌉 It is so.\r\nThe b\u0301ridge will open by June 5, 2026."
    (row,) = read(text).iter_rows(named=True)
    assert text[row["char_start"] : row["char_end"]] == row["surface"] == "The b\u0301ridge will open by June 5, 2026"
    assert text[row["deadline_start"] : row["deadline_end"]] == "June 5, 2026"
    assert text[row["sentence_start"] : row["sentence_end"]] == "The b\u0301ridge will open by June 5, 2026."
    assert row["text_key"] == 7
    assert row["rule"] == f"promise@{WORDS.version}"


@pytest.mark.parametrize(("text", "language", "today"), [(None, "en", TODAY), ("It will be in 2030.", "fr", TODAY)])
def test_a_text_that_is_null_or_in_another_language_promises_nothing(
    text: str | None, language: str, today: date
) -> None:
    assert read(text, language, today).is_empty()
    assert read("It will be in 2030.", "en", None).is_empty()
    assert {*PROMISE_COLUMNS} < {*read(text, language, today).columns}


PIECES = st.sampled_from(
    ["The ", "will ", "by ", "in ", "June ", "5", "2026", ", ", ". ", "\n", "планируется ", "до ", "1 июля ", "года",
     "ашылады", "жылы ", "«", "»", "–", "🌉", "\u0301", " and "]
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=30).map("".join), st.sampled_from(["en", "ru", "kk"]))
def test_whatever_the_text_a_promise_cuts_to_its_surface(text: str, language: str) -> None:
    for row in read(text, language).iter_rows(named=True):
        assert text[row["char_start"] : row["char_end"]] == row["surface"]
        assert row["sentence_start"] <= row["char_start"] < row["char_end"] <= row["sentence_end"]
        assert row["deadline"] > TODAY


@pytest.mark.parametrize("piece", ["will in 2030, ", "It will open by June 5, 2026. ", "by by by ", "«will 2030", "9"])
def test_twice_the_text_takes_twice_the_steps(piece: str) -> None:
    read(piece * 10)
    few, many = (steps(lambda count=count: read(piece * count)) for count in (200, 400))
    assert many < 2.2 * few + 500
