"""`press init` lays out a folder to work in; `press settings` shows what is set."""

import os
import re
import stat
from pathlib import Path

import pytest

from tests.desk.digests import SEED
from tests.desk.warehouse import press_here
from warehouse.cli.settings import list_settings
from warehouse.settings import Settings, load_settings

ENVIRON = {name: value for name, value in os.environ.items() if not name.startswith("PRESS_")}


def test_it_lays_out_data_and_settings_and_says_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "press releases"
    done = press_here(ENVIRON, "init", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"cd '{folder}'" in done.stdout
    assert "press ingest" in done.stdout
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) == [".env", "data", "data/inbox"]
    monkeypatch.chdir(folder / "data")
    assert press_here(ENVIRON, "ingest", SEED).returncode == 0
    assert (folder / "data" / "published" / "warehouse.duckdb").exists()


def test_the_env_has_every_setting_as_a_comment_with_its_default(tmp_path: Path) -> None:
    press_here(ENVIRON, "init", tmp_path)
    file = tmp_path / ".env"
    text = file.read_text(encoding="utf-8")
    assert all(line.startswith("#") for line in text.splitlines() if line)
    names = re.findall(r"^#(PRESS_\w+)=", text, re.MULTILINE)
    default = Settings(warehouse=tmp_path / "data" / "warehouse.duckdb")
    assert names == [setting.name for group in list_settings(default).values() for setting in group]
    file.write_text(re.sub(r"^#(?=PRESS_)", "", text, flags=re.MULTILINE), encoding="utf-8")
    in_force = load_settings({}, file)
    assert list_settings(in_force) == list_settings(default)
    assert (in_force.portal, in_force.server, in_force.alerts) == (default.portal, default.server, default.alerts)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_refuses_to_overwrite(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PRESS_THREADS=2\n", encoding="utf-8")
    done = press_here(ENVIRON, "init", tmp_path)
    assert done.returncode == 1
    assert done.stderr == f"press: {tmp_path}/.env exists already, and is left as it is.\n"
    assert [path.name for path in tmp_path.iterdir()] == [".env"]
    assert (tmp_path / ".env").read_text(encoding="utf-8") == "PRESS_THREADS=2\n"


def test_where_no_folder_can_be_made_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = press_here(ENVIRON, "init", tmp_path / "file")
    assert (done.returncode, done.stderr) == (1, f"press: {tmp_path}/file cannot be laid out: Not a directory.\n")


def test_the_settings_in_use_are_shown_but_no_secret(tmp_path: Path) -> None:
    environ = ENVIRON | {"PRESS_WAREHOUSE": str(tmp_path / "w.duckdb"), "PRESS_SERVER_AUTH": "press:hunter2-hunter2"}
    done = press_here(environ, "settings")
    values = dict(line.split(maxsplit=1) for line in done.stdout.splitlines() if " " in line)
    assert values["PRESS_WAREHOUSE"] == str(tmp_path / "w.duckdb")
    assert values["PRESS_INBOX"] == str(tmp_path / "inbox")
    assert values["PRESS_SERVER_AUTH"] == "(not shown)"
    assert values["PRESS_PORTAL_HEADERS"] == "{}"
    assert "hunter2" not in done.stdout
    assert press_here(environ, "settings", "--format", "markdown").stdout.startswith("# Settings\n")
    assert press_here(environ, "settings", "--format", "csv").stderr.startswith("press: --format csv: it can be")
