"""`press sql`: answers in every format, from the command line, a pipe and a prompt."""

import fcntl
import io
import json
import os
import pty
import select
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pytest

from tests.desk.warehouse import Desk


@pytest.mark.parametrize(
    ("output", "printed"),
    [
        ("table", "code  n\nkk    1\n1 row\n"),
        ("csv", "code,n\nkk,1\n"),
        ("json", '[\n{"code": "kk", "n": 1}\n]\n'),
    ],
)
def test_sql_is_answered_in_the_formats_of_questions(seeded: Desk, output: str, printed: str) -> None:
    text = "select code, 1 as n from dim_language where code = 'kk'"
    done = seeded.press_here("sql", text, "--format", output)
    assert (done.returncode, done.stdout, done.stderr) == (0, printed, "")


def test_parquet_goes_to_a_pipe(seeded: Desk) -> None:
    done = subprocess.run(
        seeded.command("sql", "select name from dim_section", "--format", "parquet"),
        capture_output=True, check=True, env=seeded.environ,
    )  # fmt: skip
    path = seeded.folder / "sections.parquet"
    path.write_bytes(done.stdout)
    assert duckdb.read_parquet(str(path)).columns == ["name"]


def test_statements_come_from_a_pipe_too(seeded: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("select 1 as one;\nselect 2 as two;"))
    assert seeded.press_here("sql").stdout == "one\n  1\n1 row\ntwo\n  2\n1 row\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["drop table dim_text"], "press: line 1, column 1: DROP is refused, for this reads and changes nothing.\n"),
        (["selct 1"], 'press: line 1, column 1: syntax error at or near "selct"\n'),
        (["select 1", "--format", "xml"], "press: --format xml: it can be table, csv, json, parquet.\n"),
        (
            ["select 1; select 2", "--format", "csv"],
            "press: --format csv is for the answer to one statement, and there",
        ),
        ([" "], "press: There is no statement to ask.\n"),
    ],
)
def test_what_is_wrong_is_one_line(seeded: Desk, arguments: list[str], message: str) -> None:
    done = seeded.press_here("sql", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(message)


class Terminal:
    """A terminal of 80 columns and 24 lines with a command in it."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def wait_for(self, text: str) -> str:
        """What is shown until `text` is, that included."""
        shown = ""
        while text not in shown:
            ready, _, _ = select.select([self.descriptor], [], [], 20)
            assert ready, shown
            block = os.read(self.descriptor, 65536).decode(errors="replace")
            if "\x1b[6n" in block:
                self.type("\x1b[1;1R")  # where the cursor is
            shown += block
        return shown

    def type(self, text: str) -> None:
        os.write(self.descriptor, text.encode())


@contextmanager
def terminal(desk: Desk, *arguments: str) -> Iterator[Terminal]:
    environ = {**desk.environ, "TERM": "xterm", "PAGER": "cat", "XDG_STATE_HOME": str(desk.folder / "state")}
    child, ours = pty.fork()
    if child == 0:
        os.execve(sys.executable, desk.command(*arguments), environ)
    try:
        fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        yield Terminal(ours)
        assert os.waitpid(child, 0)[1] == 0
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    finally:
        os.close(ours)


def test_a_prompt_takes_statements_over_lines_and_outlives_errors_and_ctrl_c(seeded: Desk) -> None:
    with terminal(seeded, "sql") as prompt:
        prompt.wait_for("press>")
        prompt.type("select 40\r+ 2 as answer;\r")
        assert "42" in prompt.wait_for("1 row")
        prompt.type("drop table dim_text;\r")
        prompt.wait_for("DROP is refused")
        prompt.type("select 1; select max(i) from range(100_000_000_000) as numbers(i);\r")
        prompt.wait_for("1 row")
        prompt.type("\x03")
        prompt.wait_for("Stopped.")
        prompt.type("select title, url from mart_release;\r")
        assert "\x1b[31m" not in prompt.wait_for("20 rows")
        prompt.type("quit\r")
    history = seeded.folder / "state" / "press-warehouse" / "sql-history"
    assert "drop table dim_text;" in history.read_text(encoding="utf-8")
    assert history.stat().st_mode & 0o077 == 0


def test_exports_are_written_where_one_stands(seeded: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(seeded.folder)
    done = seeded.press_here("export", "--query", "newest_releases", "--param", "limit=3", "--format", "csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Wrote newest_releases.csv: 3 rows.\n", "")
    assert seeded.press_here("export", "dim_region", "dim_section", "--out", "small.sqlite").stdout.startswith(
        "Wrote small.sqlite: 2 tables, "
    )
    with sqlite3.connect("small.sqlite") as con:
        assert con.execute("select count(*) from dim_section").fetchone() == (2,)
    assert json.loads((seeded.folder / "small.metadata.json").read_text())["databases"].keys() == {"small"}
    done = seeded.press_here("export", "dim_section", "--format", "xlsx", "--out", "no/such/place.xlsx")
    assert done.returncode == 0
    assert done.stdout.startswith(
        "Wrote no/such/place.xlsx: 2 rows.\nExcel: whole numbers of more than 15 digits are text"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dim_section"], "press: --format is missing: it can be xlsx, csv, parquet, sqlite, datapackage, duckdb.\n"),
        (
            ["dim_sectoin", "--format", "csv"],
            "press: There is no table or view “dim_sectoin” in the warehouse. Did you me",
        ),
        (["--query", "languages", "--param", "x", "--format", "csv"], "press: --param x: write it as KEY=VALUE.\n"),
    ],
)
def test_an_export_that_makes_no_sense_is_one_line(seeded: Desk, arguments: list[str], message: str) -> None:
    done = seeded.press_here("export", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(message)
