"""Settings: how they are read from the environment and a `.env`, what is refused, and where one works."""

import re
from pathlib import Path

import pytest

from warehouse.cli.settings import Setting, document, list_settings
from warehouse.errors import UsageError
from warehouse.project import PROJECT
from warehouse.settings import Settings, load_settings, workplace

NO_FILE = Path("/nowhere/.env")
SECRETS = {
    "PRESS_PORTAL_HEADERS": '{"X-Ticket": "s3cret"}',
    "PRESS_PORTAL_COOKIES": '{"sid": "s3cret"}',
    "PRESS_SERVER_DATABASE_URL": "postgresql://press:s3cret@db.example/prefect",
    "PRESS_SERVER_AUTH": "press:s3cret-s3cret",
    "PRESS_ALERT_WEBHOOK": "https://chat.example.kz/hooks/s3cret",
    "PRESS_SMTP_PASSWORD": "s3cret",
}


def listed(settings: Settings, folder: Path | None = None) -> list[Setting]:
    return [setting for group in list_settings(settings, folder).values() for setting in group]


NAMES = {setting.name for setting in listed(Settings())}


def test_every_setting_is_read_from_the_variable_of_its_name() -> None:
    values = {
        **SECRETS,
        "PRESS_WAREHOUSE": "/w/press.duckdb",
        "PRESS_SEEDS": "/seeds",
        "PRESS_MEMORY_LIMIT_MB": "64",
        "PRESS_THREADS": "2",
        "PRESS_LOCK_TIMEOUT_S": "3.5",
        "PRESS_PORTAL_URL": "http://127.0.0.1:81",
        "PRESS_PORTAL_USER_AGENT": "somebody",
        "PRESS_PORTAL_CONTACT": "me@example.kz",
        "PRESS_PORTAL_INTERVAL_S": "4",
        "PRESS_PORTAL_TIMEOUT_S": "5",
        "PRESS_PORTAL_CA_BUNDLE": "/ca.pem",
        "PRESS_SERVER_HOST": "::1",
        "PRESS_SERVER_PORT": "6",
        "PRESS_INBOX": "/in",
        "PRESS_INBOX_SETTLE_S": "7",
        "PRESS_BACKUPS": "/out",
        "PRESS_KEEP_BACKUPS": "8",
        "PRESS_ALERT_EMAIL": "a@example.kz,b@example.kz",
        "PRESS_SMTP_HOST": "mail.example.kz",
        "PRESS_SMTP_PORT": "9",
        "PRESS_SMTP_SECURITY": "tls",
        "PRESS_SMTP_USER": "press",
        "PRESS_SMTP_FROM": "press@example.kz",
    }
    assert set(values) == NAMES
    assert {setting.name: setting.value for setting in listed(load_settings(values, NO_FILE))} == values


def test_the_document_in_the_repository_is_current_and_describes_every_setting() -> None:
    written = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert written == document(), "run `make dictionary`"
    assert all(setting.description.endswith(".") for setting in listed(Settings()))


def test_the_environment_goes_before_the_file_and_an_empty_value_is_the_default(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PRESS_THREADS=2\nPRESS_KEEP_BACKUPS=9\nPRESS_SERVER_PORT=\n# PRESS_INBOX=/in\n", encoding="utf-8")
    settings = load_settings({"PRESS_THREADS": "3", "PRESS_KEEP_BACKUPS": ""}, file)
    assert (settings.threads, settings.keep_backups, settings.server.port) == (3, 4, 4200)
    assert settings.inbox == settings.home / "inbox"


def test_paths_of_a_file_start_at_its_folder(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "PRESS_WAREHOUSE=w/press.duckdb\nPRESS_INBOX=in\nPRESS_BACKUPS=/out\nPRESS_SEEDS=~/s\nPRESS_PORTAL_CA_BUNDLE=ca.pem\n"
    )
    settings = load_settings({}, file)
    assert settings.warehouse == tmp_path / "w" / "press.duckdb"
    assert settings.inbox == tmp_path / "in"
    assert (settings.backups, settings.seeds) == (Path("/out"), Path.home() / "s")
    assert settings.portal.ca_bundle == tmp_path / "ca.pem"


def test_settings_of_the_library_do_not_read_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRESS_THREADS", "7")
    monkeypatch.setenv("PRESS_PORTAL_URL", "http://127.0.0.1:81")
    settings = Settings(warehouse=tmp_path / "press.duckdb")
    assert (settings.threads, settings.portal.url) == (0, "https://www.gov.kz")


def test_nothing_changes_them_and_a_wrong_name_is_no_setting() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().threads = 2
    with pytest.raises(ValueError, match="thread"):
        Settings(thread=2)  # type: ignore[call-arg]


def test_another_warehouse_takes_its_folders_along(tmp_path: Path) -> None:
    settings = Settings(threads=2).at(tmp_path / "other.duckdb")
    assert (settings.threads, settings.inbox, settings.backups) == (2, tmp_path / "inbox", tmp_path / "backups")
    assert settings.at(None) == settings


@pytest.mark.parametrize("name", ["inbox", "backups"])
def test_a_folder_of_the_warehouse_is_none_for_files_that_come_or_for_backups(tmp_path: Path, name: str) -> None:
    home = tmp_path / "data"
    home.mkdir()
    (tmp_path / "link").symlink_to(home)
    others = {"archive/digests", "published", "staging", "inbox", "backups/w.duckdb", "prefect", "briefs"}
    for taken in (home, tmp_path / "link", *(home / other for other in others if not other.startswith(name))):
        settings = load_settings({"PRESS_WAREHOUSE": str(home / "w.duckdb"), f"PRESS_{name.upper()}": str(taken)})
        message = f"which the warehouse has for itself; choose another, like {home}/{name}."
        with pytest.raises(UsageError, match=f"PRESS_{name.upper()} is .*{re.escape(message)}"):
            getattr(settings, name)
        assert getattr(settings.at(tmp_path / "elsewhere" / "w.duckdb"), name) == taken
    for free in (home / name, home / "mine", tmp_path):
        settings = load_settings({"PRESS_WAREHOUSE": str(home / "w.duckdb"), f"PRESS_{name.upper()}": str(free)})
        assert getattr(settings, name) == free


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PRESS_THREADS", "many", "PRESS_THREADS is “many”, which is no number."),
        ("PRESS_THREADS", "1.5", "PRESS_THREADS is “1.5”, which is no whole number."),
        ("PRESS_THREADS", "-1", "PRESS_THREADS is -1; it cannot be negative."),
        ("PRESS_LOCK_TIMEOUT_S", "long", "PRESS_LOCK_TIMEOUT_S is “long”, which is no number."),
        ("PRESS_LOCK_TIMEOUT_S", "inf", "PRESS_LOCK_TIMEOUT_S is “inf”, which is no number to count with."),
        ("PRESS_LOCK_TIMEOUT_S", "-0.5", "PRESS_LOCK_TIMEOUT_S is -0.5; it cannot be negative."),
        ("PRESS_SMTP_SECURITY", "perhaps", "PRESS_SMTP_SECURITY is “perhaps”; it can be starttls, tls, none."),
        ("PRESS_PORTAL_URL", "ftp://x", "PRESS_PORTAL_URL is “ftp://x”; write it like https://www.gov.kz."),
        ("PRESS_PORTAL_URL", "http://me:s3cret@x", "PRESS_PORTAL_URL names a user; write it like https://www.gov.kz."),
        (
            "PRESS_ALERT_WEBHOOK",
            "s3cret",
            "PRESS_ALERT_WEBHOOK is no URL; write it like https://chat.example.kz/hooks/….",
        ),
        *(
            (name, value, f'{name} is no JSON object of texts; write it like {{"Name": "value"}}.')
            for name in ("PRESS_PORTAL_HEADERS", "PRESS_PORTAL_COOKIES")
            for value in ("s3cret", '["s3cret"]', '{"s3cret": 1}', '{"a": "s3cret"')
        ),
    ],
)
def test_a_wrong_value_is_refused_in_one_line_that_repeats_no_secret(name: str, value: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        load_settings({name: value}, NO_FILE)
    assert str(refused.value) == message
    assert refused.value.__cause__ is None


def test_secrets_are_in_no_text_of_the_settings() -> None:
    settings = load_settings(SECRETS, NO_FILE)
    assert "s3cret" not in f"{settings!r} {settings}"
    assert {setting.name for setting in listed(settings) if setting.is_secret} == set(SECRETS)


def test_one_works_in_the_nearest_folder_with_settings_or_in_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = tmp_path / "work" / "notes"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert workplace() == PROJECT
    (tmp_path / "work" / ".env").write_text("WORDPRESS_DB_HOST=another program's\n", encoding="utf-8")
    assert workplace() == PROJECT
    for mistyped in ("press_threads=2", "PRESS_THREADS: 2", "PRESS_THREADS"):
        (tmp_path / ".env").write_text(f"{mistyped}\n", encoding="utf-8")
        with pytest.raises(UsageError, match=re.escape(f"{tmp_path}/.env, line 1")):
            load_settings({})
    (tmp_path / ".env").write_text("#PRESS_THREADS=2\n", encoding="utf-8")
    assert workplace() == tmp_path
    assert load_settings({}).warehouse == tmp_path / "data" / "warehouse.duckdb"
    monkeypatch.chdir(PROJECT / "sql")
    assert workplace() == PROJECT
