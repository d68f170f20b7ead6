"""The commands of the flows: wrong settings, or a server that does not answer, are one line and no traceback."""

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.command import command, reach_server
from tests.desk.ports import free_port
from tests.desk.warehouse import press_here
from warehouse.project import PROJECT

ENVIRON = {name: value for name, value in os.environ.items() if not name.startswith(("PRESS_", "PREFECT_"))}


@pytest.fixture(scope="module")
def another_program() -> Iterator[str]:
    """The address of a web server that is not Prefect's."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()


def test_a_server_that_does_not_answer_is_named_before_anything_is_loaded(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/api"
    own = {
        "PREFECT_HOME": str(tmp_path),
        "PREFECT_API_URL": url,
        "PRESS_WAREHOUSE": str(tmp_path / "data" / "w.duckdb"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "flows.ingest"],
        cwd=PROJECT, env=ENVIRON | own, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"press: No Prefect server answers at {url}: start it with `make serve`, or correct PREFECT_API_URL.\n"
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "{another_program}",
            "What answers at {another_program} is no Prefect server (status 501): correct PREFECT_AP",
        ),
        ("nonsense", "No Prefect server answers at nonsense: start it with `make serve`, or correct PREFECT_API_URL."),
        ("http://", "No Prefect server answers at http://: start it with `make serve`, or correct PREFECT_API_URL."),
    ],
)
def test_what_is_no_server_is_named(
    another_program: str, capsys: pytest.CaptureFixture[str], url: str, message: str
) -> None:
    wrong = url.format(another_program=another_program)
    with temporary_settings({PREFECT_API_URL: wrong}), pytest.raises(SystemExit) as left, command():
        reach_server()
    assert left.value.code == 1
    assert f"press: {message.format(another_program=another_program)}" in capsys.readouterr().err


def test_a_wrong_setting_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESS_THREADS", "many")
    with pytest.raises(SystemExit) as left, command():
        pytest.fail("nothing begins")
    assert left.value.code == 2
    assert capsys.readouterr().err == "press: PRESS_THREADS is “many”, which is no number.\n"


def test_automations_make_no_folder_in_the_home(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    own = {
        "HOME": str(tmp_path / "home"),
        "PRESS_WAREHOUSE": str(tmp_path / "data" / "w.duckdb"),
        "PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api",
    }
    assert press_here(ENVIRON | own, "automations", "list").returncode == 1
    assert list((tmp_path / "home").iterdir()) == []
    assert (tmp_path / "data" / "prefect").is_dir()
