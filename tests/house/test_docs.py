"""What the documents say is so: commands run and answer as shown, tables are as the code is, files exist."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from typer.main import get_command

from tests.desk.digests import SEED
from warehouse import Settings
from warehouse.cli.main import app
from warehouse.cli.settings import list_settings
from warehouse.database.schema import MARTS, SCHEMA
from warehouse.digest.records import REASONS
from warehouse.report.questions import questions
from warehouse.settings import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")

EXAMPLE = "newest_releases_of_publisher"
"""The question that CONTRIBUTING adds."""

LOG_CONNECTIONS = """
import os, sys

def log(event, arguments):
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            with open(os.environ["CONNECTIONS"], "a") as file:
                print(event, address, file=file)
    elif event == "socket.getaddrinfo" and arguments[0] not in ("127.0.0.1", "::1", "localhost", None):
        with open(os.environ["CONNECTIONS"], "a") as file:
            print(event, arguments[:2], file=file)

sys.addaudithook(log)
"""


def consoles(text: str) -> list[tuple[str, str]]:
    """Commands of the ```console blocks with the output shown below each."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = piece.partition("\n")
            found.append((command, output))
    return found


def masked(text: str) -> list[str]:
    """Lines without what differs from run to run: times, durations, white space at the ends."""
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "<moment>", text)
    text = re.sub(r"\d+\.\d\d s", "<seconds>", text)
    return [line.rstrip() for line in text.splitlines()]


def shows(expected: list[str], got: list[str]) -> bool:
    """Whether the lines shown are those got; a line “…” stands for any lines."""
    if not expected:
        return not got
    if expected[0] == "…":
        return any(shows(expected[1:], got[skipped:]) for skipped in range(len(got) + 1))
    return bool(got) and expected[0] == got[0] and shows(expected[1:], got[1:])


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in a folder with spaces in its name, with the installed packages of this environment."""
    folder = tmp_path_factory.mktemp("elsewhere") / "a copy of the project"
    # The environment, what it caches, and data: not what a person clones.
    shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns(".git", ".*cache", ".venv*", "__pycache__", "data"))
    venv = folder / ".venv"
    venv.mkdir()
    for part in ("bin", "lib", "include", "pyvenv.cfg"):
        if (Path(sys.prefix) / part).exists():
            (venv / part).symlink_to(Path(sys.prefix) / part)
    for mark in ("run", "dev", "bench"):
        (venv / mark).touch()
    return folder


def in_copy(copy: Path, command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    left_out = re.compile("PRESS_|PREFECT_|MAKE|COV_|COVERAGE|NO_PROXY|no_proxy")
    environ = {name: value for name, value in os.environ.items() if not left_out.match(name)}
    # A proxy that nothing comes through, as a company's would for this machine's own addresses.
    environ |= dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
    audit = copy.parent / "audit"
    audit.mkdir(exist_ok=True)
    (audit / "sitecustomize.py").write_text(LOG_CONNECTIONS, encoding="utf-8")
    environ["CONNECTIONS"] = str(copy.parent / "connections.log")
    # The installed `press` must take the copy for the project, not the folder it was installed from.
    environ["PYTHONPATH"] = f"{copy}{os.pathsep}{audit}"
    return subprocess.run(
        ["bash", "-c", command], cwd=cwd or copy, env=environ, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def first_run(copy: Path) -> subprocess.CompletedProcess[str]:
    """`make run` in the copy, called from another directory."""
    return in_copy(copy, f"make --no-print-directory -C '{copy}' run", cwd=copy.parent)


def test_make_run_works_from_another_directory_in_a_path_with_spaces(
    copy: Path, first_run: subprocess.CompletedProcess[str]
) -> None:
    assert first_run.returncode == 0, first_run.stderr
    shown = dict(consoles(README))["make run"]
    assert masked(first_run.stdout) == masked(shown)
    assert (copy / "data" / "published" / "warehouse.duckdb").exists()
    assert (copy / "data" / "prefect" / "prefect.db").exists()


def test_the_makefile_can_be_named_from_another_directory(copy: Path) -> None:
    done = in_copy(copy, f"make -f '{copy}/Makefile' help", cwd=copy.parent)
    assert done.returncode == 0, done.stderr
    assert done.stdout == in_copy(copy, "make").stdout


def test_make_run_speaks_to_no_other_machine(copy: Path, first_run: subprocess.CompletedProcess[str]) -> None:
    assert first_run.returncode == 0
    assert not (copy.parent / "connections.log").exists()


def test_every_command_of_the_readme_answers_as_shown(copy: Path, first_run: subprocess.CompletedProcess[str]) -> None:
    assert first_run.returncode == 0
    # What `make serve` prints, and that it stops, is in test_operations_doc.py.
    commands = [pair for pair in consoles(README) if pair[0] not in ("make run", "make serve")]
    assert len(commands) > 8
    for command, shown in commands:
        done = in_copy(copy, command)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        assert shows(masked(shown), masked(done.stdout)), f"{command}\n{done.stdout}"


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_make_target_and_press_command_named_exists(document: str) -> None:
    text = (PROJECT / document).read_text(encoding="utf-8")
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    assert set(re.findall(r"press (?!release)([a-z]+)", text)) <= commands
    asked = set(re.findall(r"press query ([a-z_]+)", text))
    assert asked <= {question.name for question in questions()} | {EXAMPLE}


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_file_named_exists(document: str) -> None:
    text = (PROJECT / document).read_text(encoding="utf-8")
    linked = {target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target}
    named = set(re.findall(r"`((?:seeds|sql|warehouse|flows|tests|docs|benchmarks)/[\w./-]*)`", text))
    assert {name for name in linked | named if not (PROJECT / name).exists()} <= {f"sql/queries/{EXAMPLE}.sql"}


def rows_of_table(text: str, header: str) -> list[list[str]]:
    """The cells of the Markdown table whose first line is `header`."""
    below = text.split(f"{header}\n", 1)[1].splitlines()[1:]
    rows = []
    for line in below:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_reasons_of_rejection_are_those_of_the_parser() -> None:
    told = {code.strip("`"): sentence for code, sentence in rows_of_table(README, "| reason | |")}
    assert told == REASONS


def test_settings_and_their_defaults_are_those_of_the_program() -> None:
    told = {
        name.strip("`"): default.strip("`") for name, default, _ in rows_of_table(README, "| setting | default | |")
    }
    groups = list_settings(Settings(), PROJECT)
    assert told == {setting.name: setting.value for group in groups.values() for setting in group}


def test_tables_told_of_are_tables_of_the_schema() -> None:
    told = {name.strip("`") for name, _, _ in rows_of_table(README, "| table | one row per | key |")}
    assert told <= set(SCHEMA)
    assert {name for name in SCHEMA if name.startswith("fact_")} <= told
    assert set(re.findall(r"`(mart_\w+)`", README)) == set(MARTS)


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**os.environ, "PRESS_WAREHOUSE": str(tmp_path / "data" / "press.duckdb")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_limits_told_are_those_of_the_program() -> None:
    from warehouse.digest.read import MAX_ITEM_BYTES

    assert f"An item may have {MAX_ITEM_BYTES >> 20} MiB" in README
    assert "all 20 items of the seed" in README
    assert SEED.read_text(encoding="utf-8").count("?lang=kk") == 20


def test_the_example_question_of_contributing_works(copy: Path, first_run: subprocess.CompletedProcess[str]) -> None:
    assert first_run.returncode == 0
    (sql,) = re.findall(r"^ *```sql\n(.*?)^ *```", CONTRIBUTING, re.MULTILINE | re.DOTALL)
    path = copy / "sql" / "queries" / f"{EXAMPLE}.sql"
    path.write_text(textwrap.dedent(sql), encoding="utf-8")
    done = in_copy(copy, f".venv/bin/press query {EXAMPLE} --param slug=mfa --format json")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("release_code") == 3
