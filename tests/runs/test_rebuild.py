"""Rebuilding the warehouse from the archive: the same rows, whatever became of the file."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desk.digests import MEETING_EDITED, SEED, Item, digest
from tests.desk.seeds import edit_seeds
from tests.desk.warehouse import Desk, Dump, dump
from warehouse.errors import CheckFailed, PressError
from warehouse.runs.ingest import load, normalise, parse, read
from warehouse.runs.rebuild import rebuild
from warehouse.runs.run import Run

ROADS = Item("990844")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A warehouse with a past: edits, a late digest, changed reference rows, forced reads, failures."""
    desk = Desk.at(tmp_path_factory.mktemp("full"))
    seeds = edit_seeds(desk.folder / "seeds", ("publishers.csv", "Ministry of Transport,", "Ministry of Roads,"))
    renamed = replace(desk, settings=desk.settings.model_copy(update={"seeds": seeds}))
    first = desk.write("first.txt", digest(ROADS, Item("990845", slug="nobody-knows-it")))
    second = desk.write("second.txt", digest(replace(ROADS, body=MEETING_EDITED)))
    late = desk.write("late.txt", digest(replace(ROADS, body="Roads.", listed="01.05.2025"), section="Gardening"))
    desk.load(first, SEED, as_of="2025-06-01T06:00:00Z")
    desk.load(second, desk.folder / "missing.txt", as_of="2025-06-03T06:00:00Z")
    renamed.load(first, as_of="2025-06-04T06:00:00Z", force=True)
    desk.load(late, as_of="2025-06-02T06:00:00.500000Z")
    renamed.load(first, as_of="2025-06-05T06:00:00Z")
    desk.corrupt("update fact_release set listing_count = 7 where release_key = 990844")
    with pytest.raises(CheckFailed):
        renamed.load(desk.write("bad.txt", digest(replace(ROADS, code="990999"))), as_of="2025-06-06T06:00:00Z")
    desk.corrupt("update fact_release set listing_count = 3 where release_key = 990844")
    return desk


@pytest.fixture
def desk(full: Desk, tmp_path: Path) -> Desk:
    """A copy of that warehouse which a test may damage."""
    shutil.copytree(full.settings.home, tmp_path / "data")
    return Desk.at(tmp_path)


@pytest.fixture(scope="module")
def rows(full: Desk) -> Dump:
    return full.dump()


@pytest.fixture(scope="module")
def tables(full: Desk) -> Dump:
    return full.tables()


def rebuild_quietly(desk: Desk) -> int:
    return rebuild(desk.settings, lambda step, done, total: None)


def test_a_rebuilt_warehouse_has_the_same_rows_and_the_history_of_attempts(desk: Desk, rows: Dump) -> None:
    runs = desk.runs()
    assert {run["status"] for run in runs} == {"loaded", "unchanged", "failed"}
    assert rebuild_quietly(desk) == 4
    assert desk.dump() == rows
    assert desk.runs() == runs
    published, warehouse = (
        dump(file, leave_out=(), views=False) for file in (desk.settings.published, desk.settings.warehouse)
    )
    assert published == warehouse


def test_a_corrupt_warehouse_is_rebuilt(desk: Desk, tables: Dump) -> None:
    desk.settings.warehouse.write_bytes(b"no database")
    desk.settings.warehouse.with_name(desk.settings.warehouse.name + ".wal").write_bytes(b"of another file")
    assert rebuild_quietly(desk) == 4
    assert desk.tables() == tables
    assert [run["status"] for run in desk.runs()] == ["loaded"] * 4, "failed attempts were known to that file alone"


def test_a_warehouse_of_an_older_schema_is_rebuilt(desk: Desk, tables: Dump) -> None:
    desk.corrupt("update schema_version set version = 0")
    desk.corrupt("alter table fact_listing drop column position")
    desk.corrupt("alter table load_run drop column check_s")
    assert desk.press_here("rebuild").returncode == 0
    assert desk.tables() == tables
    assert len(desk.runs()) == 6, "the attempts of the older schema are carried over"


def assert_left_alone(desk: Desk, *fragments: str) -> None:
    before = {path: path.read_bytes() for path in desk.settings.home.rglob("*") if path.is_file()}
    result = desk.press_here("rebuild")
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1), result
    for fragment in fragments:
        assert fragment in result.stderr
    assert {path: path.read_bytes() for path in desk.settings.home.rglob("*") if path.is_file()} == before


def archived(desk: Desk, name: str) -> Path:
    """Where the digest that was loaded under a name lies in the archive."""
    records = [json.loads(path.read_text()) for path in desk.settings.loads.iterdir()]
    [sha256] = {d["sha256"] for record in records for d in record["digests"] if Path(d["path"]).name == name}
    return desk.settings.digests / str(sha256)


def test_a_damaged_archived_digest_is_one_clear_line_and_leaves_everything_as_it_was(desk: Desk) -> None:
    path = archived(desk, "second.txt")
    path.write_bytes(path.read_bytes() + b"!")
    assert_left_alone(desk, str(path), "is damaged")


def test_a_missing_archived_digest_is_one_clear_line_and_leaves_everything_as_it_was(desk: Desk) -> None:
    path = archived(desk, "late.txt")
    path.unlink()
    assert_left_alone(desk, "late.txt", str(path), "does not exist")


def test_missing_reference_rows_are_one_clear_line_and_leave_everything_as_it_was(desk: Desk) -> None:
    kept = sorted(desk.settings.references.iterdir())
    assert len(kept) == 2
    (kept[0] / "regions.csv").unlink()
    assert_left_alone(desk, str(kept[0] / "regions.csv"))


def test_changed_reference_rows_in_the_archive_are_one_clear_line_and_leave_everything_as_it_was(desk: Desk) -> None:
    path = min(desk.settings.references.iterdir()) / "regions.csv"
    path.write_text(path.read_text().replace("Abai", "Abay"))
    assert_left_alone(desk, str(path.parent), "damaged")


def test_loads_of_a_version_without_small_words_are_rebuilt_with_those_of_the_program(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    seeds = edit_seeds(tmp_path / "seeds")
    (seeds / "small_words.csv").unlink()
    # A run that observes would refuse the folder.
    settings = desk.settings.model_copy(update={"seeds": seeds})
    with Run(settings, "2025-06-01T06:00:00Z", observes=False) as run:
        parse(run, read(run, [SEED]))
        normalise(run)
        load(run)
        run.check()
        run.publish()
    desk.load(desk.write("roads.txt", digest(ROADS)), as_of="2025-06-02T06:00:00Z")
    had_words = [(folder / "small_words.csv").exists() for folder in desk.settings.references.iterdir()]
    assert sorted(had_words) == [False, True]
    before = desk.tables()
    assert rebuild_quietly(desk) == 2
    assert desk.tables() == before


def test_a_damaged_record_of_a_load_is_one_clear_line_and_leaves_everything_as_it_was(desk: Desk) -> None:
    path = next(desk.settings.loads.iterdir())
    path.write_text(path.read_text()[:-20])
    assert_left_alone(desk, str(path))


def test_without_any_record_there_is_nothing_to_rebuild_from(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    with pytest.raises(PressError, match="nothing to rebuild from"):
        rebuild_quietly(desk)
    assert not desk.settings.warehouse.exists()


def pending(desk: Desk, name: str) -> Path:
    """Turn the record of the load that brought a digest into one that was announced and never settled."""
    for path in desk.settings.loads.iterdir():
        if name in path.read_text():
            return path.rename(path.with_name(path.name + ".pending"))
    raise AssertionError(name)


def test_announced_loads_are_rebuilt_if_they_committed_and_forgotten_if_not(desk: Desk, tables: Dump) -> None:
    committed = pending(desk, "late.txt")
    never = committed.with_name("00000000-0000-0000-0000-000000000000.json.pending")
    never.write_text(committed.read_text().replace(committed.name.split(".")[0], never.name.split(".")[0]))
    half_written = committed.with_name(f".{committed.name}.0123")
    half_written.write_text("{")
    assert rebuild_quietly(desk) == 4
    assert desk.tables() == tables
    assert committed.with_suffix("").exists()
    assert [path for path in (committed, never, half_written) if path.exists()] == []


def test_announced_loads_are_rebuilt_when_the_file_that_would_know_is_lost(desk: Desk, tables: Dump) -> None:
    unsettled = pending(desk, "late.txt")
    desk.settings.warehouse.unlink()
    rebuild_quietly(desk)
    assert desk.tables() == tables
    assert unsettled.with_suffix("").exists()
    assert not unsettled.exists()
    report = desk.load(desk.write("new.txt", digest(replace(ROADS, code="990900"))), as_of="2025-06-08T06:00:00Z")
    assert report.counts.releases_new == 1, "the rebuilt warehouse can be loaded into"
