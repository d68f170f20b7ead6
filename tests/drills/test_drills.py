"""The drills themselves: what they know of what they put in, what they see lost or doubled, and parts of them."""

import copy
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desk.warehouse import Desk
from tests.drills.document import read, write
from tests.drills.drill import COLUMNS, FAULTS, Outcome, table
from tests.drills.soak_summary import Sample, SoakResults, is_well
from tests.drills.surroundings import clock_environment, set_clock
from tests.drills.truth import Audit, Truth
from warehouse.project import PROJECT

NOTHING_WRONG = Audit([], [])
WELL = Outcome(FAULTS[0].title, "it | was", "none", "0", "0", "completed after 9 s", "Crashed: it ended")


@pytest.fixture(scope="module")
def two_loads(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Truth]:
    """A warehouse with random digests in it, and what is true of them."""
    desk, truth = Desk.at(tmp_path_factory.mktemp("loaded")), Truth(random.Random(1))
    for day in (1, 2):
        desk.load(truth.deliver(desk.settings.inbox, 60), as_of=f"2025-06-0{day}T06:00:00Z")
    return desk, truth


@pytest.fixture
def loads(two_loads: tuple[Desk, Truth], tmp_path: Path) -> tuple[Desk, Truth]:
    """The same in a folder of the test's own, and a truth that may go on."""
    desk, truth = two_loads
    shutil.copytree(desk.folder, tmp_path / "desk")
    return Desk.at(tmp_path / "desk"), copy.deepcopy(truth)


def test_what_was_put_in_is_all_there_and_once(loads: tuple[Desk, Truth]) -> None:
    desk, truth = loads
    assert len(truth.releases) < truth.listings.total(), "some are listed again"
    assert truth.audit(desk.settings) == NOTHING_WRONG


def test_a_digest_that_did_not_arrive_is_lost(loads: tuple[Desk, Truth]) -> None:
    desk, truth = loads
    truth.digest(10)
    audit = truth.audit(desk.settings)
    assert audit.losses[0] == "10 listings"
    assert audit.duplicates == []


def test_a_row_that_is_there_twice_is_doubled(loads: tuple[Desk, Truth]) -> None:
    desk, truth = loads
    desk.settings.published.unlink()
    desk.corrupt("insert into fact_listing from fact_listing limit 2")
    desk.settings.warehouse.rename(desk.settings.published)
    assert truth.audit(desk.settings).duplicates == ["2 listings"]


@pytest.mark.parametrize(
    "change",
    [
        {"leftovers": "1: inbox, Running"},
        {"losses": "3 releases"},
        {"duplicates": "1 listings"},
        {"next_run": "none within 180 s"},
        {"course": "not as it should: the server did not answer"},
    ],
)
def test_an_outcome_is_well_only_when_all_of_it_is(change: dict[str, str]) -> None:
    assert WELL.is_well
    assert not replace(WELL, **change).is_well


def test_the_table_has_a_row_for_each_outcome_and_keeps_its_columns() -> None:
    head, rule, row = table([WELL]).splitlines()
    assert head.count("|") == rule.count("|") == len(COLUMNS) + 1
    assert row.replace("\\|", "").count("|") == len(COLUMNS) + 1


def test_faults_that_were_not_played_keep_their_rows_in_the_order_of_all() -> None:
    flow, disk = (replace(WELL, fault=fault.title) for fault in FAULTS if fault.name in ("flow", "disk"))
    before = table([disk, flow])
    after = table([replace(disk, losses="3 releases")], before).splitlines()
    assert after[2] == before.splitlines()[2]
    assert after[2].startswith(f"| {flow.fault} |")
    assert "3 releases" in after[3]


def test_text_is_put_between_the_markers_and_nowhere_else(tmp_path: Path) -> None:
    document = tmp_path / "operations.md"
    document.write_text("a\n<!-- drill: begin -->\nold\n<!-- drill: end -->\nb\n")
    write("drill", "new", document)
    write("drill", "newer", document)
    assert read("drill", document) == "newer"
    assert document.read_text() == "a\n<!-- drill: begin -->\nnewer\n<!-- drill: end -->\nb\n"
    with pytest.raises(ValueError, match="soak: begin"):
        write("soak", "x", document)


def test_a_process_that_goes_on_growing_grows() -> None:
    sizes = {"staging": 0.0}
    growth = SoakResults([Sample(runs, {"server": 200 + max(0, runs - 100) / 5}, sizes) for runs in range(200)])
    warmup = SoakResults([Sample(runs, {"server": 200 + min(runs, 90)}, sizes) for runs in range(200)])
    for results in (growth, warmup):
        results.peaks = {1: (1, 350.0), 2: (199, 351.0)}
    assert growth.slope("server") == pytest.approx(20)
    assert not is_well(growth, NOTHING_WRONG)
    assert is_well(warmup, NOTHING_WRONG)
    assert not is_well(warmup, Audit(["1 releases"], []))


TAKE_IN = """
import sys
from warehouse.intake.inbox import look, move
from warehouse.runs.ingest import ingest
from warehouse.settings import load_settings
settings = load_settings()
for day in (1, 2):
    arrived = look(settings)
    if arrived.ready:
        report = ingest(list(arrived.ready), settings=settings, as_of=f"2025-06-{day:02}T06:00:00Z")
        move(arrived, report.files_taken, report.refusals, settings)
"""


def test_two_programs_on_one_inbox_and_warehouse_lose_and_double_nothing(desk: Desk) -> None:
    truth = Truth(random.Random(3))
    environ = desk.environ | {"PRESS_LOCK_TIMEOUT_S": "60", "PRESS_INBOX_SETTLE_S": "0.1"}
    command = [sys.executable, "-c", TAKE_IN]
    inbox = desk.settings.inbox
    truth.deliver(inbox, 20)
    with (
        subprocess.Popen(command, env=environ, cwd=PROJECT) as one,
        subprocess.Popen(command, env=environ, cwd=PROJECT) as other,
    ):
        while one.poll() is None and other.poll() is None:
            truth.deliver(inbox, 20)
        assert (one.wait(), other.wait()) == (0, 0)
    subprocess.run(command, env=environ, cwd=PROJECT, check=True)
    assert truth.audit(desk.settings) == NOTHING_WRONG
    assert [*inbox.glob("*.txt")] == []
    assert len([*(inbox / "done").iterdir()]) == truth.digests


@pytest.fixture
def clock(tmp_path: Path) -> dict[str, str]:
    if shutil.which("cc") is None:
        pytest.skip("no C compiler: cc makes the clock that can be set")
    return clock_environment(tmp_path)


TELL_TIME = "import time, datetime; print(time.time(), datetime.datetime.now().timestamp(), time.monotonic())"


def test_the_clock_of_a_stage_can_be_set_and_how_long_things_take_stays(tmp_path: Path, clock: dict[str, str]) -> None:
    def times() -> list[float]:
        command = [sys.executable, "-c", TELL_TIME]
        return [float(word) for word in subprocess.check_output(command, env=os.environ | clock).split()]

    before = times()
    set_clock(tmp_path, 26)
    after = times()
    assert [round((now - then) / 3600) for then, now in zip(before, after, strict=True)] == [26, 26, 0]
