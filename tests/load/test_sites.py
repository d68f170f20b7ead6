"""Releases of the government's other sites: loaded with a publisher, and never asked for or missing."""

import pytest

from tests.desk.digests import Item, digest
from tests.desk.warehouse import Desk, read_only
from warehouse.clock import utc
from warehouse.portal.visits.plan import Wishes, plan_visits

FROM_SITE = """Law
The government discussed the harvest {day}
{body}
Source : {url}
"""
CODE = "primeminister.kz/en/news/29915"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk.at(tmp_path_factory.mktemp("sites"))
    first = FROM_SITE.format(day="21.05.2025", body="", url="https://primeminister.kz/en/news/29915")
    later = FROM_SITE.format(
        day="22.05.2025", body="The harvest was good.", url="http://www.primeminister.kz/en/news/29915/?utm_source=tg"
    )
    only_titles = "\n".join(
        FROM_SITE.format(day="22.05.2025", body="", url=f"https://akorda.kz/en/events/{n}") for n in range(6)
    )
    desk.load(desk.write("first.txt", first))
    desk.load(desk.write("later.txt", later), desk.write("titles.txt", only_titles))
    desk.load(desk.write("portal.txt", digest(Item("997786", body=None))))
    return desk


def test_a_release_of_another_site_is_one_release_with_its_publisher_however_its_url_is_written(desk: Desk) -> None:
    question = f"""
        select release_code, portal_id, url, publisher, is_on_portal, listing_count, body from mart_release
        where release_code = '{CODE}'
    """
    url = "http://www.primeminister.kz/en/news/29915/?utm_source=tg"
    assert desk.ask(question) == [(CODE, None, url, "Prime Minister of Kazakhstan", False, 2, "The harvest was good.")]
    assert desk.ask("select count(*) from rejected_record") == [(0,)]


def test_no_page_of_another_site_is_planned_or_counted_as_missing(desk: Desk) -> None:
    with read_only(desk.settings.warehouse) as con:
        for wishes in (Wishes("all"), Wishes("missing"), Wishes("all", publishers=["akorda.kz"])):
            plan = plan_visits(con, utc("2025-07-01T06:00:00Z"), wishes)
            assert {visit.target.code for visit in plan.visits} == ({"997786"} if not wishes.publishers else set())
    assert desk.ask("select release_code from mart_missing_bodies") == [("997786",)]
    warned = "select detail from check_outcome where check_name = 'missing_bodies' and outcome <> 'passed'"
    assert desk.ask(warned) == []


def test_a_release_of_another_site_may_be_older_than_the_portal(desk: Desk) -> None:
    site = FROM_SITE.format(day="05.11.2014", body="", url="https://adilet.zan.kz/rus/docs/V1400009900")
    # A path as gov.kz has them is no gov.kz id on another site.
    former = FROM_SITE.format(
        day="21.05.2025", body="", url="https://mfa.gov.kz//memleket/entities/mfa/press/news/details/5/?id=1"
    )
    path = desk.write("old.txt", f"{site}\n{former}\n{digest(Item('5', listed='05.11.2014'))}")
    old = desk.another("old")
    old.load(path)
    assert old.ask("select release_code, first_listed_date_key from fact_release order by 1 desc") == [
        ("mfa.gov.kz/memleket/entities/mfa/press/news/details/5?id=1", 20250521),
        ("adilet.zan.kz/rus/docs/V1400009900", 20141105),
        ("5", None),
    ]
