"""The digest's text beside the page: other releases' bodies, beginnings, and topics that a release had."""

from pathlib import Path

import pytest

from tests.desk.digests import MEETING, Item
from tests.desk.portal_desk import CODE, PortalDesk, one_release, rows_of
from tests.desk.portal_releases import Text
from warehouse.compare.edits import Text as Said
from warehouse.compare.relation import relate
from warehouse.runs.pages import replay

PATTERN = (
    "The Minister of Transport held a meeting on the state of the roads of {region} region on May {day}. {present} "
    "representatives took part and discussed spending of {sum} billion tenge. The minutes will be published on the "
    "portal Open Government. The akim of the region reported on repairs."
)
KOSTANAY = PATTERN.format(region="Kostanay", day=16, present=45, sum=3)
AKTOBE = PATTERN.format(region="Aktobe", day=18, present=61, sum=8)
A, B = "990844", "990845"
TITLES = {A: "Roads of Kostanay region were discussed", B: "Roads of Aktobe region were discussed"}
KINDS = "select release_code, kind from mart_digest_vs_portal order by 1"


def swapped(slug: str = "transport", code: str = B) -> tuple[Item, Item]:
    """The newspaper printed the body of the second under the title of the first, too."""
    return Item(A, title=TITLES[A], body=AKTOBE), Item(code, title=TITLES[B], body=AKTOBE, slug=slug)


def tell(desk: PortalDesk, code: str, title: str, body: str) -> None:
    desk.portal.releases[code].texts["en"] = Text(title, [body])


@pytest.mark.parametrize("order", [(A, B), (B, A)])
def test_another_releases_body_is_known_by_its_page_whichever_comes_first(
    tmp_path: Path, order: tuple[str, str]
) -> None:
    with one_release(tmp_path, *swapped()) as desk:
        tell(desk, A, TITLES[A], KOSTANAY)
        tell(desk, B, TITLES[B], AKTOBE)
        for day, code in enumerate(order, start=1):
            desk.visit(f"2025-06-0{day}T06:00:00Z", "all", languages=["en"], releases=[int(code)])
            if code == order[0] == A:
                assert desk.ask(KINDS) == [(A, "different")]
        assert desk.ask(KINDS) == [(A, "other_release"), (B, "same")]
        rows = rows_of(desk)
        replay(desk.desk.settings)
        assert rows_of(desk) == rows
        # Where the page says something else by now, nothing shows that the body is its own.
        tell(desk, B, TITLES[B], AKTOBE.replace("Aktobe", "Almaty").replace("61", "70"))
        desk.visit("2025-06-05T06:00:00Z", "all", languages=["en"], releases=[int(B)])
        assert desk.ask(KINDS) == [(A, "different"), (B, "different")]


@pytest.mark.parametrize(("slug", "code"), [("mfa", B), ("transport", "890844")])
def test_a_page_of_another_publisher_or_time_is_not_looked_at(tmp_path: Path, slug: str, code: str) -> None:
    with one_release(tmp_path, *swapped(slug, code)) as desk:
        tell(desk, A, TITLES[A], KOSTANAY)
        tell(desk, code, TITLES[B], AKTOBE)
        desk.visit("2025-06-01T06:00:00Z", "all", languages=["en"])
        assert dict(desk.ask(KINDS))[A] == "different"


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95, 0.99])
def test_a_beginning_is_shortened_however_little_is_left_out(share: float) -> None:
    words = (MEETING + " " + KOSTANAY + " " + AKTOBE).split()
    page = Said("Roads", " ".join(words))
    begun = " ".join(words[: max(1, int(len(words) * share))])
    assert relate(Said("Roads", begun), page).kind == "shortened"
    assert relate(Said("Roads", begun[:-2] + "…"), page).kind == "shortened"
    assert relate(Said("Roads", " ".join(words[1:])), page).kind == "different"


TOPICS = (
    "select portal_topic_id, is_current from bridge_release_topic inner join dim_topic using (topic_key) order by 1"
)


def test_a_topic_that_the_portal_took_away_is_current_no_more(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        release = desk.portal.releases[CODE]
        before = list(release.directions)
        desk.visit("2025-06-01T06:00:00Z", "all")
        assert desk.ask(TOPICS) == [("77", True)]
        release.directions = [("78", {"kk": "Білім", "ru": "Образование", "en": "Education"})]
        desk.visit("2025-06-02T06:00:00Z", "all")
        assert desk.ask(TOPICS) == [("77", False), ("78", True)]
        release.directions = []
        desk.visit("2025-06-03T06:00:00Z", "all")
        assert desk.ask(TOPICS) == [("77", False), ("78", False)]
        release.directions = before
        desk.visit("2025-06-04T06:00:00Z", "all")
        assert desk.ask(TOPICS) == [("77", True), ("78", False)]
        rows = rows_of(desk)
        replay(desk.desk.settings)
        assert rows_of(desk) == rows


def test_a_route_that_tells_no_topics_takes_none_away(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        desk.visit("2025-06-01T06:00:00Z", "all")
        desk.portal.misbehave("ticket", route="graphql")
        desk.portal.releases[CODE].texts["ru"].paragraphs[0] = "Изменено."
        desk.visit("2025-06-02T06:00:00Z", "all")
        assert desk.ask(TOPICS) == [("77", True)]
