"""The inbox: what is taken, what is left, and where files go."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tests.desk.digests import SEED, Item, digest
from tests.desk.warehouse import Desk
from warehouse.errors import PressError
from warehouse.intake.inbox import (
    Arrivals,
    last_arrival,
    look,
    move,
    overlooked_sentence,
    refused_sentence,
    waiting_sentence,
)
from warehouse.project import PROJECT
from warehouse.runs.ingest import ingest, load, normalise, parse, read
from warehouse.runs.load_run import LoadRun
from warehouse.runs.run import Run

LONG_AGO = 1_700_000_000


@pytest.fixture
def inbox(desk: Desk) -> Path:
    desk.settings.inbox.mkdir(parents=True)
    return desk.settings.inbox


def put(inbox: Path, name: str, text: str | bytes, changed: float = LONG_AGO) -> Path:
    path = inbox / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (changed, changed))
    return path


def never(_: float) -> None:
    raise AssertionError("there was nothing to wait for")


def take_in(desk: Desk) -> tuple[LoadRun, set[str]]:
    """A run on the inbox: what it loaded, and what stands in the inbox's folders afterwards."""
    arrivals = look(desk.settings, wait=never)
    report = ingest(list(arrivals.ready), settings=desk.settings, as_of="2025-06-01T06:00:00Z")
    move(arrivals, report.files_taken, report.refusals, desk.settings)
    return report, standing(desk)


def standing(desk: Desk) -> set[str]:
    return {str(path.relative_to(desk.settings.inbox)) for path in desk.settings.inbox.rglob("*") if path.is_file()}


def test_the_inbox_is_made_where_it_is_missing(desk: Desk) -> None:
    assert look(desk.settings, wait=never) == Arrivals()
    assert desk.settings.inbox.is_dir()


def test_whole_files_are_ready_without_waiting(desk: Desk, inbox: Path) -> None:
    one, two = put(inbox, "b.txt", "B"), put(inbox, "a.txt", "A")
    arrivals = look(desk.settings, wait=never)
    assert list(arrivals.ready) == [two, one]
    assert arrivals.arriving == []


def test_what_is_no_file_of_anybody_to_load_is_left_alone(desk: Desk, inbox: Path) -> None:
    for name in (".hidden.txt", "a.txt.part", "b.tmp", "C.TMP", "d.txt~", ".e.swp"):
        put(inbox, name, "half")
    (inbox / "folder.txt").mkdir()
    (inbox / "link.txt").symlink_to(SEED)
    (inbox / "nowhere.txt").symlink_to(inbox / "missing")
    os.mkfifo(inbox / "pipe.txt")
    assert look(desk.settings, wait=never) == Arrivals()


def test_a_file_that_grows_between_two_looks_is_left(desk: Desk, inbox: Path) -> None:
    old, growing = put(inbox, "old.txt", "A"), put(inbox, "growing.txt", "A", LONG_AGO + 95)
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        with growing.open("a") as file:
            file.write("B")

    arrivals = look(desk.settings, now=lambda: LONG_AGO + 100, wait=wait)
    assert (list(arrivals.ready), arrivals.arriving) == ([old], [growing])
    assert waited == [desk.settings.inbox_settle_s]


@pytest.mark.parametrize("changed", [LONG_AGO + 95, LONG_AGO + 10**9], ids=["just now", "in the future"])
def test_a_file_that_stopped_growing_is_ready_after_two_equal_looks(desk: Desk, inbox: Path, changed: float) -> None:
    path = put(inbox, "new.txt", "A", changed)
    assert list(look(desk.settings, now=lambda: LONG_AGO + 100, wait=lambda _: None).ready) == [path]


def test_a_file_that_comes_or_goes_between_two_looks_is_not_ready(desk: Desk, inbox: Path) -> None:
    gone = put(inbox, "gone.txt", "A", LONG_AGO + 95)

    def wait(_: float) -> None:
        gone.unlink()
        put(inbox, "came.txt", "A")

    arrivals = look(desk.settings, now=lambda: LONG_AGO + 100, wait=wait)
    assert (arrivals.ready, arrivals.arriving) == ({}, [inbox / "came.txt"])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a file open for writing")
def test_a_file_that_somebody_has_open_for_writing_is_left_however_old_it_is(desk: Desk, inbox: Path) -> None:
    path = put(inbox, "stalled.txt", "A")
    with path.open("a"):
        assert look(desk.settings, wait=never).arriving == [path]
    assert list(look(desk.settings, wait=never).ready) == [path]


def test_loaded_files_go_to_done_and_refused_ones_to_refused_with_the_reason(desk: Desk, inbox: Path) -> None:
    put(inbox, "law.txt", SEED.read_bytes())
    put(inbox, "picture.png", b"\x89PNG\r\n\x1a\n" * 9)
    put(inbox, "empty.txt", "")
    report, left = take_in(desk)
    assert (report.status, report.counts.releases_new) == ("loaded", 20)
    assert left == {
        "done/law.txt",
        "refused/empty.txt",
        "refused/empty.txt.reason",
        "refused/picture.png",
        "refused/picture.png.reason",
    }
    (reason,) = (inbox / "refused" / "empty.txt.reason").read_text().splitlines()
    assert reason.endswith("empty.txt is empty.")
    assert (inbox / "done" / "law.txt").read_bytes() == SEED.read_bytes()


def test_refused_files_are_reported_until_somebody_takes_them_away(desk: Desk, inbox: Path) -> None:
    assert refused_sentence(desk.settings) == ""
    put(inbox, "utf-16.txt", SEED.read_text(encoding="utf-8").encode("utf-16"))
    _, left = take_in(desk)
    assert left == {"refused/utf-16.txt", "refused/utf-16.txt.reason"}
    assert "It is not UTF-8" in (inbox / "refused" / "utf-16.txt.reason").read_text()
    assert refused_sentence(desk.settings).startswith("1 refused file waits in ")
    shutil.rmtree(inbox / "refused")
    assert refused_sentence(desk.settings) == ""


def test_a_name_that_is_taken_is_numbered_and_the_same_bytes_are_kept_once(desk: Desk, inbox: Path) -> None:
    for code in ("1", "2", "2"):
        put(inbox, "day.txt", digest(Item(code)))
        _, left = take_in(desk)
    assert left == {"done/day.txt", "done/day-2.txt"}
    assert (inbox / "done" / "day-2.txt").read_text() == digest(Item("2"))


def test_names_are_taken_as_they_are(desk: Desk, inbox: Path) -> None:
    odd = ["two words.txt", "*.txt", "-rf.txt", "a\nb.txt", "Ақпарат.txt", "no ending"]
    for number, name in enumerate(odd):
        put(inbox, name, digest(Item(str(number))))
    report, left = take_in(desk)
    assert report.status == "loaded"
    assert left == {f"done/{name}" for name in odd}


def test_a_name_as_long_as_names_may_be_has_its_reason_too(desk: Desk, inbox: Path) -> None:
    longest = f"{'ы' * 125}.txt"
    put(inbox, longest, "no digest")
    _, left = take_in(desk)
    assert left == {f"refused/{longest}", f"refused/{'ы' * 124}.reason"}


def test_a_name_that_is_no_utf8_is_refused_and_moved(desk: Desk, inbox: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(inbox) + b"/bad\xff.txt"))
    path.write_text(digest(Item("1")))
    os.utime(path, (LONG_AGO, LONG_AGO))
    arrivals = look(desk.settings, wait=never)
    report = ingest(list(arrivals.ready), settings=desk.settings)
    moves = move(arrivals, report.files_taken, report.refusals, desk.settings)
    assert list(moves.to_refused) == [path]
    assert not path.exists()
    assert moves.to_refused[path].with_name(f"{path.name}.reason").exists()


def test_a_file_that_was_written_again_meanwhile_stays_for_the_next_run(desk: Desk, inbox: Path) -> None:
    path = put(inbox, "day.txt", digest(Item("1")))
    arrivals = look(desk.settings, wait=never)
    report = ingest(list(arrivals.ready), settings=desk.settings)
    put(inbox, "day.txt", digest(Item("1"), Item("2")))
    moves = move(arrivals, report.files_taken, report.refusals, desk.settings)
    assert (moves.left, standing(desk)) == ([path], {"day.txt"})
    report, left = take_in(desk)
    assert (report.counts.releases_new, left) == (1, {"done/day.txt"})


def test_a_load_that_failed_moves_nothing(seeded: Desk, inbox: Path) -> None:
    desk = seeded
    desk.corrupt("update fact_release set listing_count = 7 where release_code = '997859'")
    put(inbox, "day.txt", digest(Item("1")))
    put(inbox, "same.txt", digest(Item("1")))
    arrivals = look(desk.settings, wait=never)
    run = Run(desk.settings)
    with pytest.raises(PressError, match="counts_agree"), run:  # noqa: PT012 - the steps of one load
        parse(run, read(run, arrivals.ready))
        normalise(run)
        load(run)
        run.check()
    move(arrivals, run.load_run.files_taken, run.load_run.refusals, desk.settings)
    assert standing(desk) == {"day.txt", "same.txt"}


def test_the_next_run_moves_what_a_run_killed_before_the_move_loaded(desk: Desk, inbox: Path) -> None:
    put(inbox, "law.txt", SEED.read_bytes())
    code = """
import os, signal
from warehouse import load_settings
from warehouse.intake.inbox import look
from warehouse.runs.ingest import ingest
settings = load_settings()
ingest(list(look(settings).ready), settings=settings)
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", code], env=desk.environ, cwd=PROJECT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert standing(desk) == {"law.txt"}
    before = desk.tables()
    report, left = take_in(desk)
    assert (report.status, left) == ("unchanged", {"done/law.txt"})
    assert desk.tables() == before


def test_an_inbox_that_is_no_folder_is_an_error(desk: Desk) -> None:
    settings = desk.settings.model_copy(update={"inbox_folder": desk.write("a file", "text")})
    with pytest.raises(PressError, match=r"The inbox .*a file cannot be read"):
        look(settings)


def test_a_run_without_a_new_file_says_since_when(desk: Desk) -> None:
    assert last_arrival(desk.settings) is None
    now = datetime(2025, 6, 1, 12)  # noqa: DTZ001 - moments are UTC without zone
    assert waiting_sentence(Arrivals(), None, now) == "No new file; none has come yet."
    desk.load(SEED, as_of="2025-06-01T06:00:00Z")
    newest = last_arrival(desk.settings)
    assert waiting_sentence(Arrivals(), newest, now) == "No new file since 11:00 Almaty time."
    assert waiting_sentence(Arrivals({}, [SEED]), newest, now).endswith("time. 1 file is still arriving.")


def refuse(inbox: Path, name: str, content: str, reason: str, desk: Desk) -> Path:
    path = put(inbox, name, content)
    arrivals = look(desk.settings, wait=never)
    return move(arrivals, (), {str(path): reason}, desk.settings).to_refused[path]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_refused_file_named_like_the_reason_of_another_and_that_reason_both_stay(
    desk: Desk, inbox: Path, order: tuple[int, int]
) -> None:
    files = [("x.txt", "one", "First."), ("x.txt.reason", "two", "Second.")]
    for number in order:
        name, content, reason = files[number]
        place = refuse(inbox, name, content, reason, desk)
        assert place.read_text() == content
    contents = {path.read_text() for path in (inbox / "refused").iterdir()}
    assert contents == {"one", "two", "First.\n", "Second.\n"}
    assert refused_sentence(desk.settings).startswith("2 refused files wait")


def test_refused_files_of_one_name_keep_their_reasons_and_the_same_bytes_are_kept_once(desk: Desk, inbox: Path) -> None:
    for content, reason in (("one", "First."), ("two", "Second."), ("one", "Third.")):
        refuse(inbox, "x.txt", content, reason, desk)
    there = {path.name: path.read_text() for path in (inbox / "refused").iterdir()}
    assert there == {"x.txt": "one", "x.txt.reason": "Third.\n", "x-2.txt": "two", "x-2.txt.reason": "Second.\n"}


def test_long_names_with_one_beginning_keep_a_reason_each(desk: Desk, inbox: Path) -> None:
    names = (f"{'x' * 250}a.txt", f"{'x' * 250}b.txt", f"{'x' * 248}.reason")
    for name in names:
        refuse(inbox, name, name[-9:], f"Reason of {name[-9:]}.", desk)
    contents = {path.read_text() for path in (inbox / "refused").iterdir()}
    assert contents == {text for name in names for text in (name[-9:], f"Reason of {name[-9:]}.\n")}
    assert refused_sentence(desk.settings).startswith("3 refused files wait")


def test_what_lies_in_the_inbox_and_is_no_file_is_named(desk: Desk, inbox: Path) -> None:
    for folder in ("2024", "done", "refused"):
        (inbox / folder).mkdir()
    (inbox / "link.txt").symlink_to(SEED)
    os.mkfifo(inbox / "pipe.txt")
    put(inbox, ".hidden.txt", "half")
    arrivals = look(desk.settings, wait=never)
    assert overlooked_sentence(arrivals) == (
        "Passed over in the inbox: 2024: it is a folder; put its files into the inbox itself; "
        "link.txt: it is a link; put the file itself there; pipe.txt: it is no regular file."
    )
    assert overlooked_sentence(Arrivals()) == ""
