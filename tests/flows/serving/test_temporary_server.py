"""The temporary server of `make run`: when it is started, and what is said where it does not start."""

import subprocess
import sys
from pathlib import Path

import pytest

from flows.serving.temporary_server import names_server, start, wait_for
from warehouse.errors import PressError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("profiles.toml", 'active = "own"\n[profiles.own]\nPREFECT_API_URL = "http://127.0.0.1:4200/api"\n'),
        (".env", "PREFECT_API_URL=http://127.0.0.1:4200/api\n"),
        ("prefect.toml", '[api]\nurl = "http://127.0.0.1:4200/api"\n'),
        ("pyproject.toml", '[tool.prefect.api]\nurl = "http://127.0.0.1:4200/api"\n'),
    ],
)
def test_a_file_that_may_name_a_server_leaves_it_to_prefect(folder: Path, file: str, text: str) -> None:
    environ = {"PREFECT_HOME": str(folder)}
    assert not names_server(environ)
    (folder / file).write_text(text, encoding="utf-8")
    assert names_server(environ)


@pytest.mark.parametrize("name", ["PREFECT_API_URL", "PREFECT_PROFILE"])
def test_no_server_starts_where_the_environment_names_one(folder: Path, name: str) -> None:
    environ = {"PREFECT_HOME": str(folder), name: "http://127.0.0.1:4200/api"}
    start(environ)()
    assert environ[name] == "http://127.0.0.1:4200/api"


def test_a_server_that_ends_before_it_answers_is_said_to_have_ended() -> None:
    process = subprocess.Popen([sys.executable, "-S", "-c", "raise SystemExit(3)"])
    with pytest.raises(PressError, match="did not start and ended with 3: see above, or start one with `make serve`"):
        wait_for(process, "http://127.0.0.1:9/api", 30)


def test_a_server_that_is_too_slow_is_said_to_be() -> None:
    process = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    with pytest.raises(PressError, match=r"did not start within 0\.1 s"):
        wait_for(process, "http://127.0.0.1:9/api", 0.1)
    process.communicate()
