"""Crashes, full disks, locks and damaged files: the warehouse is as before or as after, and a line says what is wrong.

With real processes where they are killed, hold locks or meet limits of the system.
"""

import ctypes
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from tests.desk.digests import MEETING, MEETING_EDITED, SEED, Item, digest
from tests.desk.forks import fork_press
from tests.desk.warehouse import Desk
from warehouse.project import PROJECT

ITEMS = 2_000
KILLS = 12

State = dict[str, tuple[object, ...]]


def state(warehouse: Path) -> State:
    """Count and checksum of every table but those that tell of attempts."""
    with duckdb.connect(warehouse, read_only=True) as con:
        names = con.execute(
            "select table_name from duckdb_tables() "
            "where table_name not in ('load_run', 'check_outcome', 'check_result')"
        ).fetchall()
        counts = " union all ".join(
            f"select '{name}', count(*), bit_xor(hash({name})) from {name}" for (name,) in names
        )
        return {name: tuple(counted) for name, *counted in con.execute(counts).fetchall()}


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, but for the lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def assert_one_clear_line(result: "subprocess.CompletedProcess[str]", *fragments: str) -> None:
    assert result.returncode == 1, result
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    assert result.stderr.startswith("press: ")
    for fragment in fragments:
        assert fragment in result.stderr


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A warehouse with the seed in it, beside two digests of some thousand items that are not loaded yet."""
    folder = tmp_path_factory.mktemp("before")
    desk = Desk.at(folder)
    desk.load(SEED)
    numbered = [
        Item(str(1_000_000 + number), body=f"{text} Decision {number} stands.", listed=f"{number % 28 + 1:02}.05.2025")
        for number in range(ITEMS // 2)
        for text in (MEETING, MEETING_EDITED)
    ]
    (folder / "new").mkdir()
    desk.write("new/law.txt", digest(*numbered[: ITEMS // 2]))
    desk.write("new/economy.txt", digest(*numbered[ITEMS // 2 :], section="Economy"))
    return desk


@pytest.fixture
def crashing(before: Desk, tmp_path: Path) -> Desk:
    """The same in a folder of the test's own, so that it may be damaged."""
    shutil.copytree(before.folder, tmp_path / "desk")
    folder = tmp_path / "desk"
    return Desk.at(folder)


def ingest_new(desk: Desk) -> list[object]:
    return ["ingest", desk.folder / "new", "--as-of", "2025-06-02T06:00:00Z"]


def test_a_killed_load_leaves_the_state_before_or_after_and_the_next_finishes(crashing: Desk) -> None:
    desk, moment = crashing, random.Random(1)
    backup = desk.folder / "backup"
    shutil.copytree(desk.settings.home, backup)
    old = state(desk.settings.warehouse)
    fork_press(desk.environ).join()  # the first one waits until all is imported
    begin = time.perf_counter()
    loading = fork_press(desk.environ, *ingest_new(desk))
    loading.join()
    duration = time.perf_counter() - begin
    assert loading.exitcode == 0
    new = state(desk.settings.warehouse)
    assert new != old

    def restore() -> None:
        shutil.rmtree(desk.settings.home)
        shutil.copytree(backup, desk.settings.home)

    restore()
    for number in range(KILLS):
        # One in each twelfth of the load.
        loading = fork_press(desk.environ, *ingest_new(desk))
        time.sleep(duration * (number + moment.random()) / KILLS)
        loading.kill()
        loading.join()
        found = state(desk.settings.warehouse)
        assert found in (old, new)
        assert state(desk.settings.published) in (old, found)
        if found == new:
            desk.load(desk.folder / "new")
            assert state(desk.settings.published) == new, "what was loaded but not published is published next time"
            restore()

    finished = desk.press_here(*ingest_new(desk))
    assert finished.returncode == 0, finished.stderr
    assert state(desk.settings.warehouse) == new
    assert state(desk.settings.published) == new
    assert list(desk.settings.staging.glob("*")) == []
    assert [path.suffix for path in desk.settings.loads.iterdir()] == [".json", ".json"]
    assert list(desk.settings.published.parent.iterdir()) == [desk.settings.published]


def test_what_a_killed_load_left_behind_is_settled_by_the_next(crashing: Desk) -> None:
    desk = crashing
    staging = desk.settings.staging / "a-killed-run"
    staging.mkdir(parents=True)
    (staging / "listing-1-0-000000.parquet").write_bytes(b"half of a fi")
    partial = desk.settings.published.with_name(f".{desk.settings.published.name}.0123")
    partial.write_bytes(b"half of a copy")
    [committed] = desk.settings.loads.iterdir()
    committed.rename(committed.with_name(committed.name + ".pending"))
    uncommitted = desk.settings.loads / "00000000-0000-0000-0000-000000000000.json.pending"
    uncommitted.write_text(committed.with_name(committed.name + ".pending").read_text())

    desk.load(desk.folder / "new")
    assert not staging.exists()
    assert not partial.exists()
    assert committed.exists(), "the load is in the warehouse"
    assert not uncommitted.exists(), "the load is not in the warehouse"


@contextmanager
def another_process(script: str, *arguments: object, desk: Desk) -> Iterator["subprocess.Popen[str]"]:
    """Run a script until it says “ready”, and end it afterwards."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=desk.environ, cwd=PROJECT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


HOLD_LOCK = """
import sys, time
from warehouse.database.connection import writing
from warehouse.settings import load_settings
with writing(load_settings(), "a test that dawdles"):
    print("ready", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_learns_who_writes_and_gets_its_turn_when_the_first_is_killed(crashing: Desk) -> None:
    desk, new = crashing, crashing.folder / "new"
    with another_process(HOLD_LOCK, desk=desk) as holder:
        waited = desk.press("ingest", new)
        assert_one_clear_line(waited, f"is being written by process {holder.pid} on", "(a test that dawdles)")
        holder.kill()
        holder.wait()
        assert desk.press_here("ingest", new).returncode == 0


def test_writers_at_once_wait_for_each_other_and_all_is_loaded(crashing: Desk) -> None:
    desk = crashing
    paths = [desk.write(f"{number}.txt", digest(Item(f"99000{number}"))) for number in range(3)]
    environ = {**desk.environ, "PRESS_LOCK_TIMEOUT_S": "60"}
    writers = [fork_press(environ, "ingest", path) for path in paths]
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert desk.ask("select count(*) from fact_release where portal_id between 990000 and 990002") == [(3,)]
    assert state(desk.settings.published) == state(desk.settings.warehouse)


HOLD_FILE = """
import sys, time, duckdb
con = duckdb.connect(sys.argv[1])
print("ready", flush=True)
time.sleep(60)
"""


def test_a_warehouse_open_in_another_program_is_said_to_be(crashing: Desk) -> None:
    with another_process(HOLD_FILE, crashing.settings.warehouse, desk=crashing) as holder:
        result = crashing.press_here("ingest", crashing.folder / "new")
        assert_one_clear_line(result, "is open in another program", str(holder.pid))


READ_ON = """
import sys, duckdb
print("ready", flush=True)
while True:
    with duckdb.connect(sys.argv[1], read_only=True) as con:
        print(*con.execute(
            "select (select count(*) from fact_release), (select sum(listing_count) from fact_release), "
            "(select count(*) from fact_listing), (select count(distinct text_key) from dim_text)"
        ).fetchone(), flush=True)
"""


def test_readers_of_the_published_copy_never_block_a_load_nor_see_half_of_it(crashing: Desk) -> None:
    desk = crashing
    published = desk.settings.published
    with duckdb.connect(published, read_only=True) as kept_open:
        seen_before = kept_open.execute("select count(*) from fact_release").fetchone()
        with another_process(READ_ON, published, desk=desk) as reader:
            assert reader.stdout is not None
            first = reader.stdout.readline()
            loading = fork_press(desk.environ, *ingest_new(desk))
            loading.join()
            assert loading.exitcode == 0
            with duckdb.connect(desk.settings.warehouse, read_only=True) as con:
                releases = con.execute("select count(*) from fact_release").fetchone()
            seen = {first}
            while (line := reader.stdout.readline()).split()[0] == first.split()[0]:
                seen.add(line)
            seen.add(line)
        assert kept_open.execute("select count(*) from fact_release").fetchone() == seen_before
    assert len(seen) == 2, f"either before or after: {seen}"
    assert releases == (int(line.split()[0]),)


def test_the_published_copy_is_replaced_as_a_whole_and_cannot_be_written(crashing: Desk) -> None:
    published = crashing.settings.published
    inode = published.stat().st_ino
    crashing.load(crashing.folder / "new")
    assert published.stat().st_ino != inode
    assert published.stat().st_mode & 0o222 == 0


def limited(limit: int) -> Callable[[], None]:
    """Let no file of the process grow beyond so many bytes, as on a disk that is full."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


@pytest.mark.parametrize("share", [0.5, 1.25, 3, 7], ids=["archive", "staging", "commit", "checkpoint"])
def test_a_full_disk_is_one_clear_line_that_says_whether_the_load_is_in(crashing: Desk, share: float) -> None:
    desk = crashing
    old = state(desk.settings.warehouse)
    limit = int((desk.folder / "new" / "law.txt").stat().st_size * share)
    result = desk.press("ingest", desk.folder / "new", preexec_fn=limited(limit))
    assert_one_clear_line(result, "File too large")
    is_loaded = state(desk.settings.warehouse) != old
    assert ("The load is in the warehouse" in result.stderr) == is_loaded
    assert state(desk.settings.published) == old
    again = desk.press_here("ingest", desk.folder / "new")
    assert again.returncode == 0, again.stderr
    assert desk.ask("select count(*) from fact_listing") == [(20 + ITEMS,)]
    assert state(desk.settings.published) == state(desk.settings.warehouse)
    assert [run["status"] for run in desk.runs()] == (
        ["loaded", "loaded", "unchanged"] if is_loaded else ["loaded", "failed", "loaded"]
    )


PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2


def bound_by_permissions() -> None:
    """Let permissions hold for root too: without these two capabilities they do, after the next exec."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "prctl")


def test_a_folder_that_cannot_be_written_is_one_clear_line(crashing: Desk) -> None:
    home = crashing.settings.home
    modes = {path: path.stat().st_mode for path in [home, *home.rglob("*")]}
    for path, mode in modes.items():
        path.chmod(mode & 0o555)
    kept = files(home)
    result = crashing.press("ingest", crashing.folder / "new", preexec_fn=bound_by_permissions)
    for path, mode in modes.items():
        path.chmod(mode)
    assert_one_clear_line(result, f"{home} cannot be written")
    assert files(home) == kept


def test_digests_that_may_not_be_read_are_refused_and_others_load(desk: Desk) -> None:
    hidden, secret = desk.folder / "hidden", desk.write("secret.txt", digest(Item("997845")))
    hidden.mkdir()
    shutil.copy(SEED, hidden / "law.txt")
    good = desk.write("good.txt", digest(Item("997844")))
    hidden.chmod(0o000)
    secret.chmod(0o000)
    paths = [hidden / "law.txt", secret]
    result = desk.press("ingest", *paths, good, preexec_fn=bound_by_permissions)
    hidden.chmod(0o700)
    assert result.returncode == 1
    assert result.stderr.splitlines() == [f"press: {path} cannot be read: Permission denied." for path in paths]
    assert desk.ask("select release_code from fact_release") == [("997844",)]


def test_a_warehouse_below_a_file_is_one_clear_line(desk: Desk) -> None:
    path = desk.write("file", "no folder")
    result = desk.press_here("ingest", SEED, "--warehouse", path / "press.duckdb")
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1), result
    assert f"{path}/" in result.stderr


def random_bytes(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(100_000))


def truncated(path: Path) -> None:
    os.truncate(path, 8192)


def header_flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[:4096] = bytes(byte ^ 0xFF for byte in content[:4096])
    path.write_bytes(content)


def text(path: Path) -> None:
    path.write_text("This is no database.")


@pytest.mark.parametrize("damage", [random_bytes, truncated, header_flipped, text])
def test_a_corrupt_warehouse_is_one_clear_line_that_names_the_remedy(
    crashing: Desk, damage: Callable[[Path], None]
) -> None:
    damage(crashing.settings.warehouse)
    kept = files(crashing.settings.home)
    result = crashing.press_here("ingest", crashing.folder / "new")
    assert_one_clear_line(result, str(crashing.settings.warehouse), "press rebuild")
    assert files(crashing.settings.home) == kept


@pytest.mark.parametrize("first", [12_288, 20_000, 1_000_000])
def test_blocks_damaged_inside_are_one_clear_line_and_no_loss_of_the_archive(crashing: Desk, first: int) -> None:
    content = bytearray(crashing.settings.warehouse.read_bytes())
    for offset in range(first, len(content), 4096):
        content[offset : offset + 64] = bytes(64)
    crashing.settings.warehouse.write_bytes(content)
    archived = files(crashing.settings.digests) | files(crashing.settings.loads)
    result = crashing.press("ingest", crashing.folder / "new")
    assert_one_clear_line(result, "Corrupt database file", "press rebuild")
    assert "open in another program" not in result.stderr
    kept = files(crashing.settings.digests) | files(crashing.settings.loads)
    assert archived.items() <= kept.items()


def test_a_duckdb_file_of_something_else_is_left_alone(desk: Desk) -> None:
    desk.settings.home.mkdir()
    desk.corrupt("create table something (else_ integer)")
    kept = files(desk.settings.home)
    assert_one_clear_line(desk.press_here("ingest", SEED), "is a DuckDB file of something else")
    assert files(desk.settings.home) == kept


@pytest.mark.parametrize(("version", "remedy"), [(99, "use a newer version"), (0, "run `press rebuild`")])
def test_a_warehouse_of_another_schema_is_left_alone(crashing: Desk, version: int, remedy: str) -> None:
    crashing.corrupt(f"update schema_version set version = {version}")
    kept = files(crashing.settings.home)
    assert_one_clear_line(crashing.press_here("ingest", crashing.folder / "new"), f"has schema {version}", remedy)
    assert files(crashing.settings.home) == kept


def test_a_warehouse_with_other_tables_is_left_alone(crashing: Desk) -> None:
    crashing.corrupt("update schema_version set fingerprint = 'of other statements'")
    kept = files(crashing.settings.home)
    result = crashing.press_here("ingest", crashing.folder / "new")
    assert_one_clear_line(result, "has other tables or views than this program needs", "run `press rebuild`")
    assert files(crashing.settings.home) == kept
