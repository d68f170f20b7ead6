"""What docs/operations.md and `deploy/` say is so: commands that need a server run, units are well-formed.

What documents have in common (names, files, tables) is in test_docs.py.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from tests.desk.documents import Copy, consoles, text_of
from tests.desk.prefect_server import COMMAND
from tests.desk.serving import PATIENCE_S, until
from warehouse.project import PROJECT

OPERATIONS = text_of("docs/operations.md")
UNITS = sorted((PROJECT / "deploy").glob("*.service"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy.at(tmp_path_factory.mktemp("operated") / "press")


@pytest.fixture(scope="module")
def environ(prefect_server: Path, project: Copy) -> dict[str, str]:
    """The server alone, and a portal that nobody is at."""
    from prefect.settings import PREFECT_API_URL

    assert prefect_server.exists()
    return {
        "PREFECT_HOME": str(project.folder / "data" / "prefect"),
        "PREFECT_API_URL": PREFECT_API_URL.value(),
        "PRESS_PORTAL_URL": "http://127.0.0.1:9",
        "DO_NOT_TRACK": "1",
    }


def test_every_command_answers_as_shown(project: Copy, environ: dict[str, str]) -> None:
    project.show(".venv/bin/press ingest seeds/digests", "…", **environ)
    (project.folder / "data" / "archive" / "portal" / "warehouse.duckdb").mkdir(parents=True)
    # test_ui.py has the server that `make serve` starts.
    commands = [pair for pair in consoles(OPERATIONS) if pair[0] != "make serve"]
    assert len(commands) == 9
    alone = " ".join(COMMAND)
    assert re.findall(r"^\.venv/bin/(python -m flows\.serving\.serve .*)$", OPERATIONS, re.MULTILINE) == [alone]
    for command, expected in commands:
        project.show(command, expected, **environ)
    # One of them had a worker run a deployment of prefect.yaml.
    assert states_of_worker_runs(environ) == ["Completed"]


def states_of_worker_runs(environ: dict[str, str]) -> list[str]:
    """The states of the runs that the work pool's worker is done with."""
    chosen = {
        "work_pools": {"name": {"any_": ["press-process"]}},
        "flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}},
    }

    def ask() -> list[Any]:
        answer = requests.post(f"{environ['PREFECT_API_URL']}/flow_runs/filter", json=chosen, timeout=PATIENCE_S)
        answer.raise_for_status()
        return list(answer.json())

    return [run["state_name"] for run in until(ask)]


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
    assert re.search(r"^ExecStart=\S+/(python -m flows\.serving\.serve|prefect worker start)", text, re.MULTILINE)


def test_the_image_has_what_the_program_needs_and_no_secret() -> None:
    dockerfile = (PROJECT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    copied = {name for line in re.findall(r"^COPY (.*) \S+$", dockerfile, re.MULTILINE) for name in line.split()}
    assert {"seeds", "sql", "warehouse", "flows", "prefect.yaml", "constraints.txt"} <= copied
    assert [name for name in copied if not (PROJECT / name).exists()] == []
    first_layer = dockerfile.partition("RUN pip install")[0]
    built = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert [name for name in built["targets"]["wheel"]["force-include"] if f" {name} " not in first_layer] == []
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
