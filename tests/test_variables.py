"""Variables: what a `.env` and the environment say, and names that are no settings."""

import os
from pathlib import Path

import pytest

from warehouse.errors import UsageError
from warehouse.settings import load_settings, workplace

NO_FILE = Path("/nowhere/.env")
LISTS_ALL = "`press settings --format markdown` lists all."


def refusal(tmp_path: Path, content: bytes) -> str:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(UsageError) as refused:
        load_settings({}, tmp_path / ".env")
    message = str(refused.value)
    assert message.startswith(f"{tmp_path}/.env")
    return message.removeprefix(f"{tmp_path}/.env")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"A=1\nPRESS_THREADS=2\xff\n", ", line 2: byte 0xff is not UTF-8; save the file as UTF-8."),
        ("PRESS_THREADS=2\n".encode("utf-16"), ", line 1: byte 0xff is not UTF-8; save the file as UTF-8."),
        ("PRESS_SMTP_FROM=я@пресс.kz\n".encode("cp1251"), ", line 1: byte 0xff is not UTF-8; save the file as UTF-8."),
        (b"\n\nPRESS_INBOX=a\0b\n", ", line 3: there is a NUL byte; save the file as UTF-8 text without it."),
        (
            b'\nPRESS_SMTP_HOST="un"closed\n',
            ", line 2 cannot be read; write NAME=value, and close every quotation mark.",
        ),
        (b"PRESS_THREADS 2\n", ", line 1 cannot be read; write NAME=value, and close every quotation mark."),
        (b"PRESS_THREADS\n", ", line 1: PRESS_THREADS has no value; write PRESS_THREADS=value."),
        (
            b"OTHER=1\nPRESS_THREAD=2\n",
            ", line 2: PRESS_THREAD is no setting. Did you mean PRESS_THREADS? " + LISTS_ALL,
        ),
        (
            b"press_threads=2\n",
            ", line 1: press_threads is no setting. Did you mean PRESS_THREADS? " + LISTS_ALL,
        ),
        (b"PRESS_LOG=debug\n", ", line 1: PRESS_LOG is read from the environment alone; set it there."),
        (b"#" * 1_000_001, " is larger than 1,000,000 bytes, which no file of settings is."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path, content: bytes, message: str) -> None:
    assert refusal(tmp_path, content) == message


def test_a_file_is_taken_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(
        b"\xef\xbb\xbfexport PRESS_THREADS = 3\r\nPRESS_SMTP_PASSWORD=a${HOME}b$HOME\r\n"
        b"PRESS_SMTP_USER='us er' # note\r\n"
        b"no line of ours\r\nPRESS_DATABASE_PASSWORD=compose\r\nOTHER=\xd1\x8f\r\n"
    )
    settings = load_settings({}, file)
    assert (settings.threads, settings.alerts.smtp_password, settings.alerts.smtp_user) == (
        3, "a${HOME}b$HOME", "us er"
    )  # fmt: skip


def test_a_pipe_is_not_waited_for_and_a_folder_holds_no_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").mkdir()  # a virtual environment, as some call it
    assert load_settings({}).threads == 0
    (tmp_path / ".env").rmdir()
    os.mkfifo(tmp_path / ".env")
    with pytest.raises(UsageError, match=r"\.env is no regular file; put settings into a file"):
        load_settings({})
    below = tmp_path / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    assert workplace() != tmp_path, "above the current folder it may be anybody's"


def test_the_folder_of_a_file_in_utf_16_is_the_one_that_one_works_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for encoding in ("utf-16", "utf-8-sig"):
        (tmp_path / ".env").write_text("PRESS_THREADS=2\n", encoding=encoding)
        assert workplace() == tmp_path


def test_a_folder_that_is_gone_is_named_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(UsageError, match="The current folder is gone"):
        load_settings({})


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        ("PRESS_WAREHUOSE", " Did you mean PRESS_WAREHOUSE?"),
        ("PRESS_INBOX_SETTLE", " Did you mean PRESS_INBOX_SETTLE_S?"),
        ("press_seeds", " Did you mean PRESS_SEEDS?"),
        ("PRESS_PORTAL", " Did you mean PRESS_PORTAL_URL?"),
        ("PRESS_QQQQQQQQQQQQQQQQ", ""),
    ],
)
def test_a_name_of_the_environment_that_is_no_setting_is_refused(name: str, alike: str) -> None:
    with pytest.raises(UsageError) as refused:
        load_settings({name: "2"}, NO_FILE)
    assert str(refused.value) == f"{name} is no setting.{alike} `press settings --format markdown` lists all."


def test_what_others_set_is_left_alone() -> None:
    load_settings(
        {
            "PRESS_LOG": "debug",
            "PRESS_PROJECT": "/opt/press",
            "PRESS_DATABASE_PASSWORD": "compose",
            "PRESS_SERVICE_HOST": "10.0.0.1",
            "PRESS_SERVICE_PORT_HTTP": "4200",
            "PRESS_PORT": "tcp://10.0.0.1:4200",
            "PRESS_PORT_4200_TCP_ADDR": "10.0.0.1",
            "PRESSURE": "2",
        },
        NO_FILE,
    )
