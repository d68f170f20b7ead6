"""`pip install .`: the wheel has all that `press` needs, and works from any folder."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.desk.digests import SEED
from warehouse.project import PROJECT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=PROJECT, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `press` of a new environment: the project from the wheel, its dependencies from this environment."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    python = venv / "bin" / "python"
    install = ["install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", wheel]
    subprocess.run([sys.executable, "-m", "pip", "--python", python, *install], check=True)
    (packages,) = venv.glob("lib/python*/site-packages")
    # A folder named in a .pth file has its own .pth files left unread: an editable checkout is not found by it.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return venv / "bin" / "press"


def run(press: Path, *arguments: object, cwd: Path) -> str:
    left_out = ("PRESS_", "PYTHONPATH")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    done = subprocess.run(
        [press, *map(str, arguments)], cwd=cwd, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_carries_sql_and_reference_rows_but_no_digests_or_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    for folder, pattern in (("sql", "**/*.sql"), ("seeds", "**/*.csv")):
        files = {f"warehouse/{path.relative_to(PROJECT).as_posix()}" for path in (PROJECT / folder).glob(pattern)}
        assert files == {name for name in names if name.startswith(f"warehouse/{folder}/")}
    data = {"prefect.yaml", "report/brief/template/brief.html"}
    assert {"flows/serving/automations.toml", *(f"warehouse/{name}" for name in data)} <= names
    assert {name.split("/")[0] for name in names} == {"warehouse", "flows"}


def test_it_loads_a_digest_and_answers_from_another_folder(installed: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run(installed, "init", tmp_path / "press", cwd=elsewhere)
    notes = tmp_path / "press" / "notes"
    notes.mkdir()
    assert "20 new, 0 changed" in run(installed, "ingest", SEED, "--as-of", "2025-06-01T06:00:00Z", cwd=notes)
    busiest = json.loads(run(installed, "query", "busiest_publishers", "--format", "json", cwd=tmp_path / "press"))
    assert (busiest[0]["publisher_slug"], busiest[0]["publisher"], busiest[0]["releases"]) == (
        "mod",
        "Ministry of Defence",
        7,
    )
    assert sum(row["releases"] for row in busiest) == 20
    assert (tmp_path / "press" / "data" / "published" / "warehouse.duckdb").exists()
    # Where nothing was laid out the data lie in the current folder.
    settings = run(installed, "settings", cwd=elsewhere)
    assert f"PRESS_WAREHOUSE            {elsewhere}/data/warehouse.duckdb\n" in settings
    assert f"PRESS_SEEDS                {installed.parents[1]}/lib/" in settings
    assert list(elsewhere.iterdir()) == []


OLD_PYTHON = """#!{python}
import sys
sys.version_info = (3, 10, 14, "final", 0)
exec(sys.argv[2])
"""


@pytest.mark.parametrize("is_in_venv", [False, True])
def test_an_old_python_is_refused_in_one_line_before_anything_is_made(tmp_path: Path, *, is_in_venv: bool) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_bytes((PROJECT / name).read_bytes())
    python = tmp_path / ".venv" / "bin" / "python" if is_in_venv else tmp_path / "python3.10"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(OLD_PYTHON.format(python=sys.executable), encoding="utf-8")
    python.chmod(0o755)
    if is_in_venv:
        (tmp_path / ".venv" / "run").touch()
    before = sorted(tmp_path.rglob("*"))
    chosen = [] if is_in_venv else [f"PYTHON={python}"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "run", *chosen], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    ours, makes_own = done.stderr.splitlines()
    assert ours.startswith("press: Python 3.11 or later is needed, and ")
    assert ours.endswith(" is 3.10: run `make clean`, then `make run PYTHON=python3.11`.")
    assert makes_own.startswith("make: ")
    assert sorted(tmp_path.rglob("*")) == before
