"""One attempt to ingest: what it refuses, what it writes down, what it leaves alone when it fails."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.desk.digests import CUT_OFF, SEED, Item, digest
from tests.desk.warehouse import Desk
from warehouse.clock import utc
from warehouse.errors import CheckFailed, PressError, UsageError, WarehouseUnusable
from warehouse.runs.ingest import ingest, load, normalise, parse, read
from warehouse.runs.load_run import STORED_STEPS
from warehouse.runs.rebuild import rebuild
from warehouse.runs.run import Run

ROADS = Item("997844")


def test_an_attempt_that_loads_is_written_down_with_its_counts(desk: Desk) -> None:
    first = desk.write("a.txt", digest(ROADS, replace(ROADS, code="997845", body=None)))
    desk.load(first, as_of="2025-06-01T06:00:00Z")
    edited = replace(ROADS, body="The roads of the region were repaired.", listed="22.05.2025")
    second = desk.write("b.txt", digest(edited, replace(ROADS, code="997845", body=None), Item("997846")) + CUT_OFF)
    report = desk.load(second, first, desk.folder / "missing.txt", as_of="2025-06-02T06:00:00Z")

    [_, run] = desk.runs()
    counted = {
        "status": "loaded",
        "files_loaded": 1,
        "files_known": 1,
        "files_refused": 1,
        "listings": 3,
        "releases_new": 1,
        "releases_changed": 1,
        "releases_unchanged": 1,
        "texts_new": 2,
        "without_body": 1,
        "rejected": 1,
        "checks_failed": 0,
    }
    assert {name: run[name] for name in counted} == counted
    assert run["message"] == report.message
    assert "missing.txt does not exist" in run["message"]
    assert run["checks_passed"] + run["checks_warned"] == len(report.checks)
    assert run["run_id"] == report.run_id


def test_an_attempt_is_written_down_with_the_duration_of_every_step(desk: Desk) -> None:
    desk.load(desk.write("a.txt", digest(ROADS)))
    [run] = desk.runs()
    assert all(run[f"{step}_s"] >= 0 for step in STORED_STEPS if step != "fetch")


def test_an_attempt_without_anything_new_is_written_down_as_unchanged(desk: Desk) -> None:
    path = desk.write("a.txt", digest(ROADS))
    desk.load(path)
    report = desk.load(path)
    assert (report.status, report.message) == ("unchanged", "No change: 1 digest known already.")
    assert [run["status"] for run in desk.runs()] == ["loaded", "unchanged"]


def test_a_failed_check_undoes_the_load_and_is_written_down_with_the_rows(desk: Desk) -> None:
    desk.load(desk.write("a.txt", digest(ROADS)), as_of="2025-06-01T06:00:00Z")
    desk.corrupt("update fact_release set listing_count = 7 where release_key = 997844")
    before, published = desk.tables(), desk.settings.published.read_bytes()
    new = desk.write("b.txt", digest(replace(ROADS, code="997900")))

    with pytest.raises(CheckFailed, match=r"counts_agree: .* \(1 row, such as .*expected 8.*found 2"):
        desk.load(new, as_of="2025-06-02T06:00:00Z")

    assert desk.tables() == before
    assert desk.settings.published.read_bytes() == published
    run = desk.runs()[-1]
    assert (run["status"], run["checks_failed"], run["releases_new"]) == ("failed", 1, 0)
    assert "counts_agree" in run["message"]
    assert "expected 8" in run["message"]
    assert len(list(desk.settings.loads.iterdir())) == 1, "a load that was undone leaves no record"

    desk.corrupt("update fact_release set listing_count = 1 where release_key = 997844")
    assert desk.load(new, as_of="2025-06-03T06:00:00Z").counts.releases_new == 1


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "is empty"),
        ("prose.txt", b"A text without any source line.\n", "is no digest"),
        ("other.txt", b"Title 21.05.2025\nBody\nSource : https://example.com/press\n", "is no digest"),
        ("zeros.txt", bytes(10_000), "is no digest"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "is no digest"),
        ("cut-off.txt", CUT_OFF.encode(), "is no digest"),
    ],
)
def test_a_file_that_is_no_digest_is_refused_and_leaves_the_warehouse_untouched(
    loaded: Desk, name: str, content: bytes, reason: str
) -> None:
    before = loaded.tables()
    path = loaded.write(name, content)
    report = loaded.load(path, as_of="2025-06-02T06:00:00Z")
    assert report.status == "failed"
    assert list(report.refusals) == [str(path)]
    assert reason in report.refusals[str(path)]
    assert str(path) in report.refusals[str(path)]
    assert loaded.tables() == before
    assert len(list(loaded.settings.digests.iterdir())) == 1, "what was refused is not kept"
    run = loaded.runs()[-1]
    assert (run["status"], run["files_refused"], run["message"].count(reason)) == ("failed", 1, 1)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A warehouse with one digest, which tests leave as it is but for `load_run`."""
    folder = tmp_path_factory.mktemp("loaded")
    desk = Desk.at(folder)
    desk.load(desk.write("law.txt", digest(ROADS)))
    return desk


def test_paths_that_are_no_files_are_refused(loaded: Desk) -> None:
    folder = loaded.folder / "folder.txt"
    folder.mkdir()
    (folder / "folder-within.txt").mkdir()
    missing, too_long = loaded.folder / "missing.txt", loaded.folder / ("x" * 300)
    report = loaded.load(missing, folder, too_long, Path("/dev/null"))
    assert {Path(path).name[:20]: why.rsplit(" ", 2)[1:] for path, why in report.refusals.items()} == {
        "missing.txt": ["not", "exist."],
        "folder-within.txt": ["a", "digest."],
        "x" * 20: ["too", "long."],
        "null": ["regular", "file."],
    }


def test_a_first_load_of_nothing_but_refused_files_fails_and_loads_nothing(desk: Desk) -> None:
    report = desk.load(desk.write("empty.txt", ""))
    assert (report.status, desk.runs()[-1]["status"]) == ("failed", "failed")
    assert not desk.settings.loads.exists()
    assert desk.ask("select count(*) from publisher_version") == [(0,)]


def test_good_digests_load_beside_refused_ones(desk: Desk) -> None:
    result = desk.press_here("ingest", desk.write("empty.txt", ""), SEED, desk.folder / "missing.txt")
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        f"press: {desk.folder / 'empty.txt'} is empty.",
        f"press: {desk.folder / 'missing.txt'} does not exist.",
    ]
    assert desk.ask("select count(*) from fact_listing") == [(20,)]


def test_hidden_files_and_files_of_another_kind_in_a_folder_are_left_alone(desk: Desk) -> None:
    good = desk.write("law.txt", digest(ROADS))
    desk.write(".law.txt.part", digest(ROADS))
    desk.write(".hidden.txt", digest(ROADS))
    desk.write("notes.md", "no digest")
    assert desk.load(desk.folder).files_loaded == [str(good)]


def test_a_reference_file_that_is_missing_or_wrong_is_named_and_nothing_is_touched(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.csv is missing"):
        ingest([SEED], settings=desk.settings.model_copy(update={"seeds": tmp_path / "nowhere"}))
    assert not desk.settings.home.exists()


def test_an_interrupted_attempt_is_undone_and_written_down(desk: Desk) -> None:
    path = desk.write("law.txt", digest(ROADS))

    def load_until_interrupted() -> None:
        with Run(desk.settings, "2025-06-01T06:00:00Z") as run:
            parse(run, read(run, [path]))
            normalise(run)
            load(run)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_until_interrupted()
    assert desk.ask("select count(*) from fact_release") == [(0,)]
    assert [(run["status"], run["message"]) for run in desk.runs()] == [("failed", "KeyboardInterrupt")]
    assert list(desk.settings.loads.iterdir()) == []
    assert desk.load(path).status == "loaded"


def test_a_published_copy_that_cannot_be_replaced_is_said_so_and_made_up_for_by_the_next_attempt(desk: Desk) -> None:
    path = desk.write("law.txt", digest(ROADS))
    desk.settings.published.mkdir(parents=True)
    (desk.settings.published / "in-the-way").write_text("")
    with pytest.raises(PressError, match="cannot be replaced"):
        desk.load(path)
    assert [run["status"] for run in desk.runs()] == ["loaded"], "the load itself is in the warehouse"
    (desk.settings.published / "in-the-way").unlink()
    desk.settings.published.rmdir()
    assert desk.load(path).status == "unchanged"
    assert desk.settings.published.is_file()


def test_a_published_copy_that_was_damaged_is_replaced_by_the_next_attempt(desk: Desk) -> None:
    path = desk.write("law.txt", digest(ROADS))
    desk.load(path)
    desk.settings.published.unlink()
    desk.settings.published.write_bytes(b"no database")
    desk.load(path)
    assert desk.settings.published.stat().st_size == desk.settings.warehouse.stat().st_size


def test_moments_are_utc_whatever_their_zone() -> None:
    assert utc("2025-06-01T11:00:00+05:00") == utc("2025-06-01T06:00:00Z") == utc("2025-06-01T06:00:00")
    assert utc("2025-06-01T06:00:00Z").tzinfo is None
    with pytest.raises(UsageError, match="yesterday"):
        utc("yesterday")


def test_a_warehouse_that_is_gone_is_not_begun_anew_over_its_published_copy(seeded: Desk) -> None:
    seeded.settings.warehouse.unlink()
    with pytest.raises(WarehouseUnusable, match=r"is gone, and 1 load went into it: `press rebuild`"):
        ingest([seeded.write("next.txt", digest(Item("990844")))], settings=seeded.settings)
    assert not seeded.settings.warehouse.exists()
    rebuild(seeded.settings, lambda step, done, total: None)
    assert seeded.ask("select count(*) from fact_release") == [(20,)]


def test_of_many_refused_files_a_sentence_says_why_of_three(desk: Desk) -> None:
    empty = [desk.write(f"empty-{number}.txt", "") for number in range(9)]
    report = desk.load(*empty, desk.write("good.txt", digest(ROADS)))
    assert report.sentence().count("is empty") == 3
    assert "And 6 more. Loaded 1 release" in report.sentence()
    assert len(report.refusals) == 9
