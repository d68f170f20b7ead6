"""What a digest leaves out it says nothing about: titles that are listed alone, and days that cannot be."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.desk.digests import MEETING, MEETING_EDITED, MEETING_RU, Item, digest
from tests.desk.portal_desk import CODE, one_release
from tests.desk.warehouse import Desk

TITLE, NEW_TITLE = "Roads were discussed", "Roads of the region are good"
TITLE_RU = "В министерстве обсудили дороги региона"

Version = tuple[str, str | None, str]
HEADLINES: dict[str, tuple[Sequence[Item], Sequence[Version]]] = {
    "a new title stands over the body that stood": (
        [Item("1", MEETING, TITLE, "20.05.2025"), Item("1", None, NEW_TITLE, "21.05.2025")],
        [(TITLE, MEETING, "20.05.2025"), (NEW_TITLE, MEETING, "21.05.2025")],
    ),
    "the new title and the body listed as one later are no other version": (
        [
            Item("2", MEETING, TITLE, "20.05.2025"),
            Item("2", None, NEW_TITLE, "21.05.2025"),
            Item("2", MEETING, NEW_TITLE, "22.05.2025"),
        ],
        [(TITLE, MEETING, "20.05.2025"), (NEW_TITLE, MEETING, "21.05.2025")],
    ),
    "a new title on a day that gives the text in full adds nothing": (
        [Item("3", MEETING, TITLE, "20.05.2025"), Item("3", None, NEW_TITLE, "20.05.2025")],
        [(TITLE, MEETING, "20.05.2025")],
    ),
    "a title that changed and a body that changed later are two versions": (
        [
            Item("4", MEETING, TITLE, "20.05.2025"),
            Item("4", None, NEW_TITLE, "21.05.2025"),
            Item("4", MEETING_EDITED, NEW_TITLE, "22.05.2025"),
        ],
        [(TITLE, MEETING, "20.05.2025"), (NEW_TITLE, MEETING, "21.05.2025"), (NEW_TITLE, MEETING_EDITED, "22.05.2025")],
    ),
    "before the first body a title stands alone": (
        [Item("5", None, NEW_TITLE, "20.05.2025"), Item("5", MEETING, TITLE, "21.05.2025")],
        [(NEW_TITLE, None, "20.05.2025"), (TITLE, MEETING, "21.05.2025")],
    ),
    "a title in a language of its own is a text of its own": (
        [Item("6", MEETING, TITLE, "20.05.2025"), Item("6", None, TITLE_RU, "21.05.2025")],
        [(TITLE, MEETING, "20.05.2025"), (TITLE_RU, None, "21.05.2025")],
    ),
    "of two languages a title speaks of the text that has it": (
        [
            Item("7", MEETING, TITLE, "20.05.2025"),
            Item("7", MEETING_RU, TITLE_RU, "20.05.2025"),
            Item("7", None, TITLE_RU, "21.05.2025"),
            Item("7", None, NEW_TITLE, "21.05.2025"),
        ],
        [(TITLE, MEETING, "20.05.2025"), (TITLE_RU, MEETING_RU, "20.05.2025"), (NEW_TITLE, MEETING, "21.05.2025")],
    ),
    "a title whose language cannot be told speaks of the text there is": (
        [Item("8", MEETING, TITLE, "20.05.2025"), Item("8", None, "2025", "21.05.2025")],
        [(TITLE, MEETING, "20.05.2025"), ("2025", MEETING, "21.05.2025")],
    ),
    "a title whose language cannot be told and that comes first begins the text": (
        [Item("9", None, "2025", "20.05.2025"), Item("9", MEETING, TITLE, "21.05.2025")],
        [("2025", None, "20.05.2025"), (TITLE, MEETING, "21.05.2025")],
    ),
    "a text in another language than its title is spoken of by its title": (
        [Item("10", MEETING_RU, TITLE, "20.05.2025"), Item("10", None, TITLE, "21.05.2025")],
        [(TITLE, MEETING_RU, "20.05.2025")],
    ),
}


@pytest.fixture(scope="module")
def headlines(tmp_path_factory: pytest.TempPathFactory) -> list[Desk]:
    """The same items, one digest for the first, the second and so on of each story, in every order of arrival."""
    desk = Desk.at(tmp_path_factory.mktemp("headlines"))
    longest = max(len(items) for items, _ in HEADLINES.values())
    paths = [
        desk.write(f"{place}.txt", digest(*(items[place] for items, _ in HEADLINES.values() if place < len(items))))
        for place in range(longest)
    ]
    in_order, backwards = desk.another("in-order"), desk.another("backwards")
    for warehouse, order in ((in_order, paths), (backwards, [*reversed(paths)])):
        for number, path in enumerate(order, start=1):
            warehouse.load(path, as_of=f"2025-06-0{number}T06:00:00Z")
    return [in_order, backwards]


@pytest.mark.parametrize("what", HEADLINES)
def test_a_title_alone(headlines: list[Desk], what: str) -> None:
    code = str(list(HEADLINES).index(what) + 1)
    for desk in headlines:
        assert desk.ask(
            f"""
            select title, body, strftime(valid_from, '%d.%m.%Y') from dim_text
            where release_key = {code} order by valid_from, version_no, language_key = (
                select language_key from dim_language where code = 'ru'
            )
            """
        ) == list(HEADLINES[what][1])


def test_a_title_alone_never_takes_a_body_away(headlines: list[Desk]) -> None:
    for desk in headlines:
        assert desk.ask("select release_code from fact_release where not has_body") == []
        assert desk.ask("select distinct kind from fact_edit where list_contains(kinds, 'body_removed')") == []


def test_an_edit_of_a_title_alone_names_the_listing_that_says_it(headlines: list[Desk]) -> None:
    for desk in headlines:
        [(kind, changed, evidence)] = desk.ask(
            "select kind, changed, evidence from mart_edits where release_code = '1'"
        )
        assert kind == "wording"
        assert "[-were discussed-]" in changed
        assert "/1.txt, archive/digests/" in evidence


def test_a_content_that_only_was_put_together_goes_when_a_late_digest_makes_it_needless(desk: Desk) -> None:
    items = [
        Item(CODE, MEETING, TITLE, "20.05.2025"),
        Item(CODE, None, NEW_TITLE, "22.05.2025"),
        Item(CODE, MEETING_EDITED, TITLE, "21.05.2025"),
    ]
    for number, item in enumerate(items):
        desk.load(desk.write(f"{number}.txt", digest(item)), as_of=f"2025-06-0{number + 1}T06:00:00Z")
    contents = desk.ask("select title, body from text_content order by all")
    assert contents == sorted(
        [(TITLE, MEETING), (TITLE, MEETING_EDITED), (NEW_TITLE, MEETING_EDITED), (NEW_TITLE, None)],
        key=lambda content: (content[0], content[1] is None, content[1] or ""),
    )


def test_a_mistyped_year_is_kept_and_named_and_dates_nothing(desk: Desk) -> None:
    right, wrong = Item(CODE, MEETING, listed="21.05.2025"), Item(CODE, MEETING_EDITED, listed="21.05.2052")
    only_wrong = Item("997845", MEETING, listed="22.06.2025")
    desk.load(desk.write("1.txt", digest(right, wrong, only_wrong)), as_of="2025-05-21T12:00:00Z")
    assert desk.ask(f"select body, is_current from dim_text where release_key = {CODE}") == [(MEETING, True)]
    assert desk.ask("select listed_date_key, is_day_plausible from fact_listing order by byte_start") == [
        (20250521, True), (20520521, False), (20250622, False),
    ]  # fmt: skip
    assert desk.ask(
        "select release_code, first_listed_date_key, last_listed_date_key, has_body from fact_release order by 1"
    ) == [(CODE, 20250521, 20250521, True), ("997845", None, None, True)]
    found = desk.ask("select outcome, offending from check_outcome where check_name = 'possible_days'")
    assert found == [("warned", 2)]


@pytest.mark.parametrize("created", ["2052-05-20T06:00:00Z", "2005-01-01T00:00:00Z"])
def test_a_portals_day_that_cannot_be_is_kept_and_named_and_dates_nothing(tmp_path: Path, created: str) -> None:
    with one_release(tmp_path) as desk:
        release = desk.portal.releases[CODE]
        right, release.created = release.created, created
        desk.visit("2025-06-01T06:00:00Z", languages=["ru"])
        assert desk.ask("select published_at is null from fact_release") == [(True,)]
        assert desk.ask("select distinct published_at::date::varchar from fact_fetch") == [(created[:10],)]
        assert desk.ask(
            "select arg_max(outcome, changed_at) from check_outcome where check_name = 'possible_days'"
        ) == [("warned",)]
        release.created = right
        desk.visit("2025-06-03T06:00:00Z", "all", languages=["ru"])
        assert desk.ask("select published_at::date::varchar from fact_release") == [(right[:10],)]
