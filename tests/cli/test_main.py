"""The command line: what it prints, where, and with which exit code."""

import csv
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
import uuid
from importlib.metadata import version
from pathlib import Path

import duckdb
import pytest

from tests.desk.digests import SEED, Item, digest
from tests.desk.warehouse import Desk
from warehouse.cli import main as cli
from warehouse.report.output import write
from warehouse.report.questions import questions

HOSTILE = '\x1b[31mRed\x1b]0;owned\x07, "quoted" \u202egnp.exe\u2066 [bold]x[/bold] \x9b2J =1+1'


class Press:
    """The command line inside this process, on the warehouse of a desk."""

    def __init__(self, desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.desk, self.capsys = desk, capsys
        for name in [name for name in os.environ if name.startswith("PRESS_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("PRESS_WAREHOUSE", str(desk.settings.warehouse))
        monkeypatch.chdir(desk.folder)

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        self.capsys.readouterr()
        code = cli.run([str(argument) for argument in arguments])
        return code, *self.capsys.readouterr()


@pytest.fixture
def press(desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Press:
    return Press(desk, capsys, monkeypatch)


def test_help_names_every_command_and_what_it_does(press: Press) -> None:
    code, out, err = press("--help")
    assert (code, err) == (0, "")
    assert press() == (0, out, "")
    for command in ("ingest", "query", "check", "dictionary", "rebuild"):
        assert f"\n  {command} " in out
        assert press(command, "--help")[:1] == (0,)


def test_help_imports_nothing_that_it_does_not_need() -> None:
    heavy = {"duckdb", "polars", "pydantic", "rich", "lingua", "email", "importlib.metadata"}
    code = f"import sys; from warehouse.cli.main import run; run(['--help']); print({heavy} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope"], "No such command 'nope'. See press --help."),
        (["ingest"], "Missing argument 'PATH…'. See press --help."),
        (["ingest", "x", "--as-of"], "Option '--as-of' requires an argument. See press --help."),
        (["query", "--bad"], "No such option: --bad. See press --help."),
        (["query", "nope"], "There is no question “nope”: `press query` lists those there are."),
        (["qeury"], "No such command 'qeury'. Did you mean 'query'? See press --help."),
        (["ingest", "x", "--forse"], "No such option: --forse. Did you mean --force? See press --help."),
        (
            ["query", "busiest_publisher"],
            "There is no question “busiest_publisher”: `press query` lists those there are. Did you mean busiest_pub",
        ),
        (["query", "languages", "--param", "limit"], "--param limit: write it as KEY=VALUE."),
        (["ingest", "x", "--as-of", "yesterday"], "as_of is “yesterday”, which is no moment: write it like 2025-06"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(press: Press, arguments: list[str], message: str) -> None:
    code, out, err = press(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"press: {message}")
    assert err.count("\n") == 1


@pytest.mark.usefixtures("seeded")
def test_a_wrong_format_or_log_level_is_wrong_usage(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    assert press("query", "languages", "--format", "xml") == (
        2, "", "press: --format xml: it can be table, csv, json, parquet.\n"
    )  # fmt: skip
    monkeypatch.setenv("PRESS_LOG", "loud")
    assert press("query")[0] == 2


def test_the_version_is_shown_with_that_of_duckdb(press: Press) -> None:
    assert press("--version") == (0, f"press {version('press-warehouse')} (DuckDB {duckdb.__version__})\n", "")


def test_no_summary_of_a_command_is_cut(press: Press) -> None:
    for arguments in (["--help"], ["archive", "--help"]):
        commands = press(*arguments)[1].partition("Commands:")[2]
        assert commands
        assert "..." not in commands


def test_ingest_tells_what_it_did(press: Press) -> None:
    code, out, err = press("ingest", SEED.parent, "--as-of", "2025-05-21T18:00:00+05:00")
    assert (code, err) == (0, "")
    assert out.startswith("Loaded 20 releases: 20 new, 0 edited, 0 rejected.\n")
    assert "  as of         2025-05-21 13:00:00 UTC\n" in out
    assert "  published     data/published/press.duckdb\n" in out
    assert "No change" in press("ingest", SEED)[1]
    assert "status        unchanged" in press("ingest", SEED, "--force")[1]


def test_what_is_odd_is_listed_after_a_load_and_by_check(press: Press) -> None:
    press("ingest", SEED, "--as-of", "2025-06-01T01:00:00Z")
    silent = "silent_source: A source has delivered nothing for longer than it ever takes. (all digests): 3.0 days, "
    out = press("ingest", SEED, "--as-of", "2025-06-04T01:00:00Z")[1]
    assert f"  failing       {silent}" in out
    assert "  warned        missing_bodies: " in out
    code, out, _ = press("check")
    assert code == 0
    assert f"failing {silent}expected at most 2.0 days, since 2025-06-04 01:00:00 UTC\n" in out


def test_a_table_has_moments_to_the_second(press: Press) -> None:
    press("ingest", SEED, "--as-of", "2025-06-01T01:00:00.123456Z")
    assert re.search(r"^2025-06-01 01:00:00  ", press("query", "recent_loads")[1], re.MULTILINE)


def test_no_brief_is_written_of_a_day_that_has_not_come(press: Press) -> None:
    press("ingest", SEED)
    assert press("brief", "--date", "2099-01-01") == (
        2, "", "press: --date 2099-01-01: that day has not come yet, so there is nothing to brief about.\n"
    )  # fmt: skip


def test_an_archive_that_nothing_was_fetched_into_is_sound(press: Press) -> None:
    assert press("archive", "verify") == (0, "Nothing was fetched yet, so there is nothing to verify.\n", "")


def test_rejected_records_are_reported_and_are_no_failure(press: Press) -> None:
    path = press.desk.write("cut.txt", digest(Item("1")) + f"\n{HOSTILE} 21.05.2025\nAnd the rest is miss")
    code, out, err = press("ingest", path)
    assert (code, err) == (0, "")
    assert "rejected      " in out
    assert "cut.txt:6 cut_off: " in out
    assert all(line.isprintable() for line in out.splitlines())


def test_a_refused_digest_fails_and_the_others_are_loaded(press: Press) -> None:
    good = press.desk.write("good.txt", digest(Item("1")))
    bad = press.desk.write("no\x1b[31m\ndigest.txt", "Nothing of the kind.\n")
    code, out, err = press("ingest", good, bad, "missing.txt")
    assert code == 1
    assert "1 loaded, 0 known already, 2 refused" in out
    assert "Loaded 1 release: 1 new" in out
    assert err.count("\n") == 2
    assert "missing.txt does not exist." in err
    assert "\x1b" not in out + err


def test_query_alone_lists_the_questions_with_their_parameters(press: Press) -> None:
    code, out, _ = press("query")
    assert code == 0
    for question in questions():
        assert f"{question.name} " in out
        assert question.text in out
    assert "--param phrase=… --param limit=20" in out


@pytest.fixture
def hostile(press: Press) -> Press:
    """A warehouse with one release whose title would act on a terminal and break careless formats."""
    press("ingest", press.desk.write("hostile.txt", digest(Item("1", title=HOSTILE, body='Two\rlines, "a" and b'))))
    return press


def test_a_table_shows_hostile_text_and_lets_none_of_it_act(hostile: Press) -> None:
    code, out, _ = hostile("query", "newest_releases")
    assert code == 0
    assert out.endswith("1 row\n")
    assert all(line.isprintable() for line in out.splitlines())
    assert '�[31mRed�]0;owned�, "quoted" �gnp.exe� [bold]x[/bold] �2J =1+1' in out


def test_csv_json_and_parquet_give_hostile_text_back_sign_for_sign(hostile: Press) -> None:
    question = ("query", "text_on_day", "--param", "code=1", "--format")
    expected = (HOSTILE, 'Two\nlines, "a" and b')
    as_csv = hostile(*question, "csv")[1]
    (row,) = csv.DictReader(io.StringIO(as_csv, newline=""))
    assert (row["title"], row["body"]) == expected
    as_json = hostile(*question, "json")[1]
    (record,) = json.loads(as_json)
    assert (record["title"], record["body"]) == expected
    assert all(line.isprintable() for line in as_json.splitlines())
    done = subprocess.run(
        hostile.desk.command(*question, "parquet"), capture_output=True, check=True, env=hostile.desk.environ
    )
    path = hostile.desk.folder / "answer.parquet"
    path.write_bytes(done.stdout)
    assert duckdb.sql(f"select title, body from '{path}'").fetchall() == [expected]


def test_csv_quotes_what_a_reader_would_take_for_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    write(
        duckdb.sql("select 'a\rb' as x, '' as y, null as z, true as t, 1.50 as d, date '2025-05-21' as on_day"), "csv"
    )
    assert capsys.readouterr().out == 'x,y,z,t,d,on_day\n"a\rb","",,true,1.5,2025-05-21\n'


@pytest.mark.usefixtures("seeded")
def test_an_empty_answer_is_well_formed_in_every_format(press: Press) -> None:
    question = ("query", "releases_mentioning", "--param", "phrase=nowhere to be found", "--format")
    columns = "release_date,dated_by,first_listed_date,release_code,publisher_slug,language,origin,title,passage"
    assert press(*question, "csv")[1] == f"{columns}\n"
    assert json.loads(press(*question, "json")[1]) == []
    assert press(*question, "table")[1].endswith("0 rows\n")


def on_a_terminal(desk: Desk, *arguments: object) -> str:
    """What a terminal gets to see of a command."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        desk.command(*arguments), stdin=theirs, stdout=theirs, stderr=theirs, env={**desk.environ, "TERM": "xterm"}
    ) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                block = os.read(ours, 65536)
            except OSError:  # how Linux says that the other side is closed
                break
            if not block:
                break
            seen += block
        process.wait()
    os.close(ours)
    return seen.decode()


def test_on_a_terminal_csv_cannot_act_and_parquet_is_not_poured_out(hostile: Press) -> None:
    seen = on_a_terminal(hostile.desk, "query", "text_on_day", "--param", "code=1", "--format", "csv")
    assert "\x1b[31mRed" not in seen
    assert "�[31mRed" in seen
    assert "writes bytes" in on_a_terminal(hostile.desk, "query", "languages", "--format", "parquet")


def test_on_a_terminal_a_load_shows_its_progress(desk: Desk) -> None:
    seen = on_a_terminal(desk, "ingest", SEED)
    assert "parse" in seen
    assert "100%" in seen
    assert "Loaded 20 releases" in seen


def test_what_is_not_there_is_told_in_one_line(press: Press) -> None:
    code, out, err = press("query", "languages")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "does not exist yet: load a digest first" in err
    code, out, err = press("rebuild")
    assert (code, out, err.count("\n")) == (1, "", 1)


def test_a_damaged_warehouse_is_told_in_one_line(press: Press) -> None:
    press.desk.settings.home.mkdir()
    press.desk.settings.warehouse.write_bytes(b"no database" * 1000)
    for arguments in (["ingest", SEED], ["query", "languages"], ["check"]):
        code, out, err = press(*arguments)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert "press rebuild" in err


@pytest.mark.parametrize("is_named", [False, True])
def test_an_error_nobody_foresaw_is_one_line_and_its_traceback_is_kept_beside_the_warehouse(
    press: Press, monkeypatch: pytest.MonkeyPatch, *, is_named: bool
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(uuid, "uuid4", fail)
    other = press.desk.another("elsewhere").settings
    settings = other if is_named else press.desk.settings
    arguments = ["--warehouse", other.warehouse] if is_named else []
    code, out, err = press("ingest", press.desk.write("new.txt", digest(Item("1"))), *arguments)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert f"This is a fault of press; the traceback is in {settings.home}/press.log" in err
    assert "Traceback" not in err
    assert "Traceback (most recent call last)" in (settings.home / "press.log").read_text()
    assert [path.parent for path in press.desk.folder.rglob("press.log")] == [settings.home]


def test_press_log_debug_shows_the_traceback(desk: Desk) -> None:
    done = subprocess.run(
        desk.command("query", "languages"),
        capture_output=True, text=True, check=False, env={**desk.environ, "PRESS_LOG": "debug"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("press: ")


@pytest.mark.usefixtures("seeded")
def test_check_tells_of_every_check_and_fails_when_one_does(press: Press) -> None:
    code, out, _ = press("check")
    assert code == 0
    assert out.splitlines()[0] == "passed  bytes_tile"
    assert "warned  missing_bodies: " in out
    press.desk.corrupt("update fact_release set listing_count = 7 where release_code = '997859'")
    press.desk.settings.published.unlink()
    code, out, _ = press("check")
    assert code == 1
    assert "failed  counts_agree: " in out


@pytest.mark.usefixtures("seeded")
def test_rebuild_makes_the_warehouse_again(press: Press) -> None:
    before = press.desk.tables()
    press.desk.corrupt("delete from fact_release")
    code, out, err = press("rebuild")
    assert (code, err) == (0, "")
    assert out.endswith(" from 1 load.\n")
    assert press.desk.tables() == before


def test_dictionary_is_written_where_it_is_wished(press: Press) -> None:
    assert press("dictionary", "--output", "docs/words.md") == (0, "wrote docs/words.md\n", "")
    assert "## fact_listing" in (press.desk.folder / "docs" / "words.md").read_text(encoding="utf-8")
    press.desk.write("file", "")
    assert press("dictionary", "--output", "file/words.md") == (
        1, "", "press: file/words.md cannot be written: File exists.\n"
    )  # fmt: skip


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A digest that takes seconds to load: each of its 60,000 bodies is another."""
    path = tmp_path_factory.mktemp("large") / "large.txt"
    items = (Item(str(number), body=f"The ministry opened school number {number}. " * 12) for number in range(60_000))
    path.write_text(digest(*items), encoding="utf-8")
    return path


@pytest.mark.parametrize("reached", ["*/*/listing-*.parquet", "*/*/text-*.parquet"])
def test_an_interrupted_load_leaves_nothing_half_done(seeded: Desk, large: Path, reached: str) -> None:
    desk = seeded
    before = desk.tables()
    with subprocess.Popen(
        desk.command("ingest", large), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=desk.environ
    ) as process:
        deadline = time.monotonic() + 60
        while not any((desk.settings.home / "staging").glob(reached)) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (130, "", "press: Interrupted: nothing is half done.\n")
    assert desk.tables() == before
    assert not any(desk.settings.staging.glob("*/*"))
    assert [run["status"] for run in desk.runs()] == ["loaded", "failed"]
    assert desk.press_here("query", "busiest_publishers").returncode == 0


def test_a_reader_that_has_seen_enough_is_no_error(desk: Desk) -> None:
    desk.load(desk.write("long.txt", digest(Item("1", body="A very long release. " * 100_000))))
    with subprocess.Popen(
        desk.command("query", "text_on_day", "--param", "code=1", "--format", "json"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=desk.environ,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_in_one_line(seeded: Desk) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            seeded.command("query", "languages"),
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=seeded.environ,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "press: No space left on device.\n")


def test_pipes_get_utf8_whatever_the_locale(desk: Desk) -> None:
    desk.load(desk.write("kk.txt", digest(Item("1", title="Шымкентте семинар өтті"))))
    done = subprocess.run(
        desk.command("query", "newest_releases", "--format", "csv"),
        capture_output=True, check=True, env={**desk.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert "Шымкентте семинар өтті" in done.stdout.decode("utf-8")


def test_a_table_is_bounded_and_says_what_it_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect() as con:
        write(con.sql("select i, repeat('x', i % 2) as x from range(300000) as t(i)"), "table")
        assert capsys.readouterr().out.splitlines()[-1] == "1,000 of 300,000 rows; --format csv gives all"
        write(con.sql("select repeat('y', 8000000) as title"), "table")
    out = capsys.readouterr().out
    assert len(out) < 20_000
    assert "… (7,990,000 more characters)" in out
