"""How facts that were read are held against labels."""

import sys
from datetime import date

import pytest

from warehouse.settings import PROJECT

sys.path.insert(0, str(PROJECT / "benchmarks"))

from evaluation import evaluate, tables
from labels import Fact, Passage, unmark
from readers import read_ours
from scores import judge, judge_offices, judge_resolution, powers_of_ten

MARKED = (
    "{Akim of {Abai Region|place}|office ten} {Viktor Ten|person ten} gave {2.5 million tenge|2.5e6 KZT} to "
    "{Karaganda|? place} Opera and {12|12 person of pupils} pupils. "
    "{{Ten|person ten} will come by June|promise 2025-06-30}."
)


def passage(marked: str = MARKED) -> Passage:
    text, facts = unmark(marked, "body")
    return Passage("development", "en-x", "en", date(2025, 5, 21), "", text, (*facts,))


def fact(kind: str, surface: str, nth: int = 0, **said: object) -> Fact:
    text = passage().body
    at = -1
    for _ in range(nth + 1):
        at = text.index(surface, at + 1)
    return Fact(kind, "body", at, at + len(surface), surface, **said)


def counts(read: list[Fact], measure: str) -> tuple[int, int, int]:
    score = judge(passage(), read, measure).score
    return score.right, score.missed, score.false


def test_a_figure_is_right_by_value_and_unit() -> None:
    money = fact("figure", "2.5 million tenge", value=2.5e6, unit="KZT")
    pupils = fact("figure", "12", value=12.0, unit="count")
    assert counts([money, pupils], "figures") == (1, 1, 1)
    assert counts([money, pupils], "values") == (2, 0, 0)
    assert counts([], "figures") == (0, 2, 0)


def test_a_figure_of_nothing_labelled_is_false() -> None:
    assert counts([fact("figure", "June", value=6.0, unit="count")], "figures") == (0, 2, 1)


@pytest.mark.parametrize(("alternative", "is_flagged"), [(None, False), (2.5e6, True), (25e6, False)])
def test_a_power_of_ten_is_flagged_where_the_other_reading_is_right(
    alternative: float | None, *, is_flagged: bool
) -> None:
    read = fact("figure", "2.5 million", value=2.5e9, unit="KZT", alternative=alternative)
    assert [flag for _, _, flag in powers_of_ten(passage(), [read])] == [is_flagged]
    assert powers_of_ten(passage(), [fact("figure", "2.5 million", value=2.4e6, unit="KZT")]) == []


def test_a_person_is_right_where_all_of_the_name_is_read() -> None:
    assert counts([fact("person", "Viktor Ten"), fact("person", "Ten", 1)], "people") == (2, 0, 0)
    assert counts([fact("person", "Viktor"), fact("person", "Opera")], "people") == (0, 2, 2)


def test_a_place_may_be_read_with_more_or_less_around_it() -> None:
    assert counts([fact("place", "Abai Region")], "places") == (1, 0, 0)
    assert counts([fact("place", "Abai")], "places") == (1, 0, 0)
    assert counts([fact("place", "Abai")], "places, exact") == (0, 1, 1)


def test_what_may_be_is_neither_right_nor_false() -> None:
    assert counts([fact("place", "Karaganda"), fact("organisation", "Karaganda Opera")], "places") == (0, 1, 0)
    assert counts([fact("organisation", "Karaganda Opera")], "organisations") == (0, 0, 0)


def test_an_office_belongs_to_the_nearest_mention_of_its_holder() -> None:
    people = [fact("person", "Viktor Ten", key="a"), fact("person", "Ten", 1, key="b")]
    office = fact("office", "Akim of Abai Region", key="a")
    assert judge_offices(passage(), [*people, office]).score.f1 == 1
    assert judge_offices(passage(), people).score.missed == 1
    assert judge_offices(passage(), [*people, fact("office", "Akim", key="a")]).score.false == 1


def test_a_short_name_resolves_to_the_fullest_mention() -> None:
    full = fact("person", "Viktor Ten")
    for start, right in ((full.start, 1), (None, 0)):
        read = [full, fact("person", "Ten", 1, resolved_start=start)]
        assert judge_resolution(passage(), read).score.right == right


def test_a_promise_is_right_by_half_of_its_clause_and_its_deadline() -> None:
    assert counts([fact("promise", "come by June", deadline=date(2025, 6, 30))], "promises") == (1, 0, 0)
    assert counts([fact("promise", "come by June", deadline=date(2025, 6, 1))], "promises") == (0, 1, 1)


def test_the_tables_have_a_row_for_each_measure_and_language() -> None:
    passages = [passage()]
    evaluation = evaluate(passages, read_ours(passages))
    assert tables(evaluation, None).startswith(
        "|  |  | seed F1 | development F1 | test F1 | precision | recall | labels |"
    )
    assert evaluation.score("development", "en", "promises").f1 == 1
    assert evaluation.score("development", "kk", "promises") is None
