"""Keys: nobody can choose a text or a slug so that it takes the place of another release's."""

import itertools
from pathlib import Path

import pytest

from tests.desk.digests import Item, digest
from tests.desk.warehouse import Desk
from warehouse.keys import LONGEST_PORTAL_ID, key, slug_key

MEETING = Item("997786", None, "Kazakh military delegation visits defense department in Baku", slug="mod")
PLANS = Item("old-link-2967", None, "The ministry told about the plan of works for the region", slug="mod")
POISON = {
    "a hash of the content, exclusive or the id": (
        MEETING,
        Item("270737990217538", None, "Notice number 18071 of the council", slug="mfa"),
    ),
    "exclusive or of release and language": (
        PLANS,
        Item("739140077198726", None, "Министерство рассказало о плане работ в области", slug="mod"),
    ),
}
"""Two items that had one key when keys were made in the way that the name says."""


@pytest.mark.parametrize("pair", POISON.values(), ids=POISON)
@pytest.mark.parametrize("digests", [1, 2])
def test_a_release_keeps_its_title_whatever_comes_beside_it(
    tmp_path: Path, pair: tuple[Item, Item], digests: int
) -> None:
    desk = Desk.at(tmp_path)
    for number in range(digests):
        desk.load(desk.write(f"{number}.txt", digest(*pair[number::digests])))
    assert desk.ask("select release_code, title from mart_release order by title") == sorted(
        ((item.code, item.title) for item in pair), key=lambda row: row[1]
    )
    assert desk.ask("select count(distinct text_key), count(*), max(version_no) from text_version") == [(2, 2, 1)]


def test_no_slug_has_the_key_of_a_gov_kz_id(tmp_path: Path) -> None:
    slug = next(
        slug for slug in map("old-link-{}".format, itertools.count()) if key("release", slug) < 10**LONGEST_PORTAL_ID
    )
    assert slug_key(slug) > 10**LONGEST_PORTAL_ID
    desk = Desk.at(tmp_path)
    by_id = Item(str(key("release", slug)), title="A release that has the hash of a slug as its id")
    desk.load(desk.write("both.txt", digest(Item(slug, title="A release that an old link names by a slug"), by_id)))
    assert desk.ask("select title from mart_release order by title") == [
        ("A release that an old link names by a slug",),
        ("A release that has the hash of a slug as its id",),
    ]


@pytest.mark.parametrize("letters", [49, 50, 51, 120])
def test_releases_whose_long_slugs_begin_alike_stay_two(tmp_path: Path, letters: int) -> None:
    desk = Desk.at(tmp_path)
    codes = ["%d0%bf" * letters + end for end in ("-one", "-two")]
    desk.load(desk.write("long.txt", digest(*(Item(code, title=f"The release {code[-3:]}") for code in codes))))
    assert desk.ask("select release_code, title, version_count from mart_release order by title") == [
        (code, f"The release {code[-3:]}", 1) for code in codes
    ]


def test_a_slug_too_long_to_be_one_is_rejected_and_never_cut(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    long = [Item("p" * 2000 + end, title="A title of one whose link is too long") for end in ("-one", "-two")]
    run = desk.load(desk.write("long.txt", digest(Item("990844"), *long)))
    assert (run.counts.releases_new, run.rejected) == (1, 2)
