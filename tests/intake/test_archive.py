"""The archive: digests as received, reference rows as they were, and the records from which a warehouse is rebuilt."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Thread
from time import sleep

import pytest

from tests.desk.digests import SEED, Item, digest
from tests.desk.warehouse import Desk
from warehouse.errors import InputRefused, PressError
from warehouse.files import fingerprint
from warehouse.intake.archive import LoadRecord, announce, load_records, settle
from warehouse.intake.receive import discard, receive
from warehouse.reference.rows import fingerprint as reference_fingerprint

ROADS = Item("997844")


def test_a_digest_is_kept_as_received_under_its_hash(desk: Desk) -> None:
    content = ("\ufeff" + digest(ROADS).replace("\n", "\r\n")).encode()
    path = desk.write("law.txt", content)
    desk.load(path)
    path.unlink()
    [kept] = desk.settings.digests.iterdir()
    assert (kept.name, kept.read_bytes()) == (sha256(content).hexdigest(), content)
    assert desk.ask("select sha256, path, bytes from source_file") == [(kept.name, str(path), len(content))]


def test_a_damaged_copy_in_the_archive_is_replaced_when_the_digest_comes_again(desk: Desk) -> None:
    path = desk.write("law.txt", digest(ROADS))
    kept = desk.settings.digests / fingerprint(path)[0]
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"half of a dig")
    assert receive(path, desk.settings, kept.name).archived.read_bytes() == path.read_bytes()


def test_a_digest_that_changes_while_it_is_read_is_refused_and_not_kept(desk: Desk) -> None:
    path = desk.write("law.txt", digest(ROADS))
    before, _ = fingerprint(path)
    path.write_text(digest(ROADS, Item("997845")))
    with pytest.raises(InputRefused, match=f"{path} is still being written"):
        receive(path, desk.settings, before)
    path.unlink()
    with pytest.raises(InputRefused, match=f"{path} does not exist"):
        receive(path, desk.settings, before)
    assert list(desk.settings.digests.iterdir()) == []


@contextmanager
def written_to_without_end(path: Path) -> Iterator[None]:
    """Another thread that appends to a file all the time."""
    stopped = False

    def write() -> None:
        with path.open("a") as file:
            while not stopped:
                file.write(f"{ROADS}\n")
                file.flush()
                sleep(0.001)

    writer = Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stopped = True
        writer.join()


def test_a_digest_that_is_being_written_is_refused_until_it_is_complete(desk: Desk) -> None:
    path = desk.write("law.txt", digest(*(Item(str(number)) for number in range(2_000))))
    with written_to_without_end(path):
        report = desk.load(path)
    if report.refusals:
        assert "is still being written" in report.refusals[str(path)]
        report = desk.load(path)
        assert report.status == "loaded"
    [(listings, size)] = desk.ask("select sum(listings), sum(bytes) from source_file")
    assert listings >= 2_000
    assert sum(kept.stat().st_size for kept in desk.settings.digests.iterdir()) == size


@pytest.mark.parametrize(
    "name", ["it's.txt", "[a-z]*?.txt", "Заң жаңалықтары.txt", "a\nb.txt", "100%.txt", '";drop table x.txt']
)
def test_odd_names_of_digests_are_loaded_and_written_down_as_they_are(odd: Desk, name: str) -> None:
    path = odd.write(name, digest(Item(str(abs(hash(name)) % 10**9))))
    assert odd.load(path).files_loaded == [str(path)]
    assert (str(path),) in odd.ask("select path from source_file")
    assert str(path) in {name for record in load_records(odd.settings) for name, _ in record.digests}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A warehouse in a folder with an odd name."""
    folder = tmp_path_factory.mktemp("odd") / "it's [an] odd *folder*; жаңа"
    folder.mkdir()
    return Desk.at(folder)


def test_a_name_that_is_no_utf8_is_refused_and_others_load(desk: Desk) -> None:
    bad = os.fsencode(desk.folder) + b"/bad\xff.txt"
    Path(os.fsdecode(bad)).write_text(digest(ROADS))
    good = desk.write("good.txt", digest(ROADS))
    report = desk.load(desk.folder)
    assert report.files_loaded == [str(good)]
    [(name, reason)] = report.refusals.items()
    assert name.endswith(r"bad\udcff.txt")
    assert "no UTF-8" in reason


def test_two_warehouses_in_one_folder_share_the_archive_and_keep_their_own_records(desk: Desk) -> None:
    other = Desk(desk.folder, desk.settings.at(desk.settings.home / "other.duckdb"))
    for each in (desk, other):
        assert each.load(SEED).status == "loaded"
    assert len(list(desk.settings.digests.iterdir())) == 1
    assert [len(load_records(each.settings)) for each in (desk, other)] == [1, 1]
    assert desk.settings.loads != other.settings.loads


def test_reference_rows_are_kept_once_for_each_state_of_them(desk: Desk) -> None:
    for number in (1, 2):
        desk.load(desk.write(f"{number}.txt", digest(Item(str(number)))))
    [kept] = desk.settings.references.iterdir()
    assert kept.name == reference_fingerprint(desk.settings.seeds) == reference_fingerprint(kept)


def test_a_load_leaves_a_record_of_what_it_took_in(desk: Desk) -> None:
    path = desk.write("law.txt", digest(ROADS))
    report = desk.load(path, as_of="2025-06-01T11:00:00+05:00")
    [record] = load_records(desk.settings)
    assert record == LoadRecord(
        run_id=report.run_id,
        as_of="2025-06-01T06:00:00Z",
        digests=((str(path), fingerprint(path)[0]),),
        reference_sha256=reference_fingerprint(desk.settings.seeds),
        number=1,
    )


def test_records_are_in_the_order_of_the_loads_whatever_their_moments(desk: Desk) -> None:
    moments = ["2025-06-02T06:00:00Z", "2025-06-01T06:00:00.500000Z", "2025-06-01T06:00:00Z", "2025-06-01T06:00:00Z"]
    for run_id, moment in zip("dbca", moments, strict=True):
        announce(LoadRecord(run_id, moment, (), "0" * 64), desk.settings)
        settle(desk.settings, run_id.__eq__)
    assert [record.run_id for record in load_records(desk.settings)] == ["d", "b", "c", "a"]


def test_half_written_records_are_no_records_and_go_when_loads_are_settled(desk: Desk) -> None:
    announce(LoadRecord("whole", "2025-06-01T06:00:00Z", (), "0" * 64), desk.settings)
    half = desk.settings.loads / ".half.json.pending.0123"
    half.write_text('{"run_id": "ha')
    assert [record.run_id for record in load_records(desk.settings)] == ["whole"]
    settle(desk.settings, {"whole"}.__contains__)
    assert [path.name for path in desk.settings.loads.iterdir()] == ["whole.json"]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"run_id": "x", "digests": 7}'])
def test_a_damaged_record_is_named(desk: Desk, content: str) -> None:
    desk.settings.loads.mkdir(parents=True)
    path = desk.settings.loads / "damaged.json"
    path.write_text(content)
    with pytest.raises(PressError, match=r"damaged\.json cannot be read"):
        load_records(desk.settings)


def test_bytes_that_one_warehouse_refuses_stay_for_another_in_the_same_folder(desk: Desk) -> None:
    path = desk.write("law.txt", digest(ROADS))
    before, meanwhile = receive(path, desk.settings), receive(path, desk.settings)
    discard(before)
    assert meanwhile.archived.exists(), "it came again meanwhile"
    discard(meanwhile)
    assert meanwhile.archived.exists(), "it was there before"
    meanwhile.archived.unlink()
    alone = receive(path, desk.settings)
    discard(alone)
    assert list(desk.settings.digests.iterdir()) == []


def test_many_digests_enter_the_archive_in_batches(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.intake.receive.BATCH_FILES", 3)
    paths = [desk.write(f"{number}.txt", digest(Item(str(number % 6)))) for number in range(8)]
    report = desk.load(*paths, desk.write("empty.txt", ""))
    assert report.files_loaded == [str(path) for path in paths[:6]]
    assert report.files_known == [str(path) for path in paths[6:]]
    assert len(report.refusals) == 1
    kept = {path.name for path in desk.settings.digests.iterdir()}
    assert kept == {fingerprint(path)[0] for path in paths}
