"""The history of texts and of reference rows: versions, their ranges, and what is no version."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.conftest import MEETING, MEETING_EDITED, MEETING_RU, Desk, Item, digest

END = "31.12.9999"
ROADS = Item("997844")
EDITED = replace(ROADS, body=MEETING_EDITED)


def load_each(desk: Desk, *listed: tuple[Item, str], start: int = 1) -> None:
    """Load digests of one item each, in June 2025, a day after the other; the text beside an item is the file's name."""
    for day, (item, name) in enumerate(listed, start):
        desk.load(desk.write(f"{name}.txt", digest(item)), as_of=f"2025-06-{day:02}T06:00:00Z")


def test_a_text_listed_once_has_one_version_without_end(desk: Desk) -> None:
    load_each(desk, (ROADS, "first"))
    assert desk.versions() == [(1, MEETING, "21.05.2025", END, True)]


def test_an_edit_under_a_later_day_ends_the_version_before_on_that_day(desk: Desk) -> None:
    load_each(desk, (ROADS, "first"), (replace(EDITED, listed="23.05.2025"), "edited"))
    assert desk.versions() == [
        (1, MEETING, "21.05.2025", "23.05.2025", False),
        (2, MEETING_EDITED, "23.05.2025", END, True),
    ]


def test_an_edit_under_the_same_day_that_is_learnt_of_later_is_the_later_version(desk: Desk) -> None:
    load_each(desk, (EDITED, "first"), (ROADS, "edited"))
    assert [(body, is_current) for _, body, _, _, is_current in desk.versions()] == [
        (MEETING_EDITED, False),
        (MEETING, True),
    ]


def test_ranges_are_half_open_and_adjacent_and_never_empty(desk: Desk) -> None:
    load_each(desk, (ROADS, "first"), (EDITED, "edited"), (replace(ROADS, listed="22.05.2025"), "back"))
    ranges = desk.ask("select valid_from, valid_to, is_current from dim_text order by version_no")
    assert len(ranges) == 3
    assert [end for _, end, _ in ranges[:-1]] == [start for start, _, _ in ranges[1:]]
    assert all(start < end for start, end, _ in ranges)
    assert ranges[-1][1] == datetime(9999, 12, 31)
    assert [is_current for *_, is_current in ranges] == [False, False, True]


def test_every_moment_after_the_first_listing_has_one_version(desk: Desk) -> None:
    load_each(desk, (ROADS, "first"), (EDITED, "edited"), (replace(ROADS, listed="22.05.2025"), "back"))
    moments = ["2025-05-21", "2025-05-21 00:00:00.000001", "2025-05-21 12:00", "2025-05-22", "2026-01-01"]
    for moment in moments:
        valid = f"valid_from <= timestamp '{moment}' and timestamp '{moment}' < valid_to"
        assert desk.ask(f"select count(*) from dim_text where {valid}") == [(1,)], moment


def test_an_edit_back_to_the_first_text_is_a_third_version(desk: Desk) -> None:
    load_each(
        desk,
        (ROADS, "first"),
        (replace(EDITED, listed="22.05.2025"), "edited"),
        (replace(ROADS, listed="23.05.2025"), "back"),
    )
    assert [body for _, body, *_ in desk.versions()] == [MEETING, MEETING_EDITED, MEETING]
    assert desk.ask("select count(*) from text_content") == [(2,)], "a content is kept once"
    assert desk.ask("select version_count from fact_release") == [(3,)]


def test_a_late_digest_slots_in_between(desk: Desk) -> None:
    load_each(desk, (ROADS, "first"), (replace(ROADS, listed="23.05.2025"), "again"))
    assert len(desk.versions()) == 1
    load_each(desk, (replace(EDITED, listed="22.05.2025"), "late"), start=3)
    assert desk.versions() == [
        (1, MEETING, "21.05.2025", "22.05.2025", False),
        (2, MEETING_EDITED, "22.05.2025", "23.05.2025", False),
        (3, MEETING, "23.05.2025", END, True),
    ]


def test_a_late_digest_from_before_all_others_becomes_the_first_version(desk: Desk) -> None:
    load_each(desk, (EDITED, "first"), (replace(ROADS, listed="01.05.2025"), "late"))
    assert desk.versions() == [
        (1, MEETING, "01.05.2025", "21.05.2025", False),
        (2, MEETING_EDITED, "21.05.2025", END, True),
    ]
    assert desk.ask("select first_listed_date_key, last_listed_date_key from fact_release") == [(20250501, 20250521)]


def test_two_contents_under_one_day_in_one_load_are_two_versions_the_longer_later(desk: Desk) -> None:
    desk.load(desk.write("a.txt", digest(EDITED)), desk.write("b.txt", digest(ROADS, section="Economy")))
    assert [(body, is_current) for _, body, _, _, is_current in desk.versions()] == [
        (MEETING, False),
        (MEETING_EDITED, True),
    ]


def test_a_listing_without_body_under_the_same_day_does_not_hide_the_body(desk: Desk) -> None:
    desk.load(desk.write("law.txt", digest(ROADS, replace(ROADS, body=None))))
    assert desk.versions()[-1][1] == MEETING
    assert desk.ask("select has_body, listing_count from fact_release") == [(True, 2)]


def test_a_release_in_two_sections_is_one_release_with_two_listings(desk: Desk) -> None:
    desk.load(
        desk.write("law.txt", digest(ROADS)),
        desk.write("economy.txt", digest(replace(ROADS, listed="22.05.2025"), section="Economy")),
    )
    assert desk.ask("select listing_count, version_count from fact_release") == [(2, 1)]
    assert desk.ask(
        "select dim_section.name from fact_listing inner join dim_section using (section_key) order by listed_date_key"
    ) == [("Law",), ("Economy",)]


def test_a_renamed_slug_is_the_same_release_of_the_publisher_of_the_latest_listing(desk: Desk) -> None:
    load_each(
        desk,
        (replace(ROADS, slug="maidd", listed="22.05.2025"), "new"),
        (replace(ROADS, slug="mdai"), "old"),
    )
    assert desk.ask(
        "select release_code, slug, listing_count from fact_release inner join dim_publisher using (publisher_key)"
    ) == [("997844", "maidd", 2)]
    assert len(desk.versions()) == 1


def test_a_text_slug_identifies_a_release_and_has_no_portal_id(desk: Desk) -> None:
    slug = "roads-of-the-region-2020"
    desk.load(desk.write("old.txt", digest(replace(ROADS, code=slug), replace(ROADS, code=slug.upper()))))
    assert desk.ask("select release_code, portal_id, listing_count from fact_release") == [(slug, None, 2)]


def test_leading_zeros_do_not_make_another_release(desk: Desk) -> None:
    desk.load(desk.write("law.txt", digest(ROADS, replace(ROADS, code="000997844"))))
    assert desk.ask("select release_code, portal_id, listing_count from fact_release") == [("997844", 997844, 2)]


def test_a_translation_is_another_text_and_never_an_edit(desk: Desk) -> None:
    russian = replace(ROADS, title="В министерстве обсудили дороги региона", body=MEETING_RU, listed="22.05.2025")
    load_each(desk, (ROADS, "english"), (russian, "russian"))
    assert desk.ask(
        """
        select code, version_no, is_current
        from dim_text inner join dim_language using (language_key) order by code
        """
    ) == [("en", 1, True), ("ru", 1, True)]
    assert desk.ask("select count(*) from fact_release") == [(1,)]


def test_a_reprint_under_another_id_is_another_text_with_the_same_hash(desk: Desk) -> None:
    desk.load(desk.write("law.txt", digest(ROADS, replace(ROADS, code="997838"))))
    assert desk.ask("select count(*), count(distinct text_key), count(distinct content_sha256) from dim_text") == [
        (2, 2, 1)
    ]
    assert desk.ask("select count(*) from dim_text where is_current") == [(2,)]


def test_absence_from_a_later_digest_is_no_deletion(desk: Desk) -> None:
    load_each(desk, (ROADS, "first"))
    before = desk.ask("from fact_release"), desk.ask("from dim_text")
    load_each(desk, (replace(ROADS, code="997900", listed="22.05.2025"), "next"), start=2)
    after = desk.ask("from fact_release where release_key = 997844"), desk.ask("from dim_text where release_key = 997844")
    assert after == before


def test_an_unknown_publisher_and_section_load_as_unknown_and_are_reported(desk: Desk) -> None:
    path = desk.write("odd.txt", digest(replace(ROADS, slug="nobody-knows-it"), section="Gardening"))
    report = desk.load(path)
    assert report.status == "loaded"
    assert desk.ask("select is_known, name_en from dim_publisher where slug = 'nobody-knows-it'") == [(False, None)]
    assert desk.ask("select is_known from dim_section where name = 'Gardening'") == [(False,)]
    [unknown] = [check for check in report.checks if check.name == "unknown_values"]
    assert (unknown.outcome, unknown.offending) == ("warned", 2)
    assert desk.runs()[-1]["checks_warned"] >= 1


def test_a_slug_of_a_known_family_is_inferred_yet_unknown(desk: Desk) -> None:
    desk.load(desk.write("law.txt", digest(replace(ROADS, slug="mfa-tokyo"))))
    [(kind, is_known)] = desk.ask("select kind, is_known from dim_publisher where slug = 'mfa-tokyo'")
    assert (kind != "unknown", is_known) == (True, False)


def test_listings_under_no_header_stand_in_a_section_named_none(desk: Desk) -> None:
    desk.load(desk.write("bare.txt", digest(ROADS, section=None)))
    assert desk.ask("select name, is_known from fact_listing inner join dim_section using (section_key)") == [
        ("(none)", False)
    ]


def with_seeds(desk: Desk, seeds: Path) -> Desk:
    return replace(desk, settings=replace(desk.settings, seeds=seeds))


def test_a_changed_name_of_a_publisher_keeps_the_old_one_in_its_history(
    desk: Desk, changed_seeds: Callable[..., Path]
) -> None:
    path = desk.write("law.txt", digest(ROADS))
    desk.load(path, as_of="2025-06-01T06:00:00Z")
    renamed = with_seeds(desk, changed_seeds("publishers.csv", "Ministry of Transport,", "Ministry of Roads,"))
    report = renamed.load(path, as_of="2025-06-02T06:00:00Z")
    assert report.status == "loaded", "a changed reference row is loaded though the digest is known"
    assert desk.ask(
        "select name_en, valid_from, valid_to, is_current from dim_publisher_history where slug = 'transport' order by valid_from"
    ) == [
        ("Ministry of Transport", datetime(2025, 6, 1, 6), datetime(2025, 6, 2, 6), False),
        ("Ministry of Roads", datetime(2025, 6, 2, 6), datetime(9999, 12, 31), True),
    ]
    assert desk.ask("select name_en from dim_publisher where slug = 'transport'") == [("Ministry of Roads",)]
    assert desk.ask("select distinct publisher from mart_release") == [("Ministry of Roads",)]


def test_a_reference_row_for_a_publisher_that_was_unknown_makes_it_known(
    desk: Desk, changed_seeds: Callable[..., Path]
) -> None:
    path = desk.write("law.txt", digest(replace(ROADS, slug="nobody-knows-it"), section="Gardening"))
    desk.load(path, as_of="2025-06-01T06:00:00Z")
    seeds = changed_seeds("publishers.csv", "\nadilet,", "\nnobody-knows-it,Bureau,Бюро,Бюро,agency,,\nadilet,")
    with_seeds(desk, seeds).load(path, as_of="2025-06-02T06:00:00Z")
    assert desk.ask(
        "select is_known, name_en from dim_publisher_history where slug = 'nobody-knows-it' order by valid_from"
    ) == [(False, None), (True, "Bureau")]


def test_a_reference_row_for_a_section_that_was_unknown_makes_it_known(
    desk: Desk, changed_seeds: Callable[..., Path]
) -> None:
    path = desk.write("law.txt", digest(ROADS, section="Gardening"))
    desk.load(path, as_of="2025-06-01T06:00:00Z")
    seeds = changed_seeds("sections.csv", "\nLaw,", "\nGardening,section,\nLaw,")
    with_seeds(desk, seeds).load(path, as_of="2025-06-02T06:00:00Z")
    assert desk.ask("select is_known from dim_section where name = 'Gardening'") == [(True,)]


def test_a_changed_name_of_a_region_keeps_the_old_one_in_its_history(
    desk: Desk, changed_seeds: Callable[..., Path]
) -> None:
    path = desk.write("law.txt", digest(ROADS))
    desk.load(path, as_of="2025-06-01T06:00:00Z")
    with_seeds(desk, changed_seeds("regions.csv", "Abai Region", "Abay Region")).load(path, as_of="2025-06-02T06:00:00Z")
    assert desk.ask(
        "select name_en, is_current from dim_region_history where iso_code = 'KZ-10' order by valid_from"
    ) == [("Abai Region", False), ("Abay Region", True)]


def test_the_history_of_reference_rows_does_not_depend_on_the_order_of_loads(
    desk: Desk, changed_seeds: Callable[..., Path]
) -> None:
    plain = desk.settings.seeds
    roads = changed_seeds("publishers.csv", "Ministry of Transport,", "Ministry of Roads,")
    loads = [
        (desk.write(f"{day}.txt", digest(replace(ROADS, code=f"99784{day}"))), seeds, f"2025-06-0{day}T06:00:00Z")
        for day, seeds in enumerate([plain, roads, plain], 1)
    ]
    dumps: list[dict[str, list[Any]]] = []
    for number, order in enumerate([(0, 1, 2), (0, 2, 1), (2, 1, 0), (1, 2, 0)]):
        other = desk.another(str(number))
        for path, seeds, as_of in [loads[place] for place in order]:
            with_seeds(other, seeds).load(path, as_of=as_of)
        dumps.append(other.dump())
    assert [name for _, _, name, *_ in dumps[0]["dim_publisher_history"] if name in ("Ministry of Roads",)]
    for other_dump in dumps[1:]:
        assert other_dump == dumps[0]


def test_a_reference_row_changed_at_the_same_moment_replaces_what_was_said_before(
    desk: Desk, changed_seeds: Callable[..., Path]
) -> None:
    path = desk.write("law.txt", digest(ROADS))
    desk.load(path)
    with_seeds(desk, changed_seeds("publishers.csv", "Ministry of Transport,", "Ministry of Roads,")).load(path)
    assert desk.ask("select name_en, is_current from dim_publisher_history where slug = 'transport'") == [
        ("Ministry of Roads", True)
    ]
