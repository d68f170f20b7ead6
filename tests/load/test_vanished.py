"""Pages that are gone: only what every route denies at two visits 14 days apart is, and who returns is noted."""

import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.desk.digests import Item
from tests.desk.portal_desk import CODE, PortalDesk, one_release
from tests.desk.portal_server import Portal
from warehouse.report.summary import summary
from warehouse.runs.load_run import LoadRun

LIST = "/memleket/entities/mfa/press/news?lang=ru"
LISTED = (
    "<html><body><h1>Пресс-центр</h1><div>13 июля 2026</div>"
    "<div>Количество просмотров: 61</div><p>О встрече</p></body></html>"
).encode()
SAYS_NONE = (
    "<html><body><h1>Страница не найдена</h1><div>13 июля 2026 17:29</div><a>Вернуться на главную</a></body></html>"
).encode()

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
    assert [(one[:10], one[16:].split(",")[0]) for one in evidence] == [
        (day, f" UTC {route}") for day in ("2025-06-05", "2025-06-19") for route in ("graphql", "html", "rest")
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


def send_elsewhere(portal: Portal) -> None:
    portal.misbehave("redirect", route="html", to=LIST)
    portal.misbehave("status", route="other", status=200, body=LISTED, kind="text/html; charset=utf-8")


def say_none(portal: Portal) -> None:
    portal.misbehave("status", route="html", status=200, body=SAYS_NONE, kind="text/html; charset=utf-8")


@pytest.mark.parametrize("hide", [send_elsewhere, say_none])
def test_a_page_that_stands_for_one_that_is_gone_denies_it_and_is_no_edit(
    desk: PortalDesk, hide: Callable[[Portal], None]
) -> None:
    before = desk.ask("select * from dim_text order by all")
    desk.portal.vanish(CODE)
    hide(desk.portal)
    look(desk, GONE, languages=["ru"])
    assert desk.ask(
        "select route, outcome, visit_outcome, next_due_at - requested_at < interval 2 days from fact_fetch "
        f"where requested_at >= '{GONE}' order by requested_at"
    ) == [
        ("graphql", "not_found", None, None),
        ("html", "not_the_release", None, None),
        ("rest", "not_found", "not_the_release", True),
    ]
    assert desk.ask(STATUS) == []
    look(desk, GONE_14_DAYS, languages=["ru"])
    assert desk.ask(STATUS) == [("ru", "vanished", True, None)]
    assert desk.ask("select * from dim_text order by all") == before
    assert desk.ask("select count(*) from fact_edit") == [(0,)]


@pytest.mark.parametrize("hide", [send_elsewhere, say_none])
def test_a_page_that_stands_for_one_alone_leaves_a_suspicion(desk: PortalDesk, hide: Callable[[Portal], None]) -> None:
    for route in ("graphql", "rest"):
        desk.portal.misbehave("ticket", route=route)
    hide(desk.portal)
    look(desk, GONE, GONE_14_DAYS, languages=["ru"])
    assert desk.ask(STATUS) == [("ru", "suspected", True, None)]


def test_a_login_in_its_place_never_counts(desk: PortalDesk) -> None:
    desk.portal.vanish(CODE)
    for route in ("graphql", "rest"):
        desk.portal.misbehave("ticket", route=route)
    desk.portal.misbehave("redirect", route="html", to="/login")
    desk.portal.misbehave("status", route="other", status=200, body=LISTED, kind="text/html; charset=utf-8")
    look(desk, GONE, GONE_14_DAYS, languages=["ru"])
    assert desk.ask(STATUS) == []


# Many at once


MANY = tuple(Item(str(990_800 + number)) for number in range(10))
HELD = "select status, count(*) from mart_vanished group by 1 order by 1"


@pytest.fixture(scope="module")
def many_found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalDesk]:
    """Ten releases, all found in Russian."""
    with one_release(tmp_path_factory.mktemp("many"), *MANY) as desk:
        look(desk, FOUND, languages=["ru"])
        yield desk


@pytest.fixture
def many(many_found: PortalDesk, tmp_path: Path) -> Iterator[PortalDesk]:
    """The same with a portal of the test's own."""
    shutil.copytree(many_found.desk.folder, tmp_path, dirs_exist_ok=True)
    with Portal(deepcopy(many_found.portal.releases)) as portal:
        yield PortalDesk.at(tmp_path, portal)


def odd(load_run: LoadRun) -> str | None:
    return next(
        (each.detail for each in load_run.states if (each.name, each.outcome) == ("absent_pages", "failing")), None
    )


def test_where_all_are_denied_the_portal_is_suspected_and_not_the_releases(many: PortalDesk) -> None:
    for item in MANY:
        many.portal.vanish(item.code)
    for at in (GONE, GONE_14_DAYS):
        load_run = many.visit(at, "all", languages=["ru"])
        assert odd(load_run) == (
            "absent pages: 100 %, expected at most 30 %; absent pages, ru: 100 %, expected at most 30 %"
        )
        assert ": So many pages of gov.kz became absent at once" in summary(load_run)
    assert many.ask(HELD) == [("held", 10)]
    assert "held" in many.press_here("vanished")
    # The portal is well again, but for one release: what it denies counts from then on.
    for item in MANY[1:]:
        many.portal.bring_back(item.code)
    assert odd(many.visit("2025-06-20T06:00:00Z", "all", languages=["ru"])) is None
    assert many.ask(HELD) == [("held", 1)]
    look(many, "2025-07-04T06:00:01Z", languages=["ru"])
    assert many.ask(HELD) == [("vanished", 1)]
    assert many.ask("select release_code, missing_from::date::varchar from mart_vanished") == [
        (MANY[0].code, "2025-06-20")
    ]


def test_a_few_of_many_have_vanished(many: PortalDesk) -> None:
    for item in MANY[:3]:
        many.portal.vanish(item.code)
    look(many, GONE, GONE_14_DAYS, languages=["ru"])
    assert many.ask(HELD) == [("vanished", 3)]
    assert many.ask(
        "select absent_pages, absent_share, most_absent, is_trusted from mart_portal_trust order by day desc limit 1"
    ) == [(3, 0.3, 1.0, True)]


def test_what_has_been_gone_for_long_is_no_reason_to_suspect_the_portal(many: PortalDesk) -> None:
    """Weeks later only the pages that are gone may be due."""
    codes = [item.code for item in MANY]
    many.portal.misbehave("status", status=404, when=lambda request: request.code in codes[:3])
    look(many, GONE, languages=["ru"])
    many.portal.misbehave("status", status=404, when=lambda request: request.code in codes[:6])
    look(many, "2025-06-25T06:00:00Z", "2025-07-10T06:00:00Z", languages=["ru"])
    assert many.ask("select absent_pages, is_trusted from mart_portal_trust order by day desc limit 1") == [(3, True)]
    assert many.ask(HELD) == [("held", 3), ("vanished", 3)]


def test_an_outage_of_weeks_makes_nothing_vanish(many: PortalDesk) -> None:
    many.portal.misbehave("status", status=404)
    look(many, GONE, "2025-07-10T06:00:00Z", "2025-07-26T06:00:00Z", languages=["ru"])
    assert many.ask(HELD) == [("held", 10)]


def test_pages_of_pictures_are_pages_that_the_portal_shows(many: PortalDesk) -> None:
    for item in MANY[5:]:
        many.portal.releases[item.code].texts["ru"].body = "<p><img src='/a.png'></p>"
    for item in MANY[:3]:
        many.portal.vanish(item.code)
    look(many, GONE, languages=["ru"])
    assert many.outcomes()["picture_body"] == 5
    assert many.ask("select pages, absent_pages from mart_portal_trust order by day desc limit 1") == [(10, 3)]


def test_pages_sent_elsewhere_all_at_once_are_held_back_too(many: PortalDesk) -> None:
    for route in ("graphql", "rest"):
        many.portal.misbehave("ticket", route=route)
    send_elsewhere(many.portal)
    look(many, GONE, GONE_14_DAYS, languages=["ru"])
    assert many.ask(HELD) == [("held", 10)]
    assert many.ask("select count(*) from fact_edit") == [(0,)]
