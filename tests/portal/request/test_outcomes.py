"""What the portal does wrong: each trouble is an outcome of its own, and none looks like what the portal says."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.digests import Item
from tests.desk.portal_desk import CODE, PortalDesk, one_release
from tests.desk.portal_releases import Text
from tests.desk.warehouse import press_here

FIRST = 990_000

OUTCOMES = [
    ("status", {"status": 404}, "not_found", 404),
    ("status", {"status": 410}, "not_found", 410),
    ("ticket", {}, "refused", 400),
    ("not_allowed", {}, "refused", 400),
    ("status", {"status": 401}, "refused", 401),
    ("status", {"status": 403}, "refused", 403),
    ("shell", {}, "shell", 200),
    ("status", {"status": 429}, "throttled", 429),
    ("status", {"status": 500}, "transport_error", 500),
    ("status", {"status": 504}, "transport_error", 504),
    ("reset", {}, "transport_error", None),
    ("truncated", {}, "transport_error", 200),
    ("bomb", {"megabytes": 20}, "transport_error", 200),
    ("redirect", {"to": "https://example.org/"}, "transport_error", None),
    ("redirect", {"to": lambda path: path, "status": 307}, "transport_error", None),
    ("html_for_json", {}, "unreadable", 200),
    ("graphql_errors", {}, "unreadable", 200),
    ("status", {"status": 418}, "unreadable", 418),
]


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalDesk]:
    """A page for each trouble, and good ones between: several troubles in a row would end the run."""
    pages = [FIRST + number for number in range(2 * len(OUTCOMES))]
    with one_release(tmp_path_factory.mktemp("troubled"), *[Item(str(page)) for page in pages]) as desk:
        for page, (trouble, options, *_) in zip(pages[::2], OUTCOMES, strict=True):
            desk.portal.misbehave(trouble, code=str(page), **options)
        refused = [page for page, (*_, outcome, _) in zip(pages[::2], OUTCOMES, strict=True) if outcome == "refused"]
        # One that refuses ends its route for the run.
        for releases in [[page for page in pages if page not in refused], *[[page] for page in refused]]:
            desk.visit("2025-06-01T06:00:00Z", languages=["ru"], releases=releases)
        yield desk


@pytest.mark.parametrize("number", range(len(OUTCOMES)), ids=[f"{one[0]}-{one[3]}" for one in OUTCOMES])
def test_each_trouble_is_an_outcome_of_its_own(number: int, troubled: PortalDesk) -> None:
    *_, outcome, status = OUTCOMES[number]
    code = FIRST + 2 * number
    rows = troubled.ask(
        f"""
        select route, outcome, http_status, content_key, detail <> '', visit_outcome, next_due_at > requested_at
        from fact_fetch where release_code = '{code}' order by requested_at
        """
    )
    route, first_outcome, answered, *texts = rows[0]
    assert (route, first_outcome) == ("graphql", outcome)
    assert answered == status or outcome == "transport_error"
    assert texts[:2] == [None, True]
    *_, visited, waits = rows[-1]
    assert visited in {outcome, "unreadable"}
    assert waits
    assert [row[-1] for row in rows[:-1]] == [None] * (len(rows) - 1)
    assert len(rows) == (1 if outcome == "throttled" else 3)


def test_no_trouble_looks_like_a_text_an_edit_or_a_disappearance(troubled: PortalDesk) -> None:
    texts = troubled.ask("select release_key from text_content where origin = 'portal'")
    assert len(texts) == len(OUTCOMES)
    assert {release % 2 for (release,) in texts} == {1}
    assert troubled.ask("select count(*) from fact_edit") == [(0,)]
    assert troubled.ask("select count(*) from mart_vanished") == [(0,)]
    assert troubled.ask("select count(published_at) from fact_release where release_key % 2 = 0") == [(0,)]


def test_a_page_without_a_body_is_not_taken_for_no_page(tmp_path: Path) -> None:
    with one_release(tmp_path, Item(CODE, body=None)) as desk:
        desk.portal.releases[CODE].texts["ru"] = Text("Только заголовок")
        desk.visit("2025-06-01T06:00:00Z", languages=["ru"])
        assert desk.outcomes() == {"no_body": 1}
        assert desk.ask("select title, body from dim_text where origin = 'portal'") == [("Только заголовок", None)]
        assert desk.ask("select has_body from fact_release") == [(False,)]


def test_a_page_without_a_title_is_unreadable_and_spoils_nothing_else(tmp_path: Path) -> None:
    with one_release(tmp_path, Item(CODE), Item("990845")) as desk:
        desk.portal.releases[CODE].texts["ru"].title = " "
        run = desk.visit("2025-06-01T06:00:00Z", languages=["ru"])
        assert run.status == "loaded"
        assert dict(desk.ask("select release_code, max(visit_outcome) from fact_fetch group by 1")) == {
            CODE: "unreadable",
            "990845": "ok",
        }


def test_a_route_that_refuses_is_asked_once_in_a_run(tmp_path: Path) -> None:
    with one_release(tmp_path, *[Item(str(990_000 + number)) for number in range(3)]) as desk:
        desk.portal.misbehave("ticket", route="graphql")
        run = desk.visit("2025-06-01T06:00:00Z")
        assert Counter(route for route, *_ in desk.page_requests()) == {"graphql": 1, "html": 9}
        assert list(run.tally.refusing) == ["graphql"]
        assert desk.outcomes("visit_outcome") == {"ok": 9}
        desk.visit("2025-06-03T06:00:00Z")
        assert Counter(route for route, *_ in desk.page_requests()) == {"graphql": 2, "html": 18}


def test_failures_in_a_row_leave_the_rest_for_the_next_run(tmp_path: Path) -> None:
    with one_release(tmp_path, *[Item(str(990_000 + number)) for number in range(4)]) as desk:
        desk.portal.misbehave("status", status=500)
        run = desk.visit("2025-06-01T06:00:00Z", languages=["ru"])
        assert len(desk.page_requests()) == 5
        assert run.tally.left == 2
        assert run.tally.paused
        # The second page's visit was cut short: it is as due as before.
        assert desk.outcomes("visit_outcome") == {"transport_error": 1}
        desk.portal.behave()
        desk.portal.log.clear()
        desk.visit("2025-06-01T06:30:00Z", languages=["ru"])
        assert len(desk.page_requests()) == 3
        desk.visit("2025-06-01T08:00:00Z", languages=["ru"])
        assert desk.ask("select count(*) from dim_text where origin = 'portal'") == [(4,)]


def test_a_run_that_sees_nothing_fails_in_words(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        desk.portal.robots = "User-agent: *\nDisallow: /\n"
        said = desk.press_here("refetch", "--as-of", "2025-06-01T06:00:00Z", status=1)
        assert said.startswith("press: gov.kz showed no page. robots.txt forbids ")
        assert desk.page_requests() == []
        assert desk.ask("select distinct outcome from fact_fetch") == [("refused",)]


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("http://portal.invalid", "The portal's name is not known to the network (DNS)"),
        ("http://127.0.0.1:1", "The portal's host refuses connections"),
    ],
)
def test_why_no_page_came_is_said_wherever_the_run_is_told_of(tmp_path: Path, url: str, cause: str) -> None:
    with one_release(tmp_path, url=url) as desk:
        arguments = ("refetch", "--as-of", "2025-06-01T06:00:00Z", "--language", "ru")
        done = press_here(desk.environ, *arguments)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        unread = f"{url}/robots.txt could not be read ({cause})"
        assert done.stderr.startswith(f"press: gov.kz showed no page. {unread}, so ")
        assert "loaded, but gov.kz showed no page\n" in done.stdout
        assert f"3 × {unread}" in done.stdout
        [(message,)] = desk.ask("select message from load_run where kind = 'refetch'")
        assert cause in message
