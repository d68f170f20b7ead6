"""Runs at the portal: their times, their pace, what they leave for the next one, and their arguments."""

import os
import subprocess
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.digests import Item
from tests.desk.portal_desk import CODE, PortalDesk, one_release, releases_of
from tests.desk.portal_releases import invent_releases
from tests.desk.portal_run import Run
from tests.desk.portal_server import Portal
from warehouse.errors import UsageError
from warehouse.portal.exchange import OUTCOMES
from warehouse.portal.request.limits import check_settings
from warehouse.portal.request.retry import retry_after_s
from warehouse.portal.visits.history import History
from warehouse.portal.visits.schedule import Visit, due, load_schedule
from warehouse.project import PROJECT
from warehouse.settings import PortalSettings, Settings, load_settings

FIRST = "2025-06-10T06:00:00Z"
VERSIONS = "select version_no, is_current, body from dim_text where origin = 'portal' order by version_no"


class TestTimes:
    """A run's times lie behind those of the runs before it, whatever moment it is given."""

    @pytest.mark.parametrize("again", [FIRST, "2025-06-05T06:00:00Z"])
    def test_of_a_moment_given_twice_or_past_what_came_later_is_later(self, tmp_path: Path, again: str) -> None:
        with one_release(tmp_path, Item("990845"), Item(CODE)) as desk:
            for text, moment in (("один", FIRST), ("два", again), ("три", again)):
                desk.portal.releases[CODE].texts["ru"].paragraphs = [f"Текст номер {text}."]
                desk.visit(moment, "all", languages=["ru"], releases=[990845, 990844] if text == "один" else [990844])
            moments = desk.ask("select requested_at from fact_fetch order by warc_file, warc_offset")
            assert moments == sorted(set(moments))
            of_text = desk.ask(VERSIONS.replace("where", f"where release_key = {CODE} and"))
            assert [body.split()[-1] for *_, body in of_text] == ["один.", "два.", "три."]
            assert [is_current for _, is_current, _ in of_text] == [False, False, True]

    def test_later_moments_are_taken_as_given(self, tmp_path: Path) -> None:
        with one_release(tmp_path) as desk:
            for moment in (FIRST, "2025-06-12T06:00:00Z"):
                desk.visit(moment, "all", languages=["ru"])
            days = desk.ask("select strftime(requested_at, '%d %H:%M') from fact_fetch order by 1")
            assert days == [("10 06:00",), ("12 06:00",)]


class TestDue:
    """A run each day finds what it saw the day before, though it never gets to a page at the same second."""

    def test_pages_seen_minutes_into_a_daily_run_are_seen_each_day(self, tmp_path: Path) -> None:
        with one_release(tmp_path) as desk:
            desk.portal.misbehave("status", status=404)
            first = datetime.fromisoformat("2025-06-10T06:47:00+00:00")
            desk.visit(first.isoformat(), languages=["ru"])
            desk.portal.behave()
            for days, minutes, is_asked in ((1, -60, False), (1, -47, False), (1, 0, True)):
                desk.portal.log.clear()
                desk.visit((first + timedelta(days=days, minutes=minutes, seconds=30)).isoformat(), languages=["ru"])
                assert bool(desk.portal.requests()) is is_asked
            desk.portal.log.clear()
            for day, is_asked in ((7, True), (8, False)):
                desk.portal.log.clear()
                desk.visit((first + timedelta(days=day, minutes=-47)).isoformat(), languages=["ru"])
                assert bool(desk.portal.requests()) is is_asked

    SEEN = datetime(2025, 6, 10, 6)  # noqa: DTZ001 - UTC without zone
    SCHEDULE = load_schedule(PROJECT / "seeds" / "refetch_schedule.csv")

    @pytest.mark.parametrize(
        ("visits", "expected"),
        [
            ([(0, "ok"), (22, "unchanged")], 7 * 24),
            ([(0, "ok"), (21.9, "unchanged")], 24),
            ([(0, "ok"), (23.9, "unchanged"), (7 * 24 - 2, "unchanged")], 30 * 24),
            ([(0, "not_found"), (14 * 24 - 1, "not_found")], 14 * 24),
            ([(0, "transport_error"), (0.95, "transport_error")], 6.95),
        ],
    )
    def test_a_visit_a_little_early_is_the_visit_that_was_due(
        self, visits: list[tuple[float, str]], expected: float
    ) -> None:
        history = [Visit(self.SEEN + timedelta(hours=hours), outcome) for hours, outcome in visits]
        due_at = due(history, schedule=self.SCHEDULE)
        assert due_at == self.SEEN + timedelta(hours=expected)

    @given(
        st.lists(
            st.tuples(st.sampled_from([0.5, 1, 6, 24, 100, 300]), st.sampled_from(sorted(OUTCOMES))),
            min_size=1,
            max_size=12,
        ),
        st.none() | st.integers(0, 1000),
    )
    def test_the_visits_that_are_kept_say_what_all_of_them_would(
        self, visits: list[tuple[float, str]], edited: int | None
    ) -> None:
        history, whole, at = History(), [], self.SEEN
        for hours, outcome in visits:
            at += timedelta(hours=hours)
            history.end(at, outcome)
            whole.append(Visit(at, outcome))
        edited_at = None if edited is None else self.SEEN + timedelta(hours=edited)
        kept, all_of_them = (
            due(visits, schedule=self.SCHEDULE, edited_at=edited_at) for visits in (history.visits, whole)
        )
        assert kept == all_of_them

    def test_a_schedule_without_that_row_is_kept_to_the_second(self, tmp_path: Path) -> None:
        lines = (PROJECT / "seeds" / "refetch_schedule.csv").read_text(encoding="utf-8").splitlines()
        path = tmp_path / "refetch_schedule.csv"
        path.write_text("\n".join(line for line in lines if not line.startswith("early")), encoding="utf-8")
        assert load_schedule(path).early == timedelta()
        path.write_text("\n".join(lines).replace("early,1,2h,due", "early,1,2h,edit"), encoding="utf-8")
        with pytest.raises(UsageError, match="early is one step"):
            load_schedule(path)


class TestPublishers:
    """Whose pages are asked for, and how many are left."""

    ITEMS = (Item("990844"), Item("990845"), Item("990846", slug="mfa"))

    def test_an_unknown_one_is_named_with_what_may_be_meant(self, tmp_path: Path) -> None:
        with one_release(tmp_path, *self.ITEMS) as desk:
            output = desk.press_here("refetch", "--dry-run", "--publisher", "mfa", "--publisher", "transprt", status=2)
            assert "“transprt”; did you mean transport?" in output
            assert "“qwzx”." in desk.press_here("refetch", "--dry-run", "--publisher", "qwzx", status=2)
            assert "transport,mfa" in desk.press_here("refetch", "--publisher", "transport,mfa", status=2)
            assert desk.portal.log == []

    def test_capitals_are_the_same_publisher(self, tmp_path: Path) -> None:
        with one_release(tmp_path, *self.ITEMS) as desk:
            output = desk.press_here("refetch", "--dry-run", "--publisher", "TRANSPORT")
            assert output.startswith("Would visit 6 pages; 0 more")

    @pytest.mark.parametrize(
        ("wishes", "visits", "left"),
        [
            ({"limit": 1}, 1, 8),
            ({"limit": 8}, 8, 1),
            ({"limit": 9}, 9, 0),
            ({"limit": 100}, 9, 0),
            ({"limit": 2, "publishers": ["mfa"]}, 2, 1),
            ({"limit": 2, "languages": ["ru"]}, 2, 1),
            ({"limit": 2, "releases": [990846]}, 2, 1),
            ({"limit": 2, "releases": []}, 0, 0),
            ({}, 9, 0),
        ],
    )
    def test_what_is_beyond_the_limit_is_left(
        self, tmp_path: Path, wishes: dict[str, object], visits: int, left: int
    ) -> None:
        with one_release(tmp_path, *self.ITEMS) as desk:
            run = desk.visit(FIRST, "all", **wishes)
            assert (run.tally.visits, run.tally.left) == (visits, left)


def test_a_list_that_breaks_off_is_left_for_the_next_run(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        desk.portal.releases |= invent_releases(60, slug="mfa")
        desk.portal.misbehave("status", status=504, when=lambda asked: asked.page > 1)
        run = desk.discover("2025-07-20T06:00:00Z", "mfa", since="2025-06-01")
        assert run.tally.left == 3
        assert "3 left for the next run" in run.message


def test_a_page_that_says_the_same_counts_as_unchanged(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        first, again = (desk.visit(moment, "all") for moment in (FIRST, "2025-06-12T06:00:00Z"))
        assert (first.tally.outcomes, again.tally.outcomes) == ({"ok": 3}, {"unchanged": 3})
        assert {outcome for *_, outcome in again.tally.slowest} == {"unchanged"}
        assert again.message.startswith("Visited 3 pages: 3 unchanged")
        desk.portal.releases[CODE].texts["ru"].paragraphs[0] = "Изменено."
        edited = desk.visit("2025-06-14T06:00:00Z", "all")
        assert edited.tally.outcomes == {"ok": 1, "unchanged": 2}
        desk.discover("2025-06-15T06:00:00Z", "transport")
        [(message,)] = desk.ask("select message from load_run where kind = 'discover'")
        assert message.startswith("Visited 3 lists: 3 ok")


class TestRobots:
    def test_one_publishers_pages_forbidden_leave_the_others(self, tmp_path: Path) -> None:
        items = (Item("990845", slug="mod", body=None), Item("990844", body=None), Item("990843", body=None))
        with one_release(tmp_path, *items) as desk:
            desk.portal.robots = "User-agent: *\nDisallow: /memleket/entities/mod/\nDisallow: /graphql\n"
            desk.portal.misbehave("ticket", route="rest")
            desk.visit(FIRST, "all", languages=["ru"])
            assert desk.ask("select release_code, has_body from fact_release order by 1") == [
                ("990843", True),
                ("990844", True),
                ("990845", False),
            ]
            # What has one address for all pages is asked for once.
            assert desk.ask("select count(*) from fact_fetch where route = 'graphql'") == [(1,)]
            ended = "select release_code, visit_outcome from fact_fetch where visit_outcome is not null order by 1"
            assert desk.ask(ended) == [("990843", "ok"), ("990844", "ok"), ("990845", "refused")]

    def test_a_denied_page_is_one_visit_though_robots_forbade_another(self, tmp_path: Path) -> None:
        items = (Item("990845", slug="mod", body=None), Item("990844", body=None))
        with one_release(tmp_path, *items) as desk:
            desk.portal.robots = "User-agent: *\nDisallow: /memleket/entities/mod/\n"
            desk.portal.vanish("990845")
            desk.portal.vanish("990844")
            desk.visit(FIRST, "all", languages=["ru"])
            assert desk.outcomes("visit_outcome") == {"not_found": 1, "refused": 1}
            assert desk.ask("select max(visits) from mart_fetch_state") == [(1,)]

    @pytest.mark.parametrize(
        ("group", "is_forbidden"),
        [
            ("press-warehouse", True),
            ("Press-Warehouse/0.1", True),
            ("*", True),
            ("a", False),
            ("mailto", False),
            ("kz", False),
            ("warehouse", False),
        ],
    )
    def test_a_group_is_ours_by_the_product_alone(self, tmp_path: Path, group: str, *, is_forbidden: bool) -> None:
        with Portal(releases_of(Item(CODE)), robots=f"User-agent: {group}\nDisallow: /\n") as portal:
            run = Run(portal, tmp_path / "pace")
            answer = run.ask(run.page(CODE), contact="mailto:a@b.kz")
            assert (answer.barrier == "robots") is is_forbidden


@pytest.mark.parametrize(
    ("value", "seconds"), [("1.5", 1.5), ("0.25", 0.25), ("7", 7), ("1.", 0), (".5", 0), ("1e3", 0), ("-1", 0)]
)
def test_seconds_to_wait_may_have_a_fraction(value: str, seconds: float) -> None:
    assert retry_after_s({"retry-after": value}) == seconds


class TestPace:
    def test_warehouses_in_two_folders_share_it(self, tmp_path: Path) -> None:
        items = [Item(code) for code in invent_releases(6, slug="transport")]
        with one_release(tmp_path / "one", *items, interval_s=0.1) as one:
            with one_release(tmp_path / "two", *items, interval_s=0.1) as two:
                environ = two.environ | {"PRESS_PORTAL_URL": one.portal.url}
                runs = [
                    subprocess.Popen(desk.command("refetch", "--language", "ru"), env=given, stdout=subprocess.DEVNULL)
                    for desk, given in ((one, one.environ), (two, environ))
                ]
                assert [run.wait() for run in runs] == [0, 0]
            assert len(one.portal.requests()) == 12
            assert min(one.portal.gaps()) >= 0.099

    def test_each_portal_has_its_own_whatever_the_warehouse(self, tmp_path: Path) -> None:
        settings = load_settings({"XDG_STATE_HOME": str(tmp_path)}, tmp_path / "none")
        assert settings.pace == tmp_path / "press-warehouse" / "pace-gov.kz"
        assert settings.at(tmp_path / "another.duckdb").pace == settings.pace
        names = {
            settings.model_copy(update={"portal": PortalSettings(url=url)}).pace.name
            for url in ("https://gov.kz", "http://127.0.0.1:81", "http://127.0.0.1:82", "http://[::1]:81")
        }
        assert names == {"pace-gov.kz", "pace-127.0.0.1-81", "pace-127.0.0.1-82", "pace----1--81"}

    def test_without_a_place_for_it_a_run_keeps_to_its_own_folder(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / "file").write_text("no folder", encoding="utf-8")
        with one_release(tmp_path) as desk:
            nowhere = desk.desk.settings.model_copy(update={"state_folder": tmp_path / "file"})
            PortalDesk(replace(desk.desk, settings=nowhere), desk.portal).visit(FIRST, languages=["ru"])
            assert desk.outcomes() == {"ok": 1}
        assert "XDG_STATE_HOME names another" in caplog.text


class TestSettings:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("PRESS_PORTAL_INTERVAL_S", "nan"),
            ("PRESS_PORTAL_INTERVAL_S", "inf"),
            ("PRESS_PORTAL_INTERVAL_S", "1e300"),
            ("PRESS_PORTAL_TIMEOUT_S", "0"),
            ("PRESS_PORTAL_TIMEOUT_S", "nan"),
            ("PRESS_PORTAL_TIMEOUT_S", "1e300"),
            ("PRESS_PORTAL_URL", "http://[::1"),
            ("PRESS_PORTAL_URL", "http://127.0.0.1:99999"),
            ("PRESS_PORTAL_USER_AGENT", "\r\nX: y"),
            ("PRESS_PORTAL_USER_AGENT", " "),
            ("PRESS_PORTAL_CONTACT", "me\nX: y"),
            ("PRESS_PORTAL_HEADERS", '{"X Y": "s3cret"}'),
            ("PRESS_PORTAL_HEADERS", '{"X": "s3\\r\\ncret"}'),
            ("PRESS_PORTAL_COOKIES", '{"a;b": "s3cret"}'),
            ("PRESS_PORTAL_COOKIES", '{"a": "s3cret; c=d"}'),
            ("PRESS_PORTAL_URL", "https://me:s3cret@www.gov.kz"),
            ("PRESS_PORTAL_URL", "https://me:s3cret@[::1"),
        ],
    )
    def test_that_cannot_be_meant_are_refused_and_secrets_not_shown(self, name: str, value: str) -> None:
        with pytest.raises(UsageError, match=name) as refused:
            check_settings(load_settings({name: value}, Path(os.devnull)).portal)
        assert "s3cret" not in str(refused.value)

    def test_are_refused_before_anything_is_asked_or_kept(self, tmp_path: Path) -> None:
        with one_release(tmp_path, timeout_s=0.0) as desk:
            assert "PRESS_PORTAL_TIMEOUT_S is 0" in desk.press_here("refetch", status=2)
            assert desk.portal.log == []
            assert desk.ask("select count(*) from fact_fetch") == [(0,)]

    def test_that_people_mean_are_taken(self) -> None:
        taken = {
            "PRESS_PORTAL_HEADERS": '{"X-Key": "пароль", "Accept": "a b"}',
            "PRESS_PORTAL_COOKIES": '{"sid": "a=b"}',
            "PRESS_PORTAL_INTERVAL_S": "0",
            "PRESS_PORTAL_URL": "http://[::1]:8080",
        }
        check_settings(load_settings(taken, Path(os.devnull)).portal)
        check_settings(Settings().portal)
