"""Backups that can be restored, and upkeep that sees damage."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.desk.digests import SEED, Item, digest
from tests.desk.warehouse import Desk
from warehouse.errors import PressError, WarehouseUnusable
from warehouse.publish.backup import back_up, backups, prune, shelf
from warehouse.publish.restore import rehearse, restore
from warehouse.publish.upkeep import tidy, verify_archive, verify_published
from warehouse.reference.rows import SEEDS, reference_files
from warehouse.runs.rebuild import rebuild

NOW = datetime(2025, 6, 1, 22, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=7)
ARCHIVED = len(reference_files(SEEDS)) + 2
"""Files of the archive of a warehouse with the seed: reference rows, a digest, and the record of its load."""


@pytest.fixture
def loaded(seeded: Desk) -> Desk:
    return seeded


def damage(path: Path, offset: int) -> None:
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xde\xad\xbe\xef" * 64)


def standing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


# Backup and restore


def test_a_lost_machine_is_restored_from_its_backups(loaded: Desk, tmp_path: Path) -> None:
    made = back_up(loaded.settings, NOW)
    before = loaded.dump()
    there = tmp_path / "new machine" / loaded.settings.warehouse.name
    elsewhere = loaded.settings.model_copy(update={"warehouse": there, "backups_folder": loaded.settings.backups})
    restored = restore(elsewhere)
    assert (restored.backup.name, restored.releases, restored.newer_loads) == ("20250601T223000Z", 20, 0)
    assert restored.files == len(made.archive) == ARCHIVED
    new = Desk(elsewhere.home, elsewhere)
    assert new.dump() == before
    assert elsewhere.published.exists()
    # The archive came with it: the warehouse can be made again, and goes on.
    assert rebuild(elsewhere, lambda step, done, total: None) == 1
    assert new.load(new.write("new.txt", digest(Item("1")))).counts.releases_new == 1


def test_a_backup_costs_what_is_new(loaded: Desk) -> None:
    back_up(loaded.settings, NOW)
    objects = shelf(loaded.settings) / "objects"
    before = standing(objects)
    loaded.load(loaded.write("new.txt", digest(Item("1"))))
    again = back_up(loaded.settings, LATER)
    assert len(standing(objects) - before) == 2  # the digest and the record of its load
    assert len(again.archive) == len(before) + 2


def test_a_backup_makes_good_what_an_earlier_one_kept_and_the_disk_forgot(loaded: Desk) -> None:
    made = back_up(loaded.settings, NOW)
    (digest_,) = (made.objects / file.sha256 for file in made.archive if file.path.startswith("digests"))
    damage(digest_, 100)
    assert rehearse(loaded.settings, back_up(loaded.settings, LATER)).releases == 20


def test_what_was_loaded_after_the_backup_is_kept_in_the_archive_and_taken_in_by_rebuild(loaded: Desk) -> None:
    back_up(loaded.settings, NOW)
    loaded.load(loaded.write("new.txt", digest(Item("1"))), as_of="2025-06-02T06:00:00Z")
    newest = loaded.dump()
    restored = restore(loaded.settings)
    assert (restored.releases, restored.newer_loads, restored.files) == (20, 1, 0)
    assert loaded.ask("select count(*) from fact_release") == [(20,)]
    with duckdb.connect(f"{loaded.settings.warehouse}.replaced", read_only=True) as con:
        assert con.execute("select count(*) from fact_release").fetchone() == (21,)
    again = restore(loaded.settings)
    assert again.old_warehouse.name.endswith(".replaced-2"), "what an earlier one replaced is not written over"
    rebuild(loaded.settings, lambda step, done, total: None)
    assert loaded.dump()["fact_release"] == newest["fact_release"]
    assert len(loaded.runs()) == 2, "the restored file knew nothing of the second run"


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\n")


def link(path: Path) -> None:
    elsewhere = path.parents[4] / path.name
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def displace(path: Path) -> None:
    path.unlink()
    path.mkdir()


HARM = (flip, grow, Path.unlink, link, displace)


def test_what_is_harmed_in_the_archive_is_put_back_whatever_it_is(loaded: Desk) -> None:
    back_up(loaded.settings, NOW)
    before = loaded.tables()
    (digest_,), (record,) = loaded.settings.digests.iterdir(), loaded.settings.loads.iterdir()
    (reference,) = loaded.settings.references.iterdir()
    whole = {path: path.read_bytes() for path in (digest_, record, reference / "regions.csv")}
    for harm in HARM:
        for path in whole:
            harm(path)
        restored = restore(loaded.settings)
        assert (restored.files, restored.damage) == (3, ""), harm
        assert {path: path.read_bytes() for path in whole} == whole, harm
        assert not any(path.is_symlink() for path in whole)
    aside = standing(loaded.settings.home / "damaged")
    assert len(aside) == len(whole) * (len(HARM) - 2), "what stood there is kept, where nothing reads it"
    assert rebuild(loaded.settings, lambda step, done, total: None) == 1
    assert loaded.tables() == before


def test_a_file_too_many_in_the_archive_is_moved_away(loaded: Desk) -> None:
    (reference,), (digest_,) = loaded.settings.references.iterdir(), loaded.settings.digests.iterdir()
    back_up(loaded.settings, NOW)
    strangers = (reference / "few_words.csv", digest_.with_name(f"{digest_.name}.damaged"))
    (reference / "small_words.csv").rename(strangers[0])
    digest_.rename(strangers[1])
    assert restore(loaded.settings).damage == ""
    assert not any(path.exists() for path in strangers)


def test_a_load_that_is_put_back_beside_its_announcement_is_one_load(loaded: Desk) -> None:
    back_up(loaded.settings, NOW)
    (record,) = loaded.settings.loads.iterdir()
    record.rename(record.with_name(f"{record.name}.pending"))
    assert restore(loaded.settings).files == 1
    assert rebuild(loaded.settings, lambda step, done, total: None) == 1


def test_damage_that_the_backup_cannot_mend_is_named(loaded: Desk) -> None:
    back_up(loaded.settings, NOW)
    loaded.load(loaded.write("new.txt", digest(Item("1"))), as_of="2025-06-02T06:00:00Z")
    newer = max(loaded.settings.digests.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    flip(newer)
    answer = loaded.press_here("restore")
    assert answer.returncode == 1
    assert f"digest {newer.name}" in answer.stdout


@pytest.mark.parametrize("what", ["digests/*", "reference/*/regions.csv", "loads/*/*"])
def test_no_backup_is_made_of_a_damaged_archive(loaded: Desk, what: str) -> None:
    (path,) = (loaded.settings.home / "archive").glob(what)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(PressError, match=r"damaged|cannot be read"):
        back_up(loaded.settings, NOW)
    assert backups(loaded.settings) == []


def test_answers_that_came_after_the_backup_stay(loaded: Desk) -> None:
    loaded.settings.answers.mkdir(parents=True)
    answers = loaded.settings.answers / "portal-20250601T000000000000Z-00000.warc.gz"
    answers.write_bytes(b"first")
    back_up(loaded.settings, NOW)
    answers.write_bytes(b"first and second")
    restore(loaded.settings)
    assert answers.read_bytes() == b"first and second"
    answers.write_bytes(b"fir")
    restore(loaded.settings)
    assert answers.read_bytes() == b"first"


@pytest.mark.parametrize("what", ["warehouse", "object", "missing object", "rows"])
def test_a_damaged_backup_replaces_nothing(loaded: Desk, what: str) -> None:
    made = back_up(loaded.settings, NOW)
    (digest_,) = (made.objects / file.sha256 for file in made.archive if file.path.startswith("digests"))
    if what == "warehouse":
        damage(made.warehouse, 40_000)
    elif what == "object":
        damage(digest_, 100)
    elif what == "missing object":
        digest_.unlink()
    else:
        manifest = made.folder / "manifest.json"
        manifest.write_text(manifest.read_text().replace('"fact_release": 20', '"fact_release": 21'))
    before = loaded.tables()
    shutil.rmtree(loaded.settings.references)
    with pytest.raises(PressError, match=r"damaged|lacks rows of fact_release"):
        restore(loaded.settings)
    assert loaded.tables() == before
    assert not loaded.settings.references.exists()
    with pytest.raises(PressError):
        rehearse(loaded.settings, backups(loaded.settings)[-1])


def test_a_manifest_cannot_lead_out_of_the_archive(loaded: Desk) -> None:
    made = back_up(loaded.settings, NOW)
    manifest = made.folder / "manifest.json"
    (path,) = (file.path for file in made.archive if file.path.startswith("digests"))
    manifest.write_text(manifest.read_text().replace(path, "../../out"))
    with pytest.raises(PressError, match="not in the archive"):
        restore(loaded.settings)
    assert not (loaded.settings.home.parent / "out").exists()


def test_a_rehearsal_changes_nothing_and_leaves_nothing(loaded: Desk) -> None:
    made = back_up(loaded.settings, NOW)
    before = standing(loaded.folder)
    assert rehearse(loaded.settings, made).releases == 20
    assert standing(loaded.folder) == before


def test_so_many_backups_are_kept_as_is_wished_for_with_all_they_need(loaded: Desk) -> None:
    settings = loaded.settings.model_copy(update={"keep_backups": 2})
    for week in range(3):
        loaded.load(loaded.write(f"{week}.txt", digest(Item(str(week)))))
        back_up(settings, NOW + timedelta(days=7 * week))
    only_first = shelf(settings) / "objects" / ("0" * 64)
    only_first.write_text("of no backup")
    assert prune(settings) == ["20250601T223000Z"]
    assert [backup.name for backup in backups(settings)] == ["20250608T223000Z", "20250615T223000Z"]
    assert not only_first.exists()
    for backup in backups(settings):
        rehearse(settings, backup)


def test_there_must_be_something_to_back_up_and_to_restore(desk: Desk) -> None:
    with pytest.raises(PressError, match="nothing to back up"):
        back_up(desk.settings, NOW)
    with pytest.raises(PressError, match="has no backup"):
        restore(desk.settings)
    desk.load(SEED)
    back_up(desk.settings, NOW)
    with pytest.raises(PressError, match="exists already"):
        back_up(desk.settings, NOW)
    with pytest.raises(PressError, match=r"no backup nope .* there are 20250601T223000Z"):
        restore(desk.settings, "nope")


def test_the_commands_back_up_and_restore(loaded: Desk) -> None:
    done = loaded.press_here("backup")
    assert done.returncode == 0, done.stderr
    assert f"20 releases, {ARCHIVED} files of the archive; restored for a test." in done.stdout
    damage(loaded.settings.warehouse, 4096)
    done = loaded.press_here("restore")
    assert done.returncode == 0, done.stderr
    assert "20 releases, all checks passed; 0 files of the archive put back." in done.stdout
    assert loaded.press_here("check").returncode == 0


# Upkeep


def test_a_published_copy_that_agrees_is_left(loaded: Desk) -> None:
    before = loaded.settings.published.stat().st_ino
    finding = verify_published(loaded.settings)
    assert (finding.outcome, loaded.settings.published.stat().st_ino) == ("passed", before)


@pytest.mark.parametrize("what", ["missing", "damaged", "of other rows"])
def test_a_published_copy_that_does_not_agree_is_published_again(loaded: Desk, what: str) -> None:
    published = loaded.settings.published
    if what == "missing":
        published.unlink()
    elif what == "damaged":
        for offset in range(100_000, published.stat().st_size, 50_000):
            damage(published, offset)
    else:
        loaded.corrupt("update fact_release set word_count = word_count + 1 where release_code = '997859'")
    assert verify_published(loaded.settings).outcome == "warned"
    assert verify_published(loaded.settings).outcome == "passed"


def test_a_damaged_warehouse_is_reported_and_not_published(loaded: Desk) -> None:
    published = loaded.settings.published.read_bytes()
    for offset in range(100_000, loaded.settings.warehouse.stat().st_size, 50_000):
        damage(loaded.settings.warehouse, offset)
    with pytest.raises(WarehouseUnusable, match="press re"):
        verify_published(loaded.settings)
    assert loaded.settings.published.read_bytes() == published


@pytest.mark.parametrize(
    ("folder", "damage_there"),
    [
        ("digests", "digest "),
        ("reference", "the set of reference rows "),
        ("loads", "the record of load "),
        ("", "digest "),
    ],
)
def test_what_the_archive_lacks_is_found(loaded: Desk, folder: str, damage_there: str) -> None:
    shutil.rmtree(loaded.settings.home / "archive" / folder)
    finding = verify_archive(loaded.settings)
    assert finding.outcome == "failed"
    assert damage_there in finding.sentence
    assert "is missing" in finding.sentence


def test_damage_of_the_archive_is_found(loaded: Desk) -> None:
    assert verify_archive(loaded.settings).sentence == "3 files, every one as it was written."
    (digest_,) = loaded.settings.digests.iterdir()
    (reference,) = loaded.settings.references.iterdir()
    (record,) = loaded.settings.loads.iterdir()
    digest_.rename(digest_.with_name("0" * 64))
    damage(reference / "regions.csv", 10)
    finding = verify_archive(loaded.settings)
    assert finding.outcome == "failed"
    assert f"digest {'0' * 64};" in finding.sentence
    assert f"reference rows {reference.name}" in finding.sentence
    assert "is missing" in finding.sentence
    record.write_text("{")
    assert "The record of a load" in verify_archive(loaded.settings).sentence


def test_what_killed_runs_left_is_cleared_away_once_it_is_old(loaded: Desk) -> None:
    old, new = loaded.settings.digests / ".incoming.1", loaded.settings.digests / ".incoming.2"
    folder = loaded.settings.references / ".abc"
    folder.mkdir()
    for path in (old, new):
        path.write_text("half")
    for path in (old, folder):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    now = datetime.fromtimestamp(new.stat().st_mtime, UTC)
    assert tidy(loaded.settings, now).sentence == "2 files and folders of killed runs removed."
    assert (old.exists(), folder.exists(), new.exists()) == (False, False, True)
    assert verify_archive(loaded.settings).outcome == "passed"
