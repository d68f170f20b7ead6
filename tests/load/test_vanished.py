"""Pages that are gone: only what every route denies at two visits 14 days apart is, and who returns is noted."""

import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.desk.digests import Item
from tests.desk.portal_desk import CODE, PortalDesk, one_release
from tests.desk.portal_server import Portal

FOUND = "2025-06-01T06:00:00Z"
GONE = "2025-06-05T06:00:00Z"
GONE_13_DAYS = "2025-06-18T06:00:00Z"
GONE_14_DAYS = "2025-06-19T06:00:01Z"

STATUS = """
select language, status, last_found_at is not null, returned_at::date::varchar from mart_vanished order by all
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalDesk]:
    """A release that was found in Russian and Kazakh; it never existed in English."""
    with one_release(tmp_path_factory.mktemp("found")) as desk:
        del desk.portal.releases[CODE].texts["en"]
        look(desk, FOUND)
        yield desk


@pytest.fixture
def desk(found: PortalDesk, tmp_path: Path) -> Iterator[PortalDesk]:
    """The same with a portal of the test's own, to tell other things from now on."""
    shutil.copytree(found.desk.folder, tmp_path, dirs_exist_ok=True)
    with Portal(deepcopy(found.portal.releases)) as portal:
        yield PortalDesk.at(tmp_path, portal)


def look(desk: PortalDesk, *moments: str, **wishes: Any) -> None:
    for at in moments:
        desk.visit(at, "all", **wishes)


def test_what_every_route_denies_at_two_visits_14_days_apart_has_vanished(desk: PortalDesk) -> None:
    desk.portal.vanish(CODE)
    look(desk, GONE)
    assert desk.ask(STATUS) == []
    look(desk, GONE_13_DAYS)
    assert desk.ask(STATUS) == []
    look(desk, GONE_14_DAYS)
    assert desk.ask(STATUS) == [("kk", "vanished", True, None), ("ru", "vanished", True, None)]


def test_the_command_line_names_it_with_the_visits_that_say_so(desk: PortalDesk) -> None:
    desk.portal.vanish(CODE)
    look(desk, GONE, GONE_14_DAYS)
    row = desk.answer("vanished")[0]
    assert (row["release_code"], row["status"]) == (CODE, "vanished")
    assert (row["missing_from"][:10], row["missing_to"][:10]) == ("2025-06-05", "2025-06-19")
    evidence = row["evidence"].split("; ")
    assert [(one[:10], one[17:].split(",")[0]) for one in evidence] == [
        (day, route) for day in ("2025-06-05", "2025-06-19") for route in ("graphql", "html", "rest")
    ]
    assert all(".warc.gz byte " in one for one in evidence)
    assert CODE in desk.press_here("vanished")


def test_its_texts_are_kept_and_it_has_no_edit(desk: PortalDesk) -> None:
    before = desk.ask("select * from dim_text order by all")
    desk.portal.vanish(CODE)
    look(desk, GONE, GONE_14_DAYS)
    assert desk.ask("select * from dim_text order by all") == before
    assert desk.ask("select count(*) from fact_edit") == [(0,)]


def test_a_language_that_never_existed_does_not_count(desk: PortalDesk) -> None:
    look(desk, GONE, GONE_14_DAYS)
    assert desk.ask("select count(*) from fact_fetch where outcome = 'not_found'") == [(3 * 3,)]
    assert desk.ask(STATUS) == []


def test_a_language_that_was_there_and_is_gone_counts(desk: PortalDesk) -> None:
    del desk.portal.releases[CODE].texts["kk"]
    look(desk, GONE, GONE_14_DAYS)
    assert desk.ask(STATUS) == [("kk", "vanished", True, None)]


def test_a_release_that_no_visit_ever_found_is_gone_too(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        desk.portal.vanish(CODE)
        look(desk, GONE, GONE_14_DAYS, languages=["ru"])
        assert desk.ask(STATUS) == [("ru", "vanished", False, None)]


@pytest.mark.parametrize(
    ("trouble", "options"),
    [
        ("ticket", {}),
        ("shell", {}),
        ("reset", {}),
        ("status", {"status": 500}),
        ("status", {"status": 429}),
    ],
)
def test_what_hides_a_page_never_counts(desk: PortalDesk, trouble: str, options: dict[str, Any]) -> None:
    desk.portal.misbehave(trouble, **options)
    look(desk, GONE, GONE_14_DAYS, languages=["ru"])
    assert desk.ask(STATUS) == []


def test_a_robots_txt_that_forbids_never_counts(desk: PortalDesk) -> None:
    desk.portal.vanish(CODE)
    desk.portal.robots = "User-agent: *\nDisallow: /\n"
    look(desk, GONE, GONE_14_DAYS)
    assert desk.ask(STATUS) == []


@pytest.mark.parametrize(
    ("route", "trouble", "options"),
    [("graphql", "ticket", {}), ("html", "shell", {}), ("rest", "status", {"status": 500}), ("rest", "ticket", {})],
)
def test_one_route_that_does_not_say_so_leaves_a_suspicion(
    desk: PortalDesk, route: str, trouble: str, options: dict[str, Any]
) -> None:
    desk.portal.vanish(CODE)
    desk.portal.misbehave(trouble, route=route, **options)
    look(desk, GONE, GONE_14_DAYS, languages=["ru"])
    assert desk.ask(STATUS) == [("ru", "suspected", True, None)]


def test_a_route_that_refused_another_page_of_the_run_leaves_a_suspicion(tmp_path: Path) -> None:
    with one_release(tmp_path, Item("990845"), Item(CODE)) as desk:
        look(desk, FOUND, languages=["ru"])
        desk.portal.vanish(CODE)
        desk.portal.misbehave("ticket", route="graphql", code="990845")
        look(desk, GONE, GONE_14_DAYS, languages=["ru"])
        asked = [route for route, code, _ in desk.page_requests()[2:] if code == CODE]
        assert asked[:2] == ["html", "rest"]
        assert desk.ask("select release_code, status from mart_vanished") == [(CODE, "suspected")]


def test_one_full_denial_and_a_half_one_leave_a_suspicion(desk: PortalDesk) -> None:
    desk.portal.vanish(CODE)
    look(desk, GONE, languages=["ru"])
    desk.portal.misbehave("status", status=500, route="rest")
    look(desk, GONE_14_DAYS, languages=["ru"])
    assert desk.ask(STATUS) == [("ru", "suspected", True, None)]


def test_a_visit_in_between_that_found_it_begins_anew(desk: PortalDesk) -> None:
    desk.portal.vanish(CODE)
    look(desk, GONE, languages=["ru"])
    desk.portal.bring_back(CODE)
    look(desk, GONE_13_DAYS, languages=["ru"])
    desk.portal.vanish(CODE)
    look(desk, GONE_14_DAYS, languages=["ru"])
    assert desk.ask(STATUS) == []


def test_a_refusal_in_between_changes_nothing(desk: PortalDesk) -> None:
    desk.portal.vanish(CODE)
    look(desk, GONE, languages=["ru"])
    desk.portal.misbehave("ticket")
    look(desk, GONE_13_DAYS, languages=["ru"])
    desk.portal.behave()
    look(desk, GONE_14_DAYS, languages=["ru"])
    assert desk.ask(STATUS) == [("ru", "vanished", True, None)]


def test_a_release_that_returns_is_noted_and_may_vanish_again(desk: PortalDesk) -> None:
    desk.portal.vanish(CODE)
    look(desk, GONE, GONE_14_DAYS, languages=["ru"])
    desk.portal.bring_back(CODE)
    look(desk, "2025-07-01T06:00:00Z", "2025-07-10T06:00:00Z", languages=["ru"])
    assert desk.ask(STATUS) == [("ru", "returned", True, "2025-07-01")]
    desk.portal.vanish(CODE)
    look(desk, "2025-08-01T06:00:00Z", "2025-08-20T06:00:00Z", languages=["ru"])
    assert desk.ask(STATUS) == [("ru", "returned", True, "2025-07-01"), ("ru", "vanished", True, None)]
    # What it says is what it said: no version, no edit.
    assert desk.ask("select max(version_no), (select count(*) from fact_edit) from text_version") == [(1, 0)]


def test_the_schedule_asks_again_in_time_for_both_visits(desk: PortalDesk) -> None:
    desk.portal.vanish(CODE)
    for day in range(2, 31):
        if day in {2, 3, 4, 16, 17, 30}:
            desk.visit(f"2025-06-{day:02}T06:{day:02}:00Z")
    denied = desk.ask(
        "select distinct requested_at::date::varchar from fact_fetch where outcome = 'not_found' "
        "and language_key = (select language_key from dim_language where code = 'ru') order by 1"
    )
    assert [day for (day,) in denied] == ["2025-06-02", "2025-06-03", "2025-06-16"]
    assert desk.ask(STATUS) == [("kk", "vanished", True, None), ("ru", "vanished", True, None)]
