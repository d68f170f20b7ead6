"""Values of settings: each kind takes what it can be, and refuses all else in one line that names the variable."""

import os
from pathlib import Path

import pytest

from warehouse.cli.settings import list_settings
from warehouse.errors import UsageError
from warehouse.settings import Settings, load_settings

NO_FILE = Path("/nowhere/.env")
NAMES = [setting.name for group in list_settings(Settings()).values() for setting in group]
ODD = (
    *(" ", "0", "-1", "1.5", "1e308", "9" * 30, "9" * 5000, "nan", "inf", "true", "None", "[]", "{}", '{"a": 1}'),
    *('{"a": "\\ud800"}', "[" * 100_000, "a\nb", "a\0b", "\x1b[31m", "й", "й" * 300, "\udcff", "x" * 5000, ",,,", "@"),
    *(
        "/",
        "~",
        "~nobody-at-all/x",
        "..",
        "/dev/null",
        "/proc/self/mem",
        "http://",
        "http://[",
        "http://x:99999",
        "://",
    ),
)


@pytest.mark.parametrize("name", NAMES)
def test_any_text_is_a_value_or_refused_in_one_line_that_begins_with_the_name(name: str) -> None:
    for text in ODD:
        try:
            settings = load_settings({name: text}, NO_FILE)
        except UsageError as error:
            message = str(error)
            assert message.startswith(f"{name} "), text
            assert len(message.splitlines()) == 1 or "\n" in text, message
            assert len(message) < 400, message
        else:
            assert list_settings(settings), text


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PRESS_THREADS", "99999999999", "is 99999999999; it can be at most 1,024."),
        ("PRESS_THREADS", "9" * 5000, f"is {'9' * 80}…, a number too long to read."),
        ("PRESS_MEMORY_LIMIT_MB", "0", "is 0; it must be at least 64."),
        ("PRESS_SERVER_PORT", "65536", "is 65536; it can be at most 65,535."),
        ("PRESS_LOCK_TIMEOUT_S", "1e308", "is 1e308; it can be at most 31,622,400."),
        (
            "PRESS_INBOX",
            "~nobody-at-all/in",
            "is ~nobody-at-all/in, and that user has no home; write the path in full.",
        ),
        ("PRESS_ALERT_EMAIL", "a@example.kz, b", "is “b”; write a mail address, like press@example.kz."),
        (
            "PRESS_SMTP_HOST",
            "mail example",
            "is “mail example”; write the name or address of a machine, like 127.0.0.1.",
        ),
        (
            "PRESS_PORTAL_HEADERS",
            '{"a": "\\ud83d"}',
            r"has half a character, as \ud83d without its other half; it is not shown here.",
        ),
        ("PRESS_PORTAL_CONTACT", "a\udcff", "is not UTF-8."),
        ("PRESS_SMTP_USER", "a\nb", "has a character that cannot be seen, such as a line break; take it out."),
    ],
)
def test_the_message_says_what_would_be_right(name: str, value: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        load_settings({name: value}, NO_FILE)
    assert str(refused.value) == f"{name} {message}"


def test_a_warehouse_is_a_file_or_none_yet_and_all_else_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    before = sorted(tmp_path.iterdir())
    for place, words in {
        "/": "is /, which names no file; write it like /data/warehouse.duckdb.",
        tmp_path: f"is {tmp_path}, a folder; name a file in it, like {tmp_path}/warehouse.duckdb.",
        tmp_path / "loop": f"is {tmp_path}/loop, which cannot be a file: Too many levels of symbolic links.",
        tmp_path / "file" / "w": f"is {tmp_path}/file/w, which cannot be a file: Not a directory.",
        tmp_path / "pipe": f"is {tmp_path}/pipe, which is no regular file.",
        tmp_path / "archive": f"is {tmp_path}/archive, and beside a warehouse that is the name of a folder; "
        "choose another.",
        "/is it/this?/w": "is /is it/this?/w, with a question mark, where DuckDB cuts paths; choose another.",
        f"/{'n' * 201}": f"is /{'n' * 79}…, and its name has 201 bytes; it can have 200.",
        f"{'/path' * 800}/w": f"is {'/path' * 16}…, a path of 4,002 bytes; it can have 3,500.",
    }.items():
        with pytest.raises(UsageError) as refused:
            load_settings({"PRESS_WAREHOUSE": str(place)}, NO_FILE)
        assert str(refused.value) == f"PRESS_WAREHOUSE {words}"
        with pytest.raises(UsageError) as refused:
            Settings().at(Path(place))
        assert str(refused.value) == f"The warehouse {words}"
    assert sorted(tmp_path.iterdir()) == before


def test_who_has_no_home_needs_another_place_for_the_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    def no_entry(_uid: int) -> None:
        raise KeyError

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", no_entry)
    with pytest.raises(UsageError, match="no home; set XDG_STATE_HOME"):
        _ = Settings().pace
    assert load_settings({"XDG_STATE_HOME": "/var/lib/press"}, NO_FILE).pace.is_relative_to("/var/lib/press")
