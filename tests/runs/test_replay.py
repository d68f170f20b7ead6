"""Replaying the archive of answers: the same rows, from nothing but its files, whatever order things came in."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.desk.digests import MEETING_EDITED, Item
from tests.desk.portal_desk import CODE, LOADED, PortalDesk, Rows, releases_of, rows_of
from tests.desk.portal_releases import invent_releases
from tests.desk.portal_server import Portal
from tests.desk.warehouse import Desk
from warehouse.clock import utc
from warehouse.errors import PressError
from warehouse.runs import pages
from warehouse.runs.pages import load_unloaded, replay
from warehouse.runs.rebuild import rebuild
from warehouse.stage import alongside

EDITED = "2025-06-04"
ITEMS = [Item(CODE), Item("990845", body=None), Item("990846", slug="mfa"), Item("990847", slug="nobody-knows-it")]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalDesk]:
    """A warehouse with a past: edits on the portal and in digests, a vanished page, one that returned, failures, a page
    that was denied by a 304, discovered releases of known and unknown publishers, killed runs."""
    with Portal(releases_of(*ITEMS)) as portal:
        desk = PortalDesk.at(tmp_path_factory.mktemp("full"), portal)
        desk.load_digest(*ITEMS)
        portal.tells_versions = True
        portal.misbehave("reset", route="html", code="990845", times=1)
        portal.misbehave("ticket", route="graphql", times=1)
        desk.visit("2025-06-01T06:00:00Z")
        portal.releases[CODE].texts["ru"].paragraphs[1] = "Обсудили 45 вопросов."
        portal.vanish("990846")
        desk.visit("2025-06-03T06:00:00Z", kill=True)
        desk.visit("2025-06-03T07:00:00Z")
        desk.load_digest(Item(CODE, body=MEETING_EDITED, listed="04.06.2025"), as_of=f"{EDITED}T06:00:00Z")
        portal.releases |= invent_releases(3, slug="qyzylorda-turizm")
        portal.releases |= invent_releases(2, slug="mfa", first=1_100_001)
        desk.discover("2025-06-05T06:00:00Z", "qyzylorda-turizm", "mfa")
        portal.misbehave("status", status=500, code="990845", times=3)
        desk.visit("2025-06-19T06:00:00Z", "all")
        portal.bring_back("990846")
        portal.misbehave("ticket", route="rest")
        desk.visit("2026-01-20T06:00:00Z", "all", languages=["ru", "kk"])
        yield desk


@pytest.fixture
def copy(full: PortalDesk, tmp_path: Path) -> Desk:
    shutil.copytree(full.desk.settings.home, tmp_path / "data")
    return replace(Desk.at(tmp_path), folder=full.desk.folder)


@pytest.fixture(scope="module")
def rows(full: PortalDesk) -> dict[str, Rows]:
    return dict(rows_of(full))


@pytest.fixture(scope="module")
def tables(full: PortalDesk) -> dict[str, Rows]:
    return dict(full.desk.tables())


def assert_same(got: Any, expected: Any) -> None:
    assert {name: len(rows) for name, rows in got.items()} == {name: len(rows) for name, rows in expected.items()}
    for name, rows in expected.items():
        assert got[name] == rows, name


def test_the_past_has_all_that_may_go_wrong(full: PortalDesk) -> None:
    assert {"ok", "unchanged", "not_found", "refused", "transport_error"} <= set(full.outcomes())
    assert full.ask("select distinct origin from mart_edits order by 1") == [("digest",), ("portal",)]
    assert {status for (status,) in full.ask("select distinct status from mart_vanished")} == {"returned", "vanished"}
    assert full.ask("select count(*) from fact_release where listing_count = 0") == [(5,)]


def test_a_replay_gives_the_same_rows_without_the_network(full: PortalDesk, copy: Desk, rows: Any, tables: Any) -> None:
    requests = len(full.portal.log)
    report = replay(copy.settings, "2031-06-01T06:00:00Z")
    assert report.kind == "replay"
    assert_same(copy.dump(), rows)
    replay(copy.settings)
    assert_same(copy.tables(), tables)
    assert len(full.portal.log) == requests
    assert [run["kind"] for run in copy.runs()].count("replay") == 2


def test_the_command_line_replays(copy: Desk, tables: Any) -> None:
    done = copy.press_here("replay", "--as-of", "2026-02-01T06:00:00Z")
    assert done.returncode == 0, done
    assert "attempts from the archive" in done.stdout
    assert_same(copy.tables(), tables)


def test_two_processes_give_the_same_rows(copy: Desk, tables: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "WORKER_FROM", 1)
    monkeypatch.setattr(alongside, "STRETCH_BYTES", 2_000)
    replay(copy.settings)
    assert_same(copy.tables(), tables)


def test_a_rebuild_gives_the_same_rows(copy: Desk, rows: Any) -> None:
    copy.settings.warehouse.write_bytes(b"damaged")
    rebuild(copy.settings, lambda step, done, total: None)
    assert_same(copy.dump(), rows)


def test_records_of_an_earlier_version_say_nothing_of_answers_and_all_are_loaded(copy: Desk, tables: Any) -> None:
    for path in copy.settings.loads.iterdir():
        record = json.loads(path.read_text())
        is_of_answers = record.pop("kind") != "ingest"
        if record.pop("answers") is not None or is_of_answers:
            path.unlink()
        else:
            path.write_text(json.dumps(record))
    rebuild(copy.settings, lambda step, done, total: None)
    assert_same(copy.tables(), tables)


def test_a_replay_that_fails_leaves_everything_as_it_was(copy: Desk, tables: Any) -> None:
    archive = sorted(copy.settings.answers.glob("*.warc.gz"))
    for path in archive:
        path.unlink()
    with pytest.raises(PressError, match="nothing to replay"):
        replay(copy.settings)
    assert_same(copy.tables(), tables)


@pytest.mark.parametrize(
    "order", [("early", "late", "answers"), ("late", "answers", "early"), ("answers", "late", "early")]
)
def test_digests_and_answers_may_come_in_any_order(
    full: PortalDesk, tmp_path: Path, rows: Any, order: tuple[str, ...]
) -> None:
    desk = PortalDesk.at(tmp_path, full.portal)
    for what in order:
        if what == "early":
            desk.desk.load(full.desk.folder / "2025-05-21-4.txt", as_of="2025-05-21T12:00:00Z")
        elif what == "late":
            desk.desk.load(full.desk.folder / f"{EDITED}-1.txt", as_of=f"{EDITED}T06:00:00Z")
        else:
            shutil.copytree(full.desk.settings.answers, desk.desk.settings.answers, dirs_exist_ok=True)
            load_unloaded(desk.desk.settings, utc(LOADED))
    assert_same(desk.desk.dump(), rows)


def test_answers_loaded_piece_by_piece_give_the_same_rows(full: PortalDesk, tmp_path: Path, rows: Any) -> None:
    """As when other runs load what one that goes on has fetched so far: also in the middle of a visit."""
    desk = PortalDesk.at(tmp_path, full.portal)
    desk.desk.load(full.desk.folder / "2025-05-21-4.txt", as_of="2025-05-21T12:00:00Z")
    desk.desk.load(full.desk.folder / f"{EDITED}-1.txt", as_of=f"{EDITED}T06:00:00Z")
    desk.desk.settings.answers.mkdir(parents=True)
    offsets: dict[str, list[int]] = {}
    for file, offset in full.ask("select distinct parse_filename(warc_file), warc_offset from fact_fetch order by all"):
        offsets.setdefault(file, []).append(offset)
    for file, starts in offsets.items():
        whole = (full.desk.settings.answers / file).read_bytes()
        for end in [*starts[1::12], len(whole)]:
            (desk.desk.settings.answers / file).write_bytes(whole[:end])
            load_unloaded(desk.desk.settings, utc(LOADED))
    assert_same(desk.desk.dump(), rows)


MACHINES = [
    {"LANG": "kk_KZ.UTF-8", "LC_ALL": "kk_KZ.UTF-8", "LANGUAGE": "kk", "TZ": "America/New_York", "PYTHONHASHSEED": "1"},
    {"LANG": "uk_UA.UTF-8", "LC_ALL": "C", "LANGUAGE": "uk", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "2"},
]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine["LANG"])
def test_no_row_depends_on_the_language_the_zone_or_the_hashes_of_the_machine(
    copy: Desk, rows: dict[str, Rows], machine: dict[str, str]
) -> None:
    rebuilt = subprocess.run(copy.command("rebuild"), env=copy.environ | machine, capture_output=True, check=False)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert rows_of(copy) == rows
    named = "select distinct holiday from dim_date where month = 12 and day = 16"
    assert ("Independence Day",) in copy.ask(named)
