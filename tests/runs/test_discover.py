"""Discovering releases that no digest named: listed by the portal, loaded with what is known of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.digests import MEETING, Item
from tests.desk.portal_desk import CODE, PortalDesk, one_release
from tests.desk.portal_releases import invent_releases
from tests.desk.portal_server import Portal

AT = "2025-07-20T06:00:00Z"
KNOWN, UNKNOWN = "mfa", "qyzylorda-turizm"
NEWEST = 5


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PortalDesk]:
    with one_release(tmp_path) as desk:
        desk.portal.releases |= invent_releases(NEWEST, slug=KNOWN)
        desk.portal.releases |= invent_releases(2, slug=UNKNOWN, first=1_200_001)
        yield desk


def test_a_publishers_newest_releases_are_loaded_in_each_language(desk: PortalDesk) -> None:
    output = desk.press_here("discover", "--publisher", KNOWN, "--publisher", UNKNOWN, "--as-of", AT)
    assert "Visited 6 lists: 6 ok" in output
    assert desk.ask(
        """
        select release_code, publisher_slug, publisher_is_known, has_body, first_listed_date, published_at is not null,
            listing_count, url
        from mart_release where listing_count = 0 order by release_code
        """
    ) == [
        (
            str(code),
            slug,
            slug == KNOWN,
            True,
            None,
            True,
            0,
            f"https://www.gov.kz/memleket/entities/{slug}/press/news/details/{code}",
        )
        for slug, first, count in ((KNOWN, 1_000_001, NEWEST), (UNKNOWN, 1_200_001, 2))
        for code in range(first, first + count)
    ]
    assert desk.ask("select kind from dim_publisher where slug = 'qyzylorda-turizm'")[0][0]
    texts = desk.ask("select origin, count(*) from dim_text group by 1 order by 1")
    assert texts == [("digest", 1), ("portal", 3 * (NEWEST + 2))]
    assert desk.ask("select count(*), count(first_listed_date_key) from fact_release") == [(NEWEST + 3, 1)]
    assert desk.ask("select count(*) from mart_release") == [(NEWEST + 3,)]
    assert desk.ask("select status, checks_failed from load_run where kind = 'discover'") == [("loaded", 0)]
    assert "failed" not in desk.press_here("check")


def test_without_a_slug_all_known_publishers_are_asked(desk: PortalDesk) -> None:
    desk.press_here("discover", "--as-of", AT, "--limit", 1)
    [(publishers,)] = desk.ask("select count(*) from dim_publisher where not contains(slug, '.')")
    assert {asked.slug for asked in desk.portal.requests()} >= {"transport", KNOWN}
    assert len({asked.slug for asked in desk.portal.requests()}) == publishers


def test_it_can_be_the_first_thing_that_fills_a_warehouse(tmp_path: Path) -> None:
    with Portal(invent_releases(2, slug=KNOWN)) as portal:
        desk = PortalDesk.at(tmp_path, portal)
        desk.press_here("discover", "--as-of", AT)
        asked = {asked.slug for asked in portal.requests()}
    assert asked == {slug for (slug,) in desk.ask("select slug from dim_publisher where not contains(slug, '.')")}
    assert len(asked) > 50
    assert desk.ask("select publisher_slug, count(*) from mart_release group by 1") == [(KNOWN, 2)]


def test_a_limit_and_a_day_narrow_what_is_listed(desk: PortalDesk) -> None:
    desk.discover(AT, KNOWN, limit=2)
    newest = [str(1_000_000 + NEWEST - number) for number in (1, 0)]
    codes = "select release_code from fact_release where listing_count = 0 order by 1"
    assert [code for (code,) in desk.ask(codes)] == newest
    assert len(desk.portal.requests()) == 3
    desk.portal.releases |= invent_releases(120, slug="economy", first=1_300_001)
    desk.portal.log.clear()
    desk.discover(AT, "economy", since="2025-07-02")
    assert [asked.page for asked in desk.portal.requests()] == [1] * 3
    desk.portal.log.clear()
    desk.discover(AT, "economy", since="2025-07-01")
    assert [asked.page for asked in desk.portal.requests()] == [1, 2, 3, 4] * 3
    assert desk.ask("select count(*) from mart_release where publisher_slug = 'economy'") == [(120,)]


@pytest.mark.parametrize(
    ("arguments", "message"), [(("--since", "spring"), "spring"), (("--limit", 0), "--limit is 0")]
)
def test_wishes_that_make_no_sense_are_refused(desk: PortalDesk, arguments: tuple[object, ...], message: str) -> None:
    assert message in desk.press_here("discover", "--publisher", KNOWN, *arguments, status=2)
    assert desk.portal.log == []


def test_a_digest_that_lists_a_discovered_release_joins_it(desk: PortalDesk) -> None:
    desk.discover(AT, KNOWN, limit=1)
    code = str(1_000_000 + NEWEST)
    item = Item(code, slug="economy", listed="21.07.2025")
    desk.load_digest(item, as_of="2025-07-21T12:00:00Z")
    assert desk.ask(
        f"select publisher_slug, first_listed_date::varchar, listing_count, body, first_seen_at < '2025-07-21' "
        f"from mart_release where release_code = '{code}'"
    ) == [("economy", "2025-07-21", 1, MEETING, True)]
    assert desk.ask("select count(*) from fact_edit") == [(0,)]


def test_a_discovered_release_is_visited_when_it_is_due(desk: PortalDesk) -> None:
    desk.discover(AT, KNOWN)
    desk.visit("2025-07-20T08:00:00Z", publishers=[KNOWN])
    assert desk.portal.requests("html") == []
    assert {asked.code for asked in desk.portal.requests()} == {None}
    desk.visit("2025-07-21T08:00:00Z", publishers=[KNOWN])
    codes = {str(1_000_001 + number) for number in range(NEWEST)}
    assert {asked.code for asked in desk.portal.requests()} == {None, *codes}
    assert desk.ask("select count(*) from fact_edit") == [(0,)]
    # The list and the page said the same.
    assert desk.outcomes("visit_outcome") == {"ok": 3 * NEWEST, "unchanged": 3 * NEWEST}


def test_an_empty_warehouse_can_begin_with_what_the_portal_lists(desk: PortalDesk) -> None:
    empty = PortalDesk(desk.desk.another("empty"), desk.portal)
    empty.discover(AT, KNOWN)
    assert empty.ask("select count(*), bool_and(publisher_is_known) from mart_release") == [(NEWEST, True)]


def test_a_list_that_fails_is_a_row_without_a_release(desk: PortalDesk) -> None:
    desk.portal.misbehave("status", status=504)
    run = desk.discover(AT, KNOWN)
    assert desk.ask("select distinct purpose, outcome, release_key, http_status from fact_fetch") == [
        ("list", "transport_error", None, 504)
    ]
    assert run.tally.left + run.tally.visits == 3
    assert desk.ask("select count(*) from fact_release") == [(1,)]


def test_lists_with_odd_items_give_what_can_be_read(desk: PortalDesk) -> None:
    releases = desk.portal.releases
    releases["1000001"].texts["ru"].title = ""
    releases["1000002"].texts["ru"].title = "\x1b[31mred\x07 <script>alert(1)</script>"
    desk.discover(AT, KNOWN, limit=NEWEST)
    assert desk.ask("select count(*) from dim_text where origin = 'portal'") == [(3 * NEWEST - 1,)]
    assert desk.ask("select count(*) from fact_release where release_code = '1000001'") == [(1,)]
    assert CODE in {code for (code,) in desk.ask("select release_code from fact_release")}
