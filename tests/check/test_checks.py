"""Checks: each finds the rows it is there to find, and nothing in a warehouse that is as it should be."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.desk.digests import CUT_OFF, Item, digest
from tests.desk.warehouse import Desk
from warehouse.check.checks import LISTED_ROWS, CheckResult, run_checks, scope_everything, scope_touched
from warehouse.database.sql import SQL

ONE_LISTING = "listing_key = (select min(listing_key) from fact_listing)"
ONE_RELEASE = "release_key = (select min(release_key) from fact_release)"
ONE_CONTENT = "content_key = (select min(content_key) from text_content)"

OFFENCES = {
    "bytes_tile": [
        f"update fact_listing set byte_end = byte_end + 1 where {ONE_LISTING}",
        f"update fact_listing set byte_start = byte_start + 1 where {ONE_LISTING}",
        f"update fact_listing set byte_end = byte_start where {ONE_LISTING}",
        f"delete from fact_listing where {ONE_LISTING}",
        "update source_file set blank_bytes = blank_bytes + 1",
        "delete from source_header",
        "delete from rejected_record",
        "update source_file set bytes = bytes - 1, blank_bytes = blank_bytes - 1",
    ],
    "counts_agree": [
        "update source_file set listings = listings + 1",
        "update source_file set headers = headers + 1",
        "update source_file set rejects = rejects + 1",
        f"update fact_release set listing_count = listing_count + 1 where {ONE_RELEASE}",
        f"delete from fact_listing where {ONE_LISTING}",
        f"delete from fact_release where {ONE_RELEASE}",
    ],
    "empty_titles": [
        f"update fact_listing set title = ' ' where {ONE_LISTING}",
        f"update text_content set title = '' where {ONE_CONTENT}",
    ],
    "missing_bodies": ["update fact_release set has_body = false"],
    "one_owner": [
        "update text_version set text_key = 1",
        f"update fact_release set release_code = '997' || release_code where {ONE_RELEASE}",
        f"update fact_release set release_code = right(release_code, 3) where {ONE_RELEASE}",
        "update publisher_version set publisher_key = 1",
    ],
    "orphan_keys": [
        f"update fact_listing set {key} = 1 where {ONE_LISTING}"
        for key in ("release_key", "content_key", "publisher_key", "section_key", "source_file_key")
    ]
    + [
        f"update fact_listing set listed_date_key = 18000101 where {ONE_LISTING}",
        f"update fact_release set publisher_key = 1 where {ONE_RELEASE}",
        f"update fact_release set event_date_key = 18000101 where {ONE_RELEASE}",
        f"update text_content set language_key = 1 where {ONE_CONTENT}",
        f"update text_content set release_key = 1 where {ONE_CONTENT}",
        f"update text_content set release_key = (select max(release_key) from fact_release) where {ONE_RELEASE}",
        "update publisher_version set region_key = 1 where slug = 'almobl'",
    ],
    "plausible_dates": [
        f"update fact_release set first_listed_date_key = 20200101 where {ONE_RELEASE} and portal_id is not null",
        f"update fact_release set first_listed_date_key = 20300101 where {ONE_RELEASE} and portal_id is not null",
    ],
    "possible_days": [
        f"update fact_listing set is_day_plausible = false where {ONE_LISTING}",
        f"""
        insert into fact_fetch by name
        select
            0 as fetch_key, '' as run_id, 'page' as purpose, release_key, release_code, content_key, 0 as language_key,
            'mfa' as slug, 'html' as route, url, timestamp '2025-06-01' as requested_at, 0 as duration_s, 0 as retries,
            'ok' as outcome, 'ok' as first_outcome, '' as detail, 0 as bytes, timestamp '2052-05-21' as published_at,
            '1.warc' as warc_file, 0 as warc_offset
        from fact_release where {ONE_RELEASE}
        """,
    ],
    "text_versions": [
        f"update text_version set version_no = 2 where {ONE_RELEASE}",
        f"insert into text_version select * from text_version where {ONE_RELEASE}",
        f"""
        insert into text_version select * replace (3 as version_no, valid_from + interval 1 day as valid_from)
        from text_version where {ONE_RELEASE}
        """,
        f"insert into text_version select * replace (2 as version_no) from text_version where {ONE_RELEASE}",
        f"""
        insert into text_version select * replace (2 as version_no, valid_from - interval 1 day as valid_from)
        from text_version where {ONE_RELEASE}
        """,
    ],
    "unique_keys": [
        f"insert into {table} select * from {table} limit 1"
        for table in (
            "fact_listing",
            "fact_release",
            "text_content",
            "source_file",
            "publisher_version",
        )
    ],
    "unknown_values": [
        "update publisher_version set is_known = false where slug = 'mfa'",
        "update dim_section set is_known = false where name = 'Law'",
    ],
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A warehouse without anything to complain of, which has headers and a reject too."""
    desk = Desk.at(tmp_path_factory.mktemp("checked"))
    text = digest(*(Item(str(997_800 + number), slug="mfa") for number in range(9)), Item("997900", slug="almobl"))
    desk.load(desk.write("law.txt", f"{text}\n{CUT_OFF}"))
    return desk


@pytest.fixture
def con(desk: Desk) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse in a transaction that is rolled back."""
    with duckdb.connect(desk.settings.warehouse) as con:
        con.begin()
        yield con
        con.rollback()


def run(con: duckdb.DuckDBPyConnection) -> dict[str, CheckResult]:
    scope_everything(con)
    return {result.name: result for result in run_checks(con)}


def test_every_check_has_an_offence_that_it_finds() -> None:
    assert sorted(OFFENCES) == sorted(path.stem for path in (SQL / "checks").glob("*.sql"))


def test_a_warehouse_as_it_should_be_passes_every_check(con: duckdb.DuckDBPyConnection) -> None:
    assert [str(result) for result in run(con).values() if result.outcome != "passed"] == []


@pytest.mark.parametrize(
    ("name", "offence"), [(name, offence) for name, offences in OFFENCES.items() for offence in offences]
)
def test_a_check_finds(con: duckdb.DuckDBPyConnection, name: str, offence: str) -> None:
    con.execute(offence)
    scope_everything(con)
    result = run(con)[name]
    assert result.offending >= len(result.rows) > 0
    assert all(any(value is not None for value in row.values()) for row in result.rows), "a row says what offends"


@pytest.mark.parametrize("path", sorted((SQL / "checks").glob("*.sql")), ids=lambda path: path.stem)
def test_a_check_says_in_its_first_line_how_bad_it_is_and_what_is_wrong(path: Path) -> None:
    first, second, *_ = path.read_text().splitlines()
    assert first.startswith(("-- fail: ", "-- warn: "))
    assert first.endswith(".")
    assert second.startswith("-- One row per ")


def test_many_offending_rows_are_counted_and_the_first_are_shown(desk: Desk) -> None:
    with duckdb.connect(desk.settings.warehouse) as con:
        con.begin()
        con.execute(
            "insert into fact_release "
            "select fact_release.* replace (release_key + range as release_key) from fact_release, range(100, 1000)"
        )
        result = run(con)["counts_agree"]
        con.rollback()
    assert result.offending > LISTED_ROWS == len(result.rows)
    assert f"({result.offending:,} rows, such as " in str(result)


def test_checks_look_at_what_a_load_touched_unless_asked_for_everything(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"update fact_listing set title = ' ' where {ONE_LISTING}")
    con.execute("create or replace temp table scope_file (source_file_key bigint)")
    con.execute("create or replace temp table scope_release (release_key bigint)")
    scope_touched(con)
    assert {result.name: result for result in run_checks(con)}["empty_titles"].outcome == "passed"
    assert run(con)["empty_titles"].outcome == "failed"


def test_press_check_fails_when_a_check_does_and_shows_the_rows(seeded: Desk) -> None:
    desk = seeded
    passed = desk.press_here("check")
    assert (passed.returncode, passed.stderr) == (0, "")
    assert "warned  missing_bodies: " in passed.stdout
    desk.settings.published.unlink()
    desk.corrupt("update fact_release set listing_count = 7 where release_key = 997859")
    failed = desk.press_here("check")
    assert (failed.returncode, failed.stderr) == (1, "")
    assert "failed  counts_agree: " in failed.stdout
    assert "key 997859, expected 7, found 1" in failed.stdout
