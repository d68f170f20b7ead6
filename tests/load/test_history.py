"""The history of texts and of reference rows: versions, their ranges, and what is no version."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.desk.digests import MEETING, MEETING_EDITED, MEETING_RU, Item, digest
from tests.desk.seeds import edit_seeds
from tests.desk.warehouse import Desk

END = "31.12.9999"
ROADS = Item("997844")


@dataclass(frozen=True)
class Story:
    """What digests said of one release, and the versions that follow.

    `told` holds the load (1, 2 or 3), the day the digest lists the release under, and the body; `versions` hold the
    body, the day from which it stood and the day until which.
    """

    what: str
    told: tuple[tuple[int, str, str | None], ...]
    versions: tuple[tuple[str | None, str, str], ...]


A, B = MEETING, MEETING_EDITED
STORIES = [
    Story(
        "a text listed once has one version without end",
        told=((1, "21.05.2025", A),),
        versions=((A, "21.05.2025", END),),
    ),
    Story(
        "a text listed again unchanged keeps its one version",
        told=((1, "21.05.2025", A), (2, "22.05.2025", A), (3, "23.05.2025", A)),
        versions=((A, "21.05.2025", END),),
    ),
    Story(
        "an edit under a later day ends the version before on that day",
        told=((1, "21.05.2025", A), (2, "23.05.2025", B)),
        versions=((A, "21.05.2025", "23.05.2025"), (B, "23.05.2025", END)),
    ),
    Story(
        "of two texts under one day in two loads the longer is later, too",
        told=((1, "21.05.2025", B), (2, "21.05.2025", A)),
        versions=((A, "21.05.2025", "21.05.2025"), (B, "21.05.2025", END)),
    ),
    Story(
        "an edit back to the first text is a third version",
        told=((1, "21.05.2025", A), (2, "22.05.2025", B), (3, "23.05.2025", A)),
        versions=((A, "21.05.2025", "22.05.2025"), (B, "22.05.2025", "23.05.2025"), (A, "23.05.2025", END)),
    ),
    Story(
        "a day's two texts delivered again are the two they were",
        told=((1, "21.05.2025", A), (1, "21.05.2025", B), (2, "21.05.2025", A), (3, "21.05.2025", B)),
        versions=((A, "21.05.2025", "21.05.2025"), (B, "21.05.2025", END)),
    ),
    Story(
        "a day's two texts listed again under the next day are the two they were",
        told=((1, "21.05.2025", A), (2, "21.05.2025", B), (2, "22.05.2025", A), (3, "22.05.2025", B)),
        versions=((A, "21.05.2025", "21.05.2025"), (B, "21.05.2025", END)),
    ),
    Story(
        "a late digest slots in between two listings of one text",
        told=((1, "21.05.2025", A), (2, "23.05.2025", A), (3, "22.05.2025", B)),
        versions=((A, "21.05.2025", "22.05.2025"), (B, "22.05.2025", "23.05.2025"), (A, "23.05.2025", END)),
    ),
    Story(
        "a late digest from before all others is the first version",
        told=((1, "21.05.2025", B), (2, "01.05.2025", A)),
        versions=((A, "01.05.2025", "21.05.2025"), (B, "21.05.2025", END)),
    ),
    Story(
        "a late digest that says the same from an earlier day makes the version begin earlier",
        told=((1, "21.05.2025", A), (2, "01.05.2025", A)),
        versions=((A, "01.05.2025", END),),
    ),
    Story(
        "of two texts under one day in one load the longer is later",
        told=((1, "21.05.2025", B), (1, "21.05.2025", A)),
        versions=((A, "21.05.2025", "21.05.2025"), (B, "21.05.2025", END)),
    ),
    Story(
        "a title alone under the same day says nothing about the body",
        told=((1, "21.05.2025", A), (1, "21.05.2025", None)),
        versions=((A, "21.05.2025", END),),
    ),
    Story(
        "a title alone under a later day says nothing about the body",
        told=((1, "21.05.2025", A), (2, "22.05.2025", None)),
        versions=((A, "21.05.2025", END),),
    ),
    Story(
        "a title alone that came before the body of an earlier day says nothing about it",
        told=((1, "22.05.2025", None), (2, "21.05.2025", A), (3, "23.05.2025", B)),
        versions=((A, "21.05.2025", "23.05.2025"), (B, "23.05.2025", END)),
    ),
    Story(
        "a day that cannot be is no version beside one that can",
        told=((1, "21.05.2052", B), (2, "21.05.2025", A), (3, "21.05.2005", B)),
        versions=((A, "21.05.2025", END),),
    ),
    Story(
        "under a day that cannot be alone a text stands since it was first seen",
        told=((2, "21.05.2052", A), (3, "21.05.2026", A)),
        versions=((A, "02.06.2025", END),),
    ),
    Story(
        "a body under a day that cannot be stands below the title of one that can",
        told=((1, "21.05.2052", A), (2, "21.05.2025", None)),
        versions=((A, "21.05.2025", END),),
    ),
    Story(
        "a body that appears later is a version",
        told=((1, "21.05.2025", None), (2, "22.05.2025", A)),
        versions=((None, "21.05.2025", "22.05.2025"), (A, "22.05.2025", END)),
    ),
]
CODES = {story.what: str(990001 + number) for number, story in enumerate(STORIES)}

SINGLES = {
    "two sections": digest(replace(ROADS, code="997001", listed="22.05.2025"), section="Economy"),
    "law": digest(
        replace(ROADS, code="997001"),
        replace(ROADS, code="997002", slug="maidd", listed="22.05.2025"),
        replace(ROADS, code="roads-of-the-region-2020"),
        replace(ROADS, code="ROADS-of-the-region-2020"),
        replace(ROADS, code="997003"),
        replace(ROADS, code="000997003"),
        replace(ROADS, code="997004"),
        replace(ROADS, code="997005", body="Reprinted: the roads of the region are good."),
        replace(ROADS, code="997006", body="Reprinted: the roads of the region are good."),
        replace(ROADS, code="997007", slug="mfa-tokyo"),
    ),
    "later": digest(
        replace(ROADS, code="997002", slug="mdai"),
        replace(
            ROADS,
            code="997004",
            title="В министерстве обсудили дороги региона",
            body=MEETING_RU,
            listed="22.05.2025",
        ),
        section=None,
    ),
    "odd": digest(replace(ROADS, code="997008", slug="nobody-knows-it"), section="Gardening"),
}


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A warehouse into which all stories were told, in three loads."""
    folder = tmp_path_factory.mktemp("history")
    desk = Desk.at(folder)
    singles = {name: desk.write(f"{name}.txt", text) for name, text in SINGLES.items()}
    extra = {1: [singles["law"], singles["two sections"]], 2: [singles["later"]], 3: [singles["odd"]]}
    for load in (1, 2, 3):
        items = [
            replace(ROADS, code=CODES[story.what], listed=listed, body=body)
            for story in STORIES
            for told, listed, body in story.told
            if told == load
        ]
        desk.load(desk.write(f"{load}.txt", digest(*items)), *extra[load], as_of=f"2025-06-0{load}T06:00:00Z")
    return desk


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.what)
def test_versions(history: Desk, story: Story) -> None:
    found = history.ask(
        f"""
        select body, strftime(valid_from, '%d.%m.%Y'), strftime(valid_to, '%d.%m.%Y')
        from dim_text where release_key = {CODES[story.what]} order by version_no
        """
    )
    assert found == list(story.versions)


def test_the_numbers_of_a_texts_versions_rise_from_one(history: Desk) -> None:
    numbers = history.ask("select list(version_no order by valid_from) from dim_text group by text_key")
    assert all(found == list(range(1, len(found) + 1)) for (found,) in numbers)


def test_exactly_one_version_of_a_text_is_current_and_it_has_no_end(history: Desk) -> None:
    counted = history.ask("select distinct count(*) filter (is_current) from dim_text group by text_key")
    assert counted == [(1,)]
    assert history.ask("select distinct valid_to::varchar from dim_text where is_current") == [("9999-12-31 00:00:00",)]


def test_ranges_are_adjacent_and_never_empty(history: Desk) -> None:
    for (ranges,) in history.ask(
        "select list([valid_from, valid_to] order by version_no) from dim_text group by text_key"
    ):
        assert [end for _, end in ranges[:-1]] == [start for start, _ in ranges[1:]]
        assert all(start < end for start, end in ranges)


@pytest.mark.parametrize("moment", ["2025-05-21", "2025-05-21 00:00:00.000001", "2025-05-22", "2026-01-01"])
def test_ranges_are_half_open_so_at_any_moment_a_text_has_one_version(history: Desk, moment: str) -> None:
    of_stories = "release_key between 990001 and 990999"
    valid = f"valid_from <= timestamp '{moment}' and timestamp '{moment}' < valid_to and {of_stories}"
    begun = f"valid_from <= timestamp '{moment}' and {of_stories}"
    assert history.ask(f"select count(*), count(distinct text_key) from dim_text where {valid}") == history.ask(
        f"select count(distinct text_key), count(distinct text_key) from dim_text where {begun}"
    )


def test_a_content_is_kept_once_however_often_it_stood(history: Desk) -> None:
    code = CODES["an edit back to the first text is a third version"]
    assert history.ask(f"select count(*) from text_content where release_key = {code}") == [(2,)]
    assert history.ask(f"select version_count from fact_release where release_key = {code}") == [(3,)]


def test_a_late_digest_moves_the_first_day_of_a_release(history: Desk) -> None:
    code = CODES["a late digest from before all others is the first version"]
    assert history.ask(
        f"select first_listed_date_key, last_listed_date_key from fact_release where release_key = {code}"
    ) == [(20250501, 20250521)]


def test_a_release_without_body_in_one_of_two_listings_has_a_body(history: Desk) -> None:
    code = CODES["a title alone under the same day says nothing about the body"]
    assert history.ask(f"select has_body, listing_count from fact_release where release_key = {code}") == [(True, 2)]


def test_absence_from_later_digests_is_no_deletion(history: Desk) -> None:
    code = CODES["a text listed once has one version without end"]
    assert history.ask(f"select listing_count from fact_release where release_key = {code}") == [(1,)]
    assert history.ask(f"select is_current from dim_text where release_key = {code}") == [(True,)]


def test_a_release_in_two_sections_is_one_release_with_two_listings(history: Desk) -> None:
    assert history.ask("select listing_count, version_count from fact_release where release_key = 997001") == [(2, 1)]
    assert history.ask(
        """
        select name from fact_listing inner join dim_section using (section_key)
        where release_key = 997001 order by listed_date_key
        """
    ) == [("Law",), ("Economy",)]


def test_a_renamed_slug_is_the_same_release_of_the_publisher_of_the_latest_listing(history: Desk) -> None:
    assert history.ask(
        """
        select slug, listing_count, version_count
        from fact_release inner join dim_publisher using (publisher_key) where release_key = 997002
        """
    ) == [("maidd", 2, 1)]


def test_a_text_slug_identifies_a_release_in_any_case_and_has_no_portal_id(history: Desk) -> None:
    assert history.ask("select release_code, listing_count from fact_release where portal_id is null") == [
        ("roads-of-the-region-2020", 2)
    ]


def test_leading_zeros_do_not_make_another_release(history: Desk) -> None:
    assert history.ask("select release_code, portal_id, listing_count from fact_release where portal_id = 997003") == [
        ("997003", 997003, 2)
    ]


def test_a_translation_is_another_text_and_never_an_edit(history: Desk) -> None:
    assert history.ask(
        """
        select code, version_no, is_current
        from dim_text inner join dim_language using (language_key) where release_key = 997004 order by code
        """
    ) == [("en", 1, True), ("ru", 1, True)]


def test_a_reprint_under_another_id_is_another_text_with_the_same_hash(history: Desk) -> None:
    assert history.ask(
        """
        select count(*), count(distinct text_key), count(distinct content_sha256), count(*) filter (is_current)
        from dim_text where release_key in (997005, 997006)
        """
    ) == [(2, 2, 1, 2)]


def test_an_unknown_publisher_and_section_load_as_unknown_and_are_counted(history: Desk) -> None:
    assert history.ask("select is_known, name_en from dim_publisher where slug = 'nobody-knows-it'") == [(False, None)]
    assert history.ask("select is_known from dim_section where name = 'Gardening'") == [(False,)]
    assert history.runs()[-1]["checks_warned"] >= 1


def test_a_slug_of_a_known_family_is_inferred_yet_unknown(history: Desk) -> None:
    [(kind, is_known)] = history.ask("select kind, is_known from dim_publisher where slug = 'mfa-tokyo'")
    assert (kind != "unknown", is_known) == (True, False)


def test_listings_under_no_header_stand_in_a_section_named_none(history: Desk) -> None:
    assert history.ask(
        """
        select count(*), any_value(is_known)
        from fact_listing inner join dim_section using (section_key) where name = '(none)'
        """
    ) == [(2, False)]


def with_seeds(desk: Desk, seeds: Path) -> Desk:
    return replace(desk, settings=desk.settings.model_copy(update={"seeds": seeds}))


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A warehouse whose reference rows changed between two loads of one digest, and again at the second's moment."""
    folder = tmp_path_factory.mktemp("renamed")
    desk = Desk.at(folder)
    path = desk.write("law.txt", digest(ROADS, replace(ROADS, slug="nobody-knows-it"), section="Gardening"))
    assert desk.load(path, as_of="2025-06-01T06:00:00Z").status == "loaded"
    changes = [
        ("publishers.csv", "Ministry of Transport,", "Ministry of Ways,"),
        ("publishers.csv", "\nadilet,", "\nnobody-knows-it,Bureau,Бюро,Бюро,agency,,\nadilet,"),
        ("sections.csv", "\nLaw,", "\nGardening,section,\nLaw,"),
        ("regions.csv", "Abai Region", "Abay Region"),
    ]
    desk = with_seeds(desk, edit_seeds(folder / "seeds", *changes))
    report = desk.load(path, as_of="2025-06-02T06:00:00Z")
    assert report.status == "loaded", "changed reference rows are loaded though the digest is known"
    changes[0] = ("publishers.csv", "Ministry of Transport,", "Ministry of Roads,")
    desk = with_seeds(desk, edit_seeds(folder / "seeds-again", *changes))
    assert desk.load(path, as_of="2025-06-02T06:00:00Z").status == "loaded"
    return desk


def test_a_changed_name_of_a_publisher_keeps_the_old_one_in_its_history(renamed: Desk) -> None:
    assert renamed.ask(
        """
        select name_en, valid_from::varchar, valid_to::varchar, is_current
        from dim_publisher_history where slug = 'transport' order by valid_from
        """
    ) == [
        ("Ministry of Transport", "2025-06-01 06:00:00", "2025-06-02 06:00:00", False),
        ("Ministry of Roads", "2025-06-02 06:00:00", "9999-12-31 00:00:00", True),
    ], "of two names said at one moment the one loaded last stands"


def test_the_present_name_of_a_publisher_is_the_last_one(renamed: Desk) -> None:
    assert renamed.ask("select name_en from dim_publisher where slug = 'transport'") == [("Ministry of Roads",)]


def test_a_reference_row_for_an_unknown_publisher_makes_it_known_from_then_on(renamed: Desk) -> None:
    assert renamed.ask(
        "select is_known, name_en from dim_publisher_history where slug = 'nobody-knows-it' order by valid_from"
    ) == [(False, None), (True, "Bureau")]


def test_a_reference_row_for_an_unknown_section_makes_it_known(renamed: Desk) -> None:
    assert renamed.ask("select is_known from dim_section where name = 'Gardening'") == [(True,)]


def test_a_changed_name_of_a_region_replaces_the_old_one(renamed: Desk) -> None:
    assert renamed.ask("select name_en from dim_region where iso_code = 'KZ-10'") == [("Abay Region",)]
    assert renamed.ask("select count(*), count(distinct iso_code) from dim_region") == [(20, 20)]


def test_a_load_of_an_earlier_moment_changes_no_region(renamed: Desk) -> None:
    late = with_seeds(
        renamed.another("late-regions"), edit_seeds(renamed.folder / "late", ("regions.csv", "Abai Region", "Old"))
    )
    path = renamed.folder / "law.txt"
    with_seeds(late, renamed.settings.seeds).load(path, as_of="2025-06-02T06:00:00Z")
    assert late.load(path, as_of="2025-05-01T06:00:00Z").status == "loaded"
    assert late.ask("select name_en from dim_region where iso_code = 'KZ-10'") == [("Abay Region",)]


def test_reference_rows_that_did_not_change_have_one_version(renamed: Desk) -> None:
    assert renamed.ask("select count(*) from publisher_version where slug = 'mfa'") == [(1,)]


def test_the_history_of_reference_rows_does_not_depend_on_the_order_of_loads(desk: Desk) -> None:
    plain = desk.settings.seeds
    roads = edit_seeds(desk.folder / "seeds", ("publishers.csv", "Ministry of Transport,", "Ministry of Roads,"))
    loads = [
        (desk.write(f"{day}.txt", digest(replace(ROADS, code=f"99784{day}"))), seeds, f"2025-06-0{day}T06:00:00Z")
        for day, seeds in enumerate([plain, roads, plain], 1)
    ]
    other = desk.another("late")
    for warehouse, order in ((desk, (0, 1, 2)), (other, (2, 0, 1))):
        for path, seeds, as_of in [loads[place] for place in order]:
            with_seeds(warehouse, seeds).load(path, as_of=as_of)
    assert desk.ask("select name_en from dim_publisher_history where slug = 'transport' order by valid_from") == [
        ("Ministry of Transport",),
        ("Ministry of Roads",),
        ("Ministry of Transport",),
    ]
    assert other.dump() == desk.dump()
