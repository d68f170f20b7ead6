"""Digests at fault: they are found, refused with the reason, and the others are loaded."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.digests import Item, digest
from tests.desk.warehouse import Desk
from warehouse.check import checks
from warehouse.database.sql import SQL
from warehouse.errors import CheckFailed
from warehouse.project import PROJECT
from warehouse.runs.isolate import ENOUGH_FAULTS, faults

POISON = """-- fail: A title is poison.
select {columns}
from fact_listing
where title like 'Poison%' and source_file_key in (select source_file_key from scope_file)
"""
PAIR = """-- fail: Two titles do not go together.
select 'one and two' as titles
where (select count(distinct title) from fact_listing where title in ('Half one', 'Half two')) = 2
"""
FAILURE = CheckFailed("all together")


@pytest.fixture
def poisonous(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A warehouse with two more checks, which some digests fail."""
    shutil.copytree(SQL / "checks", tmp_path / "sql" / "checks")
    monkeypatch.setattr(checks, "SQL", tmp_path / "sql")
    (tmp_path / "sql" / "checks" / "poison.sql").write_text(POISON.format(columns="title"))
    (tmp_path / "sql" / "checks" / "pair.sql").write_text(PAIR)
    return desk


def written(desk: Desk, *titles: str) -> list[Path]:
    return [desk.write(f"{n}.txt", digest(Item(str(n + 1), title=title))) for n, title in enumerate(titles)]


def releases(desk: Desk) -> list[str]:
    return [code for (code,) in desk.ask("select release_code from fact_release order by all")]


@pytest.mark.parametrize("columns", ["title", "source_file_key"])
def test_a_digest_that_fails_a_check_is_refused_and_the_others_load(poisonous: Desk, columns: str) -> None:
    desk = poisonous
    (checks.SQL / "checks" / "poison.sql").write_text(POISON.format(columns=columns))
    good, bad, twin, other = written(desk, "Good", "Poison", "Poison", "Other")
    twin.write_bytes(bad.read_bytes())
    report = desk.load(good, bad, twin, other)
    assert (report.status, report.files_loaded, report.files_known) == ("loaded", [str(good), str(other)], [])
    assert list(report.refusals) == [str(bad), str(twin)]
    assert report.refusals[str(bad)].startswith(f"{bad} cannot be loaded: poison: A title is poison. (1 row,")
    assert releases(desk) == ["1", "4"]
    assert [row["status"] for row in desk.runs()] == ["loaded"]
    assert len(list(desk.settings.digests.iterdir())) == 2, "what was refused is not kept"
    assert desk.press_here("rebuild").returncode == 0
    assert releases(desk) == ["1", "4"]


def test_digests_that_fail_only_together_lose_one_whoever_came_first(poisonous: Desk) -> None:
    paths = written(poisonous, "Half one", "Good", "Half two")
    other = poisonous.another("other")
    refused = [list(desk.load(*order).refusals) for desk, order in ((poisonous, paths), (other, paths[::-1]))]
    assert refused[0] == refused[1]
    assert len(refused[0]) == 1
    assert releases(other) == releases(poisonous)


def test_a_warehouse_at_fault_refuses_no_digest(poisonous: Desk) -> None:
    paths = written(poisonous, "Good", "Other")
    poisonous.load(paths[0])
    poisonous.corrupt("update fact_release set listing_count = 7")
    with pytest.raises(CheckFailed, match="counts_agree"):
        poisonous.load(paths[1])
    assert poisonous.runs()[-1]["checks_failed"] == 1
    assert len(list(poisonous.settings.loads.iterdir())) == 1


def test_a_run_that_is_killed_between_the_attempts_leaves_nothing_half_done(poisonous: Desk) -> None:
    new, bad = written(poisonous, "Good", "Poison")
    poisonous.load(poisonous.write("old.txt", digest(Item("9"))), as_of="2025-06-01T06:00:00Z")
    before = poisonous.tables()
    code = f"""
import os, signal
from pathlib import Path
from warehouse import load_settings
from warehouse.check import checks
from warehouse.runs.ingest import ingest
from warehouse.runs.run import Run
checks.SQL = Path({str(checks.SQL)!r})
Run.commit = lambda _: os.kill(os.getpid(), signal.SIGKILL)
ingest({[str(new), str(bad)]}, settings=load_settings())
"""
    killed = subprocess.run([sys.executable, "-c", code], env=poisonous.environ, cwd=PROJECT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert poisonous.tables() == before
    report = poisonous.load(new, bad, as_of="2025-06-03T06:00:00Z")
    assert (report.files_loaded, list(report.refusals)) == ([str(new)], [str(bad)])
    assert len(list(poisonous.settings.loads.iterdir())) == 2


@given(
    count=st.integers(1, 40),
    poisons=st.sets(st.integers(0, 39), max_size=4),
    pairs=st.sets(st.frozensets(st.integers(0, 39), min_size=2, max_size=2), max_size=3),
    suspected=st.sets(st.integers(0, 39), max_size=5),
)
def test_what_is_left_loads_and_only_what_is_at_fault_is_left_out(
    count: int, poisons: set[int], pairs: set[frozenset[int]], suspected: set[int]
) -> None:
    def attempt(things: Sequence[int]) -> Exception | None:
        fails = not poisons.isdisjoint(things) or any(pair <= set(things) for pair in pairs)
        return CheckFailed(str(things)) if fails else None

    things = range(count)
    if attempt(things) is None:
        return
    left_out = {thing for thing, _ in faults(attempt, things, suspected, FAILURE)}
    rest = [thing for thing in things if thing not in left_out]
    assert attempt(rest) is None
    for thing in left_out:
        assert attempt([*rest, thing]) is not None, "it could have been loaded"


def test_one_fault_among_many_costs_about_two_loads_of_all() -> None:
    loads: list[int] = []

    def attempt(things: Sequence[int]) -> Exception | None:
        loads.append(len(things))
        return FAILURE if 777 in things else None

    assert faults(attempt, range(1_000), (), FAILURE) == [(777, FAILURE)]
    assert sum(loads) <= 3 * 1_000
    assert len(loads) <= 2 * 10 + 1


def test_where_nothing_loads_nobody_is_at_fault() -> None:
    with pytest.raises(CheckFailed):
        faults(lambda _: FAILURE, range(10 * ENOUGH_FAULTS), (), FAILURE)
    unforeseen = ValueError("a month that is no number")
    with pytest.raises(ValueError, match="a month"):
        faults(lambda _: unforeseen, range(3), (), unforeseen)
