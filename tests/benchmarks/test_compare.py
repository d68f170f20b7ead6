"""The command that says whether two warehouses are equal row for row."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from warehouse.project import PROJECT

SCHEMA = """
create table fact (key integer, title varchar);
create view mart as select key, upper(title) as title from fact;
create table load_run (run_id varchar);
insert into fact values (1, 'one'), (1, 'one'), (2, null);
"""


def warehouse(path: Path, statements: str) -> Path:
    with duckdb.connect(path) as con:
        con.execute(SCHEMA + statements)
    return path


def compare(folder: Path, change: str, *options: str) -> tuple[int, list[str]]:
    """Exit code and lines of the command for a warehouse and its like after `change`."""
    before = warehouse(folder / "it's before.duckdb", "insert into load_run values ('a')")
    after = warehouse(folder / "after.duckdb", change)
    command = [sys.executable, str(PROJECT / "benchmarks" / "compare.py"), str(before), str(after), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT, env={"PYTHONPATH": "."})
    assert done.stderr == ""
    return done.returncode, [" ".join(line.split()) for line in done.stdout.splitlines()[1:]]


def test_warehouses_with_the_same_rows_in_another_order_are_equal(tmp_path: Path) -> None:
    code, lines = compare(tmp_path, "create or replace table fact as from fact order by key desc")
    assert code == 0
    assert lines == [
        "fact 3 3 0 0",
        "mart 3 3 0 0",
        "2 tables and views: equal row for row, but for what is excepted.",
    ]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("delete from fact where key = 2", "fact 3 2 1 0 DIFFERS"),
        ("insert into fact values (1, 'one')", "fact 3 4 0 1 DIFFERS"),
        ("update fact set title = '' where key = 2", "fact 3 3 1 1 DIFFERS"),
        ("alter table fact add column bytes integer", "fact 3 3 0 0 DIFFERS; only after: bytes"),
        ("alter table fact alter key type bigint", "fact 3 3 0 0 DIFFERS; only before: key; only after: key"),
        ("create table more (key integer)", "more – 0 0 0 DIFFERS"),
    ],
)
def test_what_differs_is_counted_and_fails_unless_excepted(tmp_path: Path, change: str, line: str) -> None:
    code, lines = compare(tmp_path, change)
    assert (code, line in lines) == (1, True), lines
    names = ("--except", "fact", "mart", "more")
    (tmp_path / "again").mkdir()
    code, lines = compare(tmp_path / "again", change, *names)
    assert (code, line.replace("DIFFERS", "excepted") in lines) == (0, True), lines
