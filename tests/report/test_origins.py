"""Questions about releases are about all of them, whether a digest, the portal or both know a release."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import duckdb
import pytest

from tests.desk.digests import Item
from tests.desk.portal_desk import PortalDesk
from tests.desk.portal_releases import invent
from tests.desk.portal_server import Portal
from warehouse.clock import utc
from warehouse.database.connection import reading
from warehouse.database.sql import rows
from warehouse.report.coverage import coverage
from warehouse.report.questions import ask, question, questions

DIGEST, BOTH = "990001", "990002"
PORTAL, COPY, BARE, MOVED, GONE = "990101", "990102", "990103", "990104", "990105"
"""What only `discover` knows: with an event ahead, its reprint, without a body, under another slug, no longer there."""

RELEASES = {DIGEST, BOTH, PORTAL, COPY, BARE, MOVED, GONE}
IN_THREE_LANGUAGES = {BOTH, PORTAL, COPY, MOVED, GONE}
UNKNOWN, RENAMED = "qyzylorda-turizm", "qyzylorda-sport"

BELONG: dict[str, tuple[dict[str, object], set[str]]] = {
    "edited_releases": ({}, {MOVED}),
    "edits": ({}, {MOVED}),
    "digest_and_portal": ({}, {BOTH}),
    "missing_bodies_by_publisher": ({}, {BARE}),
    "newest_releases": ({}, RELEASES),
    "release_history": ({"code": PORTAL}, {PORTAL}),
    "releases_mentioning": ({"phrase": "СОВЕЩАНИЕ"}, IN_THREE_LANGUAGES | {BARE}),
    "renamed_publishers": ({}, {MOVED}),
    "reprints": ({}, {PORTAL, COPY, DIGEST, BOTH}),
    "text_on_day": ({"code": PORTAL}, {PORTAL}),
    "translations": ({}, IN_THREE_LANGUAGES | {BARE}),
    "upcoming_events": ({}, {PORTAL, COPY}),
    "vanished": ({}, {GONE}),
}
"""Questions that name releases: parameters, and the releases that belong to the answer."""

COUNTED = {
    "busiest_publishers": RELEASES,
    "releases_by_day": RELEASES,
    "releases_by_region": RELEASES,
    "languages_on_portal": IN_THREE_LANGUAGES,
    "unknown_publishers": {PORTAL, COPY, BARE, MOVED, GONE},
}
"""Questions that count releases."""

OF_DIGESTS = {"digests", "doubtful_listings", "lag_to_listing", "languages", "recent_loads", "rejected_records"} | {
    "release_in_digests"
}
"""Questions about digests and loads, as they say."""


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    made = {code: invent(code, UNKNOWN, datetime(2025, 7, 1, 6, tzinfo=UTC)) for code in (PORTAL, BARE, MOVED, GONE)}
    for code, announced in (("en", "Astana, July 16, 2025."), ("ru", "Астана, 16 июля 2025 года.")):
        text = made[PORTAL].texts[code]
        text.paragraphs[0] = f"{announced} {text.paragraphs[0].partition('. ')[2]}"
    del made[PORTAL].texts["kk"].paragraphs[0]
    made[COPY] = made[PORTAL]
    for text in made[BARE].texts.values():
        text.paragraphs.clear()
    made[BOTH] = invent(BOTH, "transport", datetime(2025, 5, 20, 6, tzinfo=UTC))
    with Portal(made) as portal:
        desk = PortalDesk.at(tmp_path_factory.mktemp("origins"), portal)
        desk.load_digest(Item(DIGEST), Item(BOTH))
        desk.visit("2025-07-02T06:00:00Z", "all", publishers=["transport"])
        desk.discover("2025-07-02T07:00:00Z", UNKNOWN)
        moved = portal.releases[MOVED]
        moved.slug = RENAMED
        moved.texts["en"].paragraphs[1] = "45 representatives took part in it."
        desk.discover("2025-07-03T07:00:00Z", RENAMED)
        portal.vanish(GONE)
        for day in (4, 19):
            desk.visit(f"2025-07-{day:02}T06:00:00Z", "all", publishers=[UNKNOWN])
    with reading(desk.desk.settings.published) as con:
        yield con


def answer(con: duckdb.DuckDBPyConnection, name: str, **parameters: object) -> list[dict[str, object]]:
    return rows(ask(con, question(name), parameters))


def test_every_question_is_about_releases_from_everywhere_or_about_digests() -> None:
    assert {one.name for one in questions()} == BELONG.keys() | COUNTED.keys() | OF_DIGESTS


@pytest.mark.parametrize("name", BELONG)
def test_an_answer_has_all_releases_that_belong(con: duckdb.DuckDBPyConnection, name: str) -> None:
    parameters, belong = BELONG[name]
    named = " ".join(str(value) for row in answer(con, name, **parameters) for value in row.values())
    if name == "missing_bodies_by_publisher":
        assert [row["without_body"] for row in answer(con, name)] == [len(belong)]
    elif "code" in parameters:
        assert {row["language"] for row in answer(con, name, **parameters)} == {"kk", "ru", "en"}
    else:
        assert {code for code in RELEASES if code in named} == belong


@pytest.mark.parametrize("name", COUNTED)
def test_a_count_counts_all_releases_that_belong(con: duckdb.DuckDBPyConnection, name: str) -> None:
    assert sum(int(str(row["releases"])) for row in answer(con, name)) == len(COUNTED[name])


def test_the_newest_releases_come_first_whoever_knows_them(con: duckdb.DuckDBPyConnection) -> None:
    newest = answer(con, "newest_releases")
    assert [(row["release_code"], row["release_date"], row["dated_by"]) for row in newest[-3:]] == [
        (PORTAL, date(2025, 7, 1), "published"),
        (BOTH, date(2025, 5, 21), "listed"),
        (DIGEST, date(2025, 5, 21), "listed"),
    ]


def test_marts_and_coverage_have_all_releases(con: duckdb.DuckDBPyConnection) -> None:
    for mart in ("mart_release", "mart_release_day"):
        assert con.execute(f"select count(*) from {mart}").fetchone() == (len(RELEASES),)
    assert con.execute("select sum(releases) from mart_publisher_activity").fetchone() == (len(RELEASES),)
    held = coverage(con, utc("2025-07-02T06:00:00Z"))
    assert sum(day["held"] for day in held.days) == 5
