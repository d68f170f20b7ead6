"""Fetching the pages of releases and loading them: what is asked, when again, and what each outcome leads to.

Real runs against a portal on the loopback that answers, and misbehaves, as gov.kz does.
"""

import gzip
import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desk.digests import Item
from tests.desk.portal_desk import CODE, PortalDesk, one_release
from tests.desk.portal_releases import Release, Text, invent_releases, seed_releases
from tests.desk.portal_server import Portal
from warehouse.errors import PressError
from warehouse.portal.visits.plan import Wishes
from warehouse.runs import refetch
from warehouse.runs.pages import small_run

DIGEST_TEXTS = "select * from dim_text where origin = 'digest' order by all"
FIRST = "2025-05-22T06:00:00Z"
ALL_PAGES = 60


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PortalDesk, list[tuple[Any, ...]]]]:
    with Portal(seed_releases()) as portal:
        desk = PortalDesk.at(tmp_path_factory.mktemp("seed"), portal)
        desk.load_digest()
        before = desk.ask(DIGEST_TEXTS)
        as_printed(desk, portal.releases)
        desk.visit(FIRST)
        yield desk, before


def as_printed(desk: PortalDesk, releases: dict[str, Release]) -> None:
    """Let four pages say what the digest printed, more than that, and something else about the same."""
    printed = dict(desk.ask("select release_code, {'title': title, 'body': body} from mart_release where has_body"))
    autumn = "The ministry will report on the results of this work to the government in the autumn of this year."

    def page(code: str, *paragraphs: str) -> None:
        releases[code].texts["en"] = Text(printed[code]["title"], [*paragraphs])

    page("997859", *printed["997859"]["body"].split("\n"))
    page("997844", *printed["997844"]["body"].split("\n"), *[f"{autumn} {number}." for number in range(9)])
    words = printed["996698"]["body"].split()
    page("996698", " ".join(word if number % 4 else "rather" for number, word in enumerate(words)))


def test_every_release_of_the_seed_has_a_body_and_three_languages_each(seed: tuple[PortalDesk, Any]) -> None:
    desk, _ = seed
    assert desk.ask("select count(*), count(*) filter (has_body) from fact_release") == [(20, 20)]
    assert desk.ask("select count(*) from mart_missing_bodies") == [(0,)]
    texts = desk.ask(
        """
        select release_key, list(code order by code), min(len(body)) > 0
        from dim_text inner join dim_language using (language_key) where origin = 'portal' group by release_key
        """
    )
    assert len(texts) == 20
    assert {(*languages, has_body) for _, languages, has_body in texts} == {("en", "kk", "ru", True)}
    assert desk.ask("select sum(releases), sum(in_all_three), sum(in_one_only) from mart_language_coverage") == [
        (20, 20, 0)
    ]


def test_digest_texts_are_untouched(seed: tuple[PortalDesk, list[tuple[Any, ...]]]) -> None:
    desk, before = seed
    assert len(before) == 20
    assert desk.ask(DIGEST_TEXTS) == before
    assert desk.ask("select count(*) from fact_edit") == [(0,)]
    # Where the digest has a body, it goes on to speak for the release.
    assert desk.ask(
        """
        select origin, count(*) from fact_release inner join text_content using (content_key)
        group by origin order by origin
        """
    ) == [("digest", 11), ("portal", 9)]


def test_the_portal_says_when_it_published_and_under_which_topics(seed: tuple[PortalDesk, Any]) -> None:
    desk, _ = seed
    assert desk.ask("select distinct published_at from fact_release") == [(datetime(2025, 5, 16, 6),)]  # noqa: DTZ001
    assert desk.ask("select portal_topic_id, name_kk, name_ru, name_en from dim_topic") == [
        ("77", "Көлік", "Транспорт", "Transport")
    ]
    assert desk.ask("select count(*), count(distinct release_key) from bridge_release_topic") == [(20, 20)]
    assert desk.ask("select count(*), count(*) filter (is_known) from dim_publisher") == [(85, 85)]


def test_days_are_those_of_almaty_and_a_date_stays_a_date(tmp_path: Path) -> None:
    published = {"998101": "2025-05-21T20:10:00Z", "998102": "2025-05-21T18:50:00Z", "998103": "2020-06-15T00:00:00"}
    items = (
        Item("998101", listed="22.05.2025"),
        Item("998102", listed="22.05.2025"),
        Item("998103", listed="15.06.2020"),
    )
    with one_release(tmp_path, *items) as desk:
        for code, created in published.items():
            desk.portal.releases[code] = replace(desk.portal.releases[code], created=created)
        desk.visit("2025-05-22T20:30:00Z", languages=["ru"])
        assert desk.ask(
            """
            select release_code, published_date::varchar, published_at::date::varchar, days_published_to_listed
            from mart_release order by release_code
            """
        ) == [
            ("998101", "2025-05-22", "2025-05-21", 0),
            ("998102", "2025-05-21", "2025-05-21", 1),
            ("998103", "2020-06-15", "2020-06-15", 0),
        ]
        # The page's text stands since 01:30 on 23 May.
        for day, origins in {"2025-05-22": ["digest"], "2025-05-23": ["digest", "portal"]}.items():
            texts = desk.answer("query", "text_on_day", "--param", "code=998101", "--param", f"day={day}")
            assert [text["origin"] for text in texts] == origins


def test_what_the_digest_printed_is_compared_with_the_page(seed: tuple[PortalDesk, Any]) -> None:
    desk, _ = seed
    kinds = dict(desk.ask("select release_code, kind from mart_digest_vs_portal"))
    assert len(kinds) == 20
    assert (kinds["997859"], kinds["997844"], kinds["996698"]) == ("same", "shortened", "different")
    assert Counter(kinds.values()) == {
        "same": 1,
        "shortened": 1,
        "different": 1,
        "other_release": 8,
        "no_digest_body": 9,
    }


def test_every_attempt_is_a_row_that_says_where_it_is_archived(seed: tuple[PortalDesk, Any]) -> None:
    desk, _ = seed
    assert desk.ask(
        """
        select
            count(*), count(distinct fetch_key), count(distinct (warc_file, warc_offset)), min(outcome), max(outcome),
            min(route), max(route), min(http_status), count(body_sha256), count(content_key), count(next_due_at)
        from fact_fetch
        """
    ) == [(ALL_PAGES, ALL_PAGES, ALL_PAGES, "ok", "ok", "graphql", "graphql", 200, ALL_PAGES, ALL_PAGES, ALL_PAGES)]
    assert desk.ask("select kind, status, fetches, texts_new from load_run order by as_of") == [
        ("ingest", "loaded", 0, 20),
        ("refetch", "loaded", ALL_PAGES, ALL_PAGES),
    ]
    assert f"{ALL_PAGES} attempts" in desk.press_here("archive", "verify")


def test_a_second_run_asks_nothing_that_is_not_due(seed: tuple[PortalDesk, Any]) -> None:
    desk, _ = seed
    requests = len(desk.portal.log)
    rows = desk.desk.tables()
    run = desk.visit("2025-05-22T07:00:00Z")
    assert len(desk.portal.log) == requests
    assert (run.status, run.message) == ("unchanged", "No pages were due; 0 new texts, 0 edits.")
    assert desk.desk.tables() == rows


def test_a_plan_is_printed_and_nothing_is_asked(seed: tuple[PortalDesk, Any]) -> None:
    desk, _ = seed
    requests = len(desk.portal.log)
    wishes = ("--only", "all", "--limit", 2, "--language", "kk,ru", "--publisher", "mfa")
    output = desk.press_here("refetch", "--dry-run", *wishes)
    assert output.splitlines() == [
        "Would visit 2 pages; 4 more beyond the limit.",
        "  997859 kk mfa",
        "  997859 ru mfa",
    ]
    assert len(desk.portal.log) == requests


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--only", "some"), "--only is “some”; it can be missing, due, all"),
        (("--language", "kk,de"), "“de” is no language of the portal"),
        (("--limit", 0), "--limit is 0"),
        (("--as-of", "soon"), "as_of is “soon”"),
    ],
)
def test_wishes_that_cannot_be_meant_are_refused_in_a_line(
    seed: tuple[PortalDesk, Any], arguments: tuple[object, ...], message: str
) -> None:
    desk, _ = seed
    output = desk.press_here("refetch", *arguments, status=2)
    assert output.count("\n") == 1
    assert message in output


def test_without_a_warehouse_there_is_nothing_to_fetch(tmp_path: Path) -> None:
    with Portal() as portal, pytest.raises(PressError, match="load a digest first"):
        PortalDesk.at(tmp_path, portal).visit(FIRST)


def test_missing_bodies_come_first_and_wishes_narrow_the_run(tmp_path: Path) -> None:
    with Portal(seed_releases()) as portal:
        desk = PortalDesk.at(tmp_path, portal)
        desk.load_digest()
        missing = {code for (code,) in desk.ask("select release_code from fact_release where not has_body")}
        run = desk.visit(FIRST, limit=12, languages=["ru"])
        assert run.tally.left == 8
        assert {code for _, code, _ in desk.page_requests()[:9]} == missing
        assert {language for *_, language in desk.page_requests()} == {"ru"}
        assert len(desk.page_requests()) == 12
        portal.log.clear()
        desk.visit(FIRST, "missing")
        assert desk.page_requests() == []  # each has a body now
        desk.visit(FIRST, languages=["kk"], publishers=["mod", "mfa"])
        assert len(desk.page_requests()) == 10
        portal.log.clear()
        desk.visit(FIRST, "all", languages=["ru"])
        assert len(desk.page_requests()) == 20


def test_a_page_is_looked_at_again_after_1_7_30_and_90_days_and_then_rests(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        first = datetime.fromisoformat("2025-06-01T06:00:00Z")
        desk.visit(first.isoformat(), languages=["ru"])
        visits = []
        for day in (1, 2, 6, 7, 8, 29, 30, 89, 90, 400):
            desk.portal.log.clear()
            desk.visit((first + timedelta(days=day, seconds=9)).isoformat(), languages=["ru"])
            visits += [day] if desk.page_requests() else []
        assert visits == [1, 7, 30, 90]
        assert desk.ask("select visits, last_outcome, next_due_at from mart_fetch_state") == [(5, "unchanged", None)]
        assert desk.ask("select count(*) from dim_text where origin = 'portal'") == [(1,)]


def test_a_page_that_says_the_same_in_other_markup_is_unchanged(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        desk.visit("2025-06-01T06:00:00Z", languages=["ru"])
        text = desk.portal.releases[CODE].texts["ru"]
        text.body = "".join(
            f'\r\n  <div class="x"><p style="a:b"  id=c><span>{paragraph}</span>&nbsp;</p><p>&nbsp;</p></div>'
            for paragraph in text.paragraphs
        )
        desk.visit("2025-06-03T06:00:00Z", languages=["ru"])
        # By each other route, too, it is the same text.
        for at, route in [("2025-06-09T06:00:00Z", "graphql"), ("2025-07-09T06:00:00Z", "html")]:
            desk.portal.misbehave("ticket", route=route)
            desk.visit(at, languages=["ru"])
        assert desk.ask("select route, outcome from fact_fetch order by requested_at") == [
            ("graphql", "ok"),
            ("graphql", "unchanged"),
            ("graphql", "refused"),
            ("html", "unchanged"),
            ("graphql", "refused"),
            ("html", "refused"),
            ("rest", "unchanged"),
        ]
        assert desk.ask("select max(version_no), count(*) from dim_text where origin = 'portal'") == [(1, 1)]
        assert desk.ask("select count(*) from fact_edit") == [(0,)]


def test_what_the_portal_said_of_the_version_spares_it_the_page(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        desk.portal.tells_versions = True
        desk.portal.misbehave("ticket", route="graphql")
        desk.visit("2025-06-01T06:00:00Z", languages=["ru"])
        rows = (
            "select http_status, outcome, etag is not null, content_key from fact_fetch where route = 'html' order by 1"
        )
        [(*first, content)] = desk.ask(rows)
        assert first == [200, "ok", True]
        desk.visit("2025-06-03T06:00:00Z", languages=["ru"])
        desk.visit("2025-06-09T06:00:00Z", languages=["ru"])
        assert [(status, outcome, key) for status, outcome, _, key in desk.ask(rows)] == [
            (200, "ok", content),
            (304, "unchanged", content),
            (304, "unchanged", content),
        ]
        requests = desk.portal.requests("html")
        assert ["if-none-match" in one.headers for one in requests] == [False, True, True]
        assert ["if-modified-since" in one.headers for one in requests] == [False, True, True]
        assert desk.ask("select version_count from fact_release") == [(2,)]


def test_a_304_stands_for_what_its_own_route_showed(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        desk.portal.tells_versions = True
        desk.portal.misbehave("ticket", route="graphql", times=1)
        desk.visit("2025-06-01T06:00:00Z", languages=["ru"])
        text = desk.portal.releases[CODE].texts["ru"]
        before = text.paragraphs[0]
        text.paragraphs[0] = "Другое."
        desk.visit("2025-06-03T06:00:00Z", languages=["ru"])
        text.paragraphs[0] = before
        desk.portal.misbehave("ticket", route="graphql")
        desk.visit("2025-06-05T06:00:00Z", languages=["ru"])
        contents = "select content_key from fact_fetch where content_key is not null order by requested_at"
        first, edited, again = desk.ask(contents)
        assert first == again != edited
        assert desk.ask("select count(*) from fact_edit") == [(2,)]


def test_two_runs_at_once_do_not_double_the_pace(tmp_path: Path) -> None:
    items = [Item(str(code)) for code in invent_releases(6, slug="transport")]
    with one_release(tmp_path, *items, interval_s=0.1) as desk:
        runs = [
            subprocess.Popen(
                desk.command("refetch"), env=desk.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        ends = sorted((run.wait(), *run.communicate()) for run in runs)
        assert min(desk.portal.gaps()) >= 0.1
        assert len(desk.page_requests()) == len(set(desk.page_requests())) == 18
        assert ends[0][0] == 0
        if ends[1][0]:  # the other one came while the first had its turn
            assert ends[1][2].count("\n") == 1
            assert "is being written by process" in ends[1][2]
            assert "Try again later" in ends[1][2]
        assert desk.ask("select count(*) from dim_text where origin = 'portal'") == [(18,)]


def test_what_another_run_fetched_since_the_plan_is_not_asked_again(tmp_path: Path) -> None:
    with one_release(tmp_path, Item("998101"), Item("998102")) as desk:
        settings = desk.desk.settings
        with small_run(settings, FIRST, "refetch") as run:
            plan = refetch.plan(run, Wishes("all", languages=["ru", "kk"], limit=3))
            desk.visit(FIRST, languages=["ru"])
            tally = refetch.fetch(run, replace(plan, wishes=replace(plan.wishes, only="due")))
        assert (len(plan.visits), tally.visits, tally.left) == (3, 2, 0)
        assert Counter(language for *_, language in desk.page_requests()) == {"ru": 2, "kk": 2}


def test_what_a_killed_run_fetched_since_the_plan_is_loaded_and_not_asked_again(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        with small_run(desk.desk.settings, FIRST, "refetch") as run:
            plan = refetch.plan(run)
            desk.visit(FIRST, kill=True)
            assert refetch.fetch(run, plan).visits == 0
        assert len(desk.page_requests()) == 3
        assert desk.ask("select count(*) from fact_fetch") == [(3,)]


def test_an_operators_headers_and_cookies_are_sent_and_never_kept(tmp_path: Path) -> None:
    secrets = {"headers": {"X-Ticket": "s3cret-ticket"}, "cookies": {"session": "s3cret-cookie"}}
    with one_release(tmp_path, **secrets) as desk:
        desk.portal.misbehave("status", status=500, route="html")
        desk.portal.misbehave("ticket", route="graphql")
        output = desk.press_here("refetch", "--as-of", "2025-06-01T06:00:00Z")
        assert all(request.headers["x-ticket"] == "s3cret-ticket" for request in desk.portal.requests())
        assert "s3cret-cookie" in desk.portal.requests()[0].headers["cookie"]
        kept = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert any(path.name.endswith(".warc.gz") for path in kept)
        for path in kept:
            held = path.read_bytes()
            assert b"s3cret" not in (gzip.decompress(held) if path.suffix == ".gz" else held), path
        assert "s3cret" not in output + json.dumps(desk.desk.dump(), default=str)
