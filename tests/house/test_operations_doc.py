"""What docs/operations.md and `deploy/` say is so: commands run, tables name what exists, units are well-formed."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from tests.desk.ports import free_port
from tests.desk.prefect_database import put_database
from tests.desk.serving import PATIENCE_S, until
from tests.house.test_docs import README, consoles, masked, shows
from warehouse.cli.main import app
from warehouse.cli.settings import list_settings
from warehouse.settings import PROJECT, Settings

OPERATIONS = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
UNITS = sorted((PROJECT / "deploy").glob("*.service"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, without its data, with the packages of this environment."""
    folder = tmp_path_factory.mktemp("operated") / "press"
    shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns(".git", ".*cache", ".venv*", "__pycache__", "data"))
    (folder / ".venv").mkdir()
    for part in ("bin", "lib", "include", "pyvenv.cfg"):
        if (Path(sys.prefix) / part).exists():
            (folder / ".venv" / part).symlink_to(Path(sys.prefix) / part)
    for mark in ("run", "dev"):
        (folder / ".venv" / mark).touch()
    put_database(folder / "data" / "prefect")
    return folder


@pytest.fixture(scope="module")
def environ(project: Path) -> dict[str, str]:
    left_out = re.compile("PRESS_|PREFECT_|MAKE|COV_|COVERAGE")
    kept = {name: value for name, value in os.environ.items() if not left_out.match(name)}
    port = str(free_port())
    return {
        **kept,
        "PYTHONPATH": str(project),
        "PREFECT_HOME": str(project / "data" / "prefect"),
        "PREFECT_RUNNER_POLL_FREQUENCY": "1",
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PRESS_SERVER_PORT": port,
        "PRESS_PORTAL_URL": "http://127.0.0.1:9",
        "DO_NOT_TRACK": "1",
    }


@contextmanager
def serving(command: list[str], last_line: str, project: Path, environ: dict[str, str]) -> Iterator[str]:
    """Start a server and give what it printed up to a line; press Ctrl-C at the end."""
    process = subprocess.Popen(
        command,
        cwd=project,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = ""
    while last_line not in said and (line := process.stdout.readline()):
        said += line
    try:
        yield said
    finally:
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stdout.read()
        process.wait(PATIENCE_S)
    assert rest.startswith("Stopping …\nStopped.\n")


def test_make_serve_says_what_the_documents_show_and_ctrl_c_stops_it(project: Path, environ: dict[str, str]) -> None:
    with serving(["make", "serve"], "  maintain ", project, environ) as said:
        for document in (README, OPERATIONS):
            shown = dict(consoles(document))["make serve"].replace("4200", environ["PRESS_SERVER_PORT"])
            assert shows(without_moments(shown), without_moments(said)), said


def test_every_command_answers_as_shown(project: Path, environ: dict[str, str]) -> None:
    subprocess.run(
        [".venv/bin/press", "ingest", "seeds/digests"], cwd=project, env=environ, check=True, capture_output=True
    )
    (project / "data" / "archive" / "portal" / "warehouse.duckdb").mkdir(parents=True)
    commands = [pair for pair in consoles(OPERATIONS) if pair[0] != "make serve"]
    assert len(commands) == 9
    (alone,) = re.findall(r"^\.venv/bin/(python -m flows\.serve .*)$", OPERATIONS, re.MULTILINE)
    with serving([sys.executable, *alone.split()[1:]], "Ctrl-C", project, environ):
        for command, shown in commands:
            done = subprocess.run(
                ["bash", "-c", command], cwd=project, env=environ, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{command}: {done.stdout} {done.stderr}"
            assert shows(without_moments(shown), without_moments(done.stdout)), f"{command}\n{done.stdout}"
        # One of them had a worker run a deployment of prefect.yaml.
        assert worker_ran(environ) == ["Completed"]


def without_moments(text: str) -> list[str]:
    return masked(re.sub(r"\d{8}T\d{6}Z|[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d", "<moment>", text))


def worker_ran(environ: dict[str, str]) -> list[str]:
    """The states of the runs that the work pool's worker is done with."""

    asked = {
        "work_pools": {"name": {"any_": ["press-process"]}},
        "flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}},
    }
    request = urllib.request.Request(
        f"{environ['PREFECT_API_URL']}/flow_runs/filter",
        data=json.dumps(asked).encode(),
        headers={"Content-Type": "application/json"},
    )

    def answer() -> list[Any]:
        with urllib.request.urlopen(request) as answered:
            return list(json.load(answered))

    return [run["state_name"] for run in until(answer)]


def test_everything_named_exists() -> None:
    named = set(re.findall(r"\b((?:deploy|docs|flows|tests)/[\w.-]+\.\w+)", OPERATIONS))
    # What a person makes from an example.
    assert {name for name in named if not (PROJECT / name).exists()} == {"deploy/press.env"}
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    assert set(
        re.findall(r"(?<![\w-])press ([a-z]+)\b(?! press)", re.sub(r"\bpress:|-g press|-o press", "", OPERATIONS))
    )
    assert set(re.findall(r"`press ([a-z]+)", OPERATIONS)) <= commands
    targets = set(re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", OPERATIONS)) <= targets
    settings = {setting.name for group in list_settings(Settings()).values() for setting in group}
    assert set(re.findall(r"\bPRESS_\w+", OPERATIONS)) - settings == {"PRESS_PROJECT"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_well_formed(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    # By links, for a unit would have to quote blanks in the paths of this project and its Python.
    (tmp_path / "project").symlink_to(PROJECT)
    (tmp_path / "python").symlink_to(sys.prefix)
    here = text.replace("/opt/press/.venv", f"{tmp_path}/python").replace("/opt/press", f"{tmp_path}/project")
    (tmp_path / unit.name).write_text(here)
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / unit.name], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^ExecStart=\S+/(python -m flows\.serve|prefect worker start)", text, re.MULTILINE)


def test_the_image_has_what_the_program_needs_and_no_secret() -> None:
    dockerfile = (PROJECT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    copied = {name for line in re.findall(r"^COPY (.*) \S+$", dockerfile, re.MULTILINE) for name in line.split()}
    assert {"seeds", "sql", "warehouse", "flows", "prefect.yaml", "constraints.txt"} <= copied
    assert [name for name in copied if not (PROJECT / name).exists()] == []
    kept = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {name.split("/")[0] for name in copied} <= {line[1:] for line in kept if line.startswith("!")}
    assert "USER press" in dockerfile


def test_compose_lets_nobody_in_without_a_password_and_only_from_this_machine() -> None:
    compose = yaml.safe_load((PROJECT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
    serve = compose["services"]["serve"]
    assert serve["ports"] == ["127.0.0.1:4200:4200"]
    assert serve["environment"]["PRESS_SERVER_AUTH"].startswith("${PRESS_SERVER_AUTH:?")
    assert compose["services"]["database"]["environment"]["POSTGRES_PASSWORD"].startswith("${PRESS_DATABASE_PASSWORD:?")
    assert "ports" not in compose["services"]["database"]
    example = (PROJECT / "deploy" / "press.env.example").read_text(encoding="utf-8")
    assert dict(re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE)) == dict.fromkeys(
        ("PRESS_SERVER_AUTH", "PRESS_DATABASE_PASSWORD", "PRESS_PORTAL_CONTACT"), ""
    )
