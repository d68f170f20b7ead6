"""When a page is asked for again: cases of the real schedule, laws of any history, schedules that cannot be meant."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.errors import UsageError
from warehouse.portal.exchange import OUTCOMES
from warehouse.portal.visits.schedule import Visit, due, load_schedule
from warehouse.project import PROJECT

SEEDED = PROJECT / "seeds" / "refetch_schedule.csv"
SCHEDULE = load_schedule(SEEDED)
SEEN = datetime(2025, 5, 21, 6)  # noqa: DTZ001 - UTC without zone, as all times of the warehouse
FAILURES = ("refused", "shell", "throttled", "transport_error")


def after(hours: float) -> datetime:
    return SEEN + timedelta(hours=hours)


def since_first_sight(visits: list[Visit]) -> list[Visit]:
    """The visits, of a page first seen at `SEEN`."""
    return visits if any(visit.at == SEEN for visit in visits) else [Visit(SEEN, "ok"), *visits]


DAY = 24
CASES = [
    # visits as (hours after first sight, outcome); hours of the edit; hours when due, None for never again
    ("a page found at once is asked again after a day", [(0, "ok")], None, DAY),
    ("the day counts from first sight, not from the visit", [(5, "ok")], None, DAY),
    ("then after 7 days", [(0, "ok"), (24, "unchanged")], None, 7 * DAY),
    ("then after 30 days", [(0, "ok"), (24, "ok"), (168, "unchanged")], None, 30 * DAY),
    ("then after 90 days", [(30 * DAY, "unchanged")], None, 90 * DAY),
    ("then never again", [(90 * DAY, "unchanged")], None, None),
    ("a page first asked late skips the steps that are past", [(10 * DAY, "ok")], None, 30 * DAY),
    ("a page asked after all steps rests", [(200 * DAY, "ok")], None, None),
    ("an edit begins again: 1 day", [(0, "ok"), (168, "ok")], 168, 8 * DAY),
    ("an edit begins again: 7 days", [(0, "ok"), (168, "ok"), (192, "unchanged")], 168, 14 * DAY),
    ("an edit begins again: 30 days", [(168, "ok"), (14 * DAY, "unchanged")], 168, 37 * DAY),
    ("an edit after the last step begins again", [(100 * DAY, "ok")], 100 * DAY, 101 * DAY),
    ("an edited page rests 90 days after the edit", [(190 * DAY, "unchanged")], 100 * DAY, None),
    ("no body: after 1 day", [(2, "no_body")], None, 2 + DAY),
    ("no body: after 3 days", [(2, "no_body"), (26, "no_body")], None, 2 + 3 * DAY),
    ("no body: after 7 days", [(2, "no_body"), (74, "no_body")], None, 2 + 7 * DAY),
    ("no body: after 30 days", [(2, "no_body"), (170, "no_body")], None, 2 + 30 * DAY),
    ("a body that came makes it a page like others", [(2, "no_body"), (26, "ok")], None, 7 * DAY),
    ("a body that went is looked for soon", [(30 * DAY, "ok"), (40 * DAY, "no_body")], None, 41 * DAY),
    ("not found: after 1 day", [(0, "not_found")], None, DAY),
    ("not found: 14 days after the first", [(0, "not_found"), (25, "not_found")], None, 14 * DAY),
    ("not found: after 30 days", [(0, "not_found"), (14 * DAY, "not_found")], None, 30 * DAY),
    ("not found: after 90 days", [(0, "not_found"), (30 * DAY, "not_found")], None, 90 * DAY),
    ("not found: then never again", [(0, "not_found"), (90 * DAY, "not_found")], None, None),
    ("a page that returned is a page like others", [(0, "not_found"), (25, "ok")], None, 7 * DAY),
    (
        "a page that goes a second time has its own 14 days",
        [(0, "not_found"), (24, "ok"), (168, "not_found"), (192, "not_found")],
        None,
        21 * DAY,
    ),
    (
        "what stands in its place denies a page as not found does",
        [(0, "not_found"), (25, "not_the_release")],
        None,
        14 * DAY,
    ),
    (
        "a failure in between does not end what is not found",
        [(0, "not_found"), (24, "refused"), (25, "not_found")],
        None,
        14 * DAY,
    ),
    ("unreadable: after 1 day", [(3, "unreadable")], None, 27),
    ("unreadable: after 7 days", [(3, "unreadable"), (27, "unreadable")], None, 3 + 7 * DAY),
    ("unreadable: after 30 days", [(3, "unreadable"), (171, "unreadable")], None, 3 + 30 * DAY),
    *(
        (f"{outcome}: failure {number}", [(hour, outcome) for hour in range(number)], None, number - 1 + wait)
        for outcome in FAILURES
        for number, wait in enumerate((1, 6, 24, 72, 168, 168, 168), start=1)
    ),
    ("failures of many kinds are one row", [(0, "refused"), (1, "throttled"), (7, "shell")], None, 31),
    ("a failure after a page begins with the first wait", [(0, "ok"), (24, "transport_error")], None, 25),
    ("a failure does not make an edited page rest", [(168, "ok"), (192, "refused")], 168, 193),
    ("the page that is reached again goes on", [(24, "refused"), (25, "ok")], None, 7 * DAY),
]


@pytest.mark.parametrize(("visits", "edited", "expected"), [pytest.param(*case, id=name) for name, *case in CASES])
def test_a_page_is_due(visits: list[tuple[float, str]], edited: int | None, expected: int | None) -> None:
    history = since_first_sight([Visit(after(hours), outcome) for hours, outcome in visits])
    next_at = due(history, schedule=SCHEDULE, edited_at=None if edited is None else after(edited))
    assert next_at == (None if expected is None else after(expected))


HISTORIES = st.lists(
    st.builds(Visit, st.integers(0, 4000).map(after), st.sampled_from(sorted(OUTCOMES))), min_size=1, max_size=12
)


@given(
    history=HISTORIES,
    edited_at=st.none() | st.integers(0, 4000).map(after),
    shuffler=st.randoms(use_true_random=False),
)
def test_a_page_is_due_after_its_last_visit_in_whatever_order_these_come(
    history: list[Visit],
    *,
    edited_at: datetime | None,
    shuffler: Random,
) -> None:
    next_at = due(since_first_sight(history), schedule=SCHEDULE, edited_at=edited_at)
    last = max(visit.at for visit in history)
    assert next_at is None or next_at > last
    shuffled = list(since_first_sight(history))
    shuffler.shuffle(shuffled)
    assert next_at == due(shuffled, schedule=SCHEDULE, edited_at=edited_at)


@given(HISTORIES, st.sampled_from(FAILURES))
def test_a_page_that_fails_is_asked_again_within_a_week(history: list[Visit], outcome: str) -> None:
    failed = Visit(after(5000), outcome)
    next_at = due(since_first_sight([*history, failed]), schedule=SCHEDULE)
    assert next_at is not None
    assert timedelta(hours=1) <= next_at - failed.at <= timedelta(days=7)


@given(st.integers(0, 500), st.integers(0, 30))
def test_a_page_that_is_gone_is_visited_twice_14_days_apart(first: int, late: int) -> None:
    visits = [Visit(after(first), "not_found")]
    while visits[-1].at - visits[0].at < timedelta(days=14):
        next_at = due(since_first_sight(visits), schedule=SCHEDULE)
        assert next_at is not None
        visits.append(Visit(next_at + timedelta(minutes=late), "not_found"))
    assert len(visits) == 3


def test_an_edited_page_is_looked_at_more_often_than_one_that_stayed() -> None:
    def visits(edited_at: datetime | None) -> int:
        history = [Visit(after(168), "ok")]
        while next_at := due(since_first_sight(history), schedule=SCHEDULE, edited_at=edited_at):
            history.append(Visit(next_at, "unchanged"))
        return len(history)

    assert visits(after(168)) > visits(None)


def test_an_outcome_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="“lost”"):
        due([Visit(SEEN, "lost")], schedule=SCHEDULE)


@pytest.mark.parametrize(
    ("before", "now", "message"),
    [
        ("outcome,step,after", "outcome,number,after", "lacks the column step"),
        ("outcome,step,after", "outcome,after,step", "line 2: step “1d” of ok is not the next"),
        ("ok,1,1d,", "okay,1,1d,", "line 2: “okay” is no outcome"),
        ("ok,2,7d,", "ok,3,7d,", "line 3: step “3” of ok is not the next"),
        ("ok,2,7d,", "ok,2,a week,", "line 3: after is “a week”"),
        ("ok,2,7d,", "ok,2,1d,", "line 3: step 2 of ok is not later"),
        ("ok,2,7d,first_sight", "ok,2,7d,birth", "line 3: counted_from is “birth”"),
        ("ok,2,7d,first_sight", "ok,2,7d,first_visit", "line 3: ok is counted from first_sight above"),
        ("ok,2,7d,first_sight,", "ok,2,7d,first_sight", "line 3 has 4 cells where the header has 5"),
        ("ok,2,7d,first_sight,", "ok,2,7d,first_sight,,", "line 3 has 6 cells where the header has 5"),
        ("refused,1,1h", "refused,1,0h", "refused would be asked for without end"),
        ("edited,1,1d,edit", "edited,1,1d,last_visit", "edited, and nothing else, is counted from the edit"),
        ("shell,", "refused,", "line 36: step “1” of refused"),
    ],
)
def test_a_schedule_that_cannot_be_meant_is_refused_with_its_line(
    tmp_path: Path, before: str, now: str, message: str
) -> None:
    path = tmp_path / "refetch_schedule.csv"
    text = SEEDED.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, now, 1), encoding="utf-8")
    with pytest.raises(UsageError, match=r"refetch_schedule\.csv") as refused:
        load_schedule(path)
    assert message in str(refused.value)


def test_a_schedule_archived_with_a_step_for_pages_without_a_visit_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "refetch_schedule.csv"
    columns, *rows = SEEDED.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([columns, "missing,1,0h,first_sight,\n", *rows]), encoding="utf-8")
    assert load_schedule(path) == SCHEDULE


def test_a_schedule_archived_before_a_state_was_known_has_the_steps_of_the_like(tmp_path: Path) -> None:
    path = tmp_path / "refetch_schedule.csv"
    rows = SEEDED.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if not row.startswith("not_the_release,")), encoding="utf-8")
    assert load_schedule(path) == load_schedule(SEEDED)


def test_a_schedule_without_a_state_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "refetch_schedule.csv"
    lines = SEEDED.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("shell")), encoding="utf-8")
    with pytest.raises(UsageError, match="no step for shell"):
        load_schedule(path)


def test_a_missing_or_unreadable_schedule_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is missing"):
        load_schedule(tmp_path / "none.csv")
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="no readable CSV"):
        load_schedule(binary)
    with pytest.raises(UsageError, match="no regular file"):
        load_schedule(tmp_path)
