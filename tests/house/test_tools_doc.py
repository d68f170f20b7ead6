"""docs/tools.md: its recipes run, in tools of an environment of their own (`make .venv-tools/ready`)."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.desk.documents import blocks, consoles, is_shown, text_of
from tests.desk.warehouse import Desk, press_here
from warehouse.report.export.duckdb_file import LEAST_DUCKDB
from warehouse.report.export.export import SUFFIXES
from warehouse.settings import PROJECT

TOOLS = PROJECT / ".venv-tools"
PRESS = ".venv/bin/press "


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, seed_loaded: Path) -> Path:
    """A folder with the published copy of the seed, in which the console recipes ran, and answered as shown."""
    assert (TOOLS / "ready").exists(), "`make .venv-tools/ready` sets up the tools"
    place = tmp_path_factory.mktemp("tools")
    published = place / "data" / "published" / "warehouse.duckdb"
    published.parent.mkdir(parents=True)
    shutil.copy(Desk.at(seed_loaded).settings.published, published)
    for command, expected in consoles(text_of("docs/tools.md")):
        done = run(command, place)
        assert done.returncode == 0, f"{command}: {done.stdout} {done.stderr}"
        assert is_shown(expected, done.stdout), f"{command}\n{done.stdout}"
    return place


def environ(place: Path) -> dict[str, str]:
    """That of a person who has the tools, and works in the folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PRESS_")}
    path = f"{TOOLS}/bin:{os.environ['PATH']}"
    return {**kept, "PRESS_WAREHOUSE": str(place / "data" / "warehouse.duckdb"), "PATH": path}


def run(command: str, place: Path) -> subprocess.CompletedProcess[str]:
    if command.startswith(PRESS) and "2>" not in command:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(place)
            return press_here(environ(place), *shlex.split(command.removeprefix(PRESS)))
    command = command.replace(PRESS, f"{shlex.quote(sys.executable)} -m warehouse.cli.main ")
    return subprocess.run(
        ["bash", "-c", command], cwd=place, env={**environ(place), "PYTHONPATH": str(PROJECT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_recipes_of_the_command_line_answer_as_shown(folder: Path) -> None:
    for name in ("mart_release.xlsx", "regions.csv", "titles.parquet", "press.sqlite", "older.duckdb", "package"):
        assert (folder / name).exists()


def test_frames_of_pandas_polars_and_arrow_come_from_a_connection(folder: Path) -> None:
    (code,) = [block.text for block in blocks(text_of("docs/tools.md")) if block.language == "python"]
    # Behind all that the project has: what only the tools' environment has is pandas.
    packages = next((TOOLS / "lib").glob("python*/site-packages"))
    code = f"import sys; sys.path.append({str(packages)!r})\n{code}print(polars_frame.height, table)"
    done = run(f"{shlex.quote(sys.executable)} -c {shlex.quote(code)}", folder)
    assert "Ministry of Defence" in done.stdout, done.stderr
    assert "\n20 " in done.stdout


def test_the_oldest_duckdb_opens_the_copy_made_for_it_and_not_the_published_one(folder: Path) -> None:
    def ask(file: str) -> subprocess.CompletedProcess[str]:
        code = (
            f"import duckdb; con = duckdb.connect({file!r}, read_only=True); print(duckdb.__version__);"
            "[con.execute(f'from {name}').fetchall() for (name,) in con.execute('show tables').fetchall()];"
            "print(con.execute('select count(*) from mart_release').fetchone())"
        )
        return run(f"python -c {shlex.quote(code)}", folder)

    done = ask("older.duckdb")
    version, rows = done.stdout.splitlines()
    assert (version.rpartition(".")[0], rows) == (LEAST_DUCKDB, "(20,)")
    assert f"Version {LEAST_DUCKDB} is the least" in text_of("docs/tools.md")
    assert "newer version of DuckDB" in ask("data/published/warehouse.duckdb").stderr


def test_datasette_serves_a_page_for_each_table_with_facets_search_and_references(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [TOOLS / "bin" / "datasette", "press.sqlite", "-m", "press.metadata.json", "-p", str(port)]
    with (folder / "datasette.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        page = page_of(f"http://127.0.0.1:{port}/press/mart_release?_search=Almaty&language=en", server)
        assert re.findall(r'class="facet-info-name">\s*<strong>(\w+)', page)[:2] == ["publisher_slug", "publisher_kind"]
        assert "Almaty region increases support for farmers" in page
        assert 'name="_search"' in page
        assert "Title of the current text that speaks for it" in page
        listings = page_of(f"http://127.0.0.1:{port}/press/fact_listing", server)
        assert re.search(r'href="/press/fact_release/\d+"', listings)
    finally:
        server.terminate()
        server.wait()


def page_of(url: str, server: subprocess.Popen[bytes]) -> str:
    """The page of a server that may be starting still."""
    deadline = time.monotonic() + 60
    while True:
        try:
            answer = requests.get(url, timeout=30, proxies={"http": ""})
        except requests.ConnectionError:
            assert server.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            assert answer.status_code == 200
            return answer.text


def test_every_format_is_described_and_no_other() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", text_of("docs/tools.md"), re.MULTILINE)
    assert sorted(listed) == sorted(SUFFIXES)
