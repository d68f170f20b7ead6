"""One text under many releases is the site's: learnt from what was fetched, the same in every order of reading."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.digests import Item
from tests.desk.portal_desk import PortalDesk, one_release, rows_of
from warehouse.portal.visits.site_texts import MANY
from warehouse.runs.pages import replay

ITEMS = tuple(Item(str(990_800 + number)) for number in range(MANY + 1))
SITE = (
    "<html><body><h1>Открытый портал</h1><div>13 июля 2026 17:29</div><div>Количество просмотров: 61</div>"
    "<p>Всё о работе государства.</p><h3>Читайте также</h3></body></html>"
).encode()
OUTCOMES = """
select first_outcome, outcome, count(*) from fact_fetch
where route = 'html' and requested_at >= '2025-06-02' group by all order by all
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalDesk]:
    """Releases that were read well on their pages; GraphQL refuses."""
    with one_release(tmp_path_factory.mktemp("site"), *ITEMS) as desk:
        desk.portal.misbehave("ticket", route="graphql")
        look(desk, 1)
        yield desk


def look(desk: PortalDesk, day: int) -> None:
    desk.visit(f"2025-06-{day:02}T06:00:00Z", "all", languages=["ru"])


def show_site(desk: PortalDesk, *codes: str) -> None:
    desk.portal.misbehave(
        "status", status=200, body=SITE, kind="text/html; charset=utf-8", when=lambda request: request.code in codes
    )


def test_what_few_releases_show_may_be_theirs_and_what_many_do_is_not(desk: PortalDesk) -> None:
    before = desk.ask("select * from dim_text where is_current order by all")
    codes = [item.code for item in ITEMS]
    show_site(desk, *codes[: MANY - 1])
    look(desk, 2)
    assert desk.ask(OUTCOMES) == [("ok", "ok", MANY - 1), ("unchanged", "unchanged", 2)]
    assert desk.ask("select count(*) from fact_edit") == [(MANY - 1,)]
    show_site(desk, *codes)
    look(desk, 3)
    # From the fourth page on the visit knew that it was the site's, and asked the route behind it.
    assert desk.ask("select count(*) from fact_fetch where route = 'rest' and requested_at >= '2025-06-02'") == [(2,)]
    assert desk.ask(OUTCOMES) == [
        ("not_the_release", "not_the_release", 2),
        ("ok", "not_the_release", MANY - 1),
        ("unchanged", "not_the_release", MANY - 1),
        ("unchanged", "unchanged", 2),
    ]
    assert desk.ask("select count(*) from fact_edit") == [(0,)]
    assert desk.ask("select * from dim_text where is_current order by all") == before
    desk.portal.behave()
    desk.portal.misbehave("ticket", route="graphql")
    look(desk, 4)
    assert desk.ask("select * from dim_text where is_current order by all") == before
    rows = rows_of(desk)
    replay(desk.desk.settings, "2025-06-05T06:00:00Z")
    assert rows_of(desk) == rows


def test_a_text_that_json_names_as_the_releases_is_theirs(tmp_path: Path) -> None:
    with one_release(tmp_path, *ITEMS) as desk:
        for release in desk.portal.releases.values():
            release.texts["ru"].title = "Об одном и том же"
            release.texts["ru"].paragraphs = ["Этот текст напечатали все."]
        look(desk, 1)
        desk.portal.misbehave("ticket", route="graphql")
        look(desk, 2)
        assert desk.outcomes() == {"ok": len(ITEMS), "refused": 1, "unchanged": len(ITEMS)}
