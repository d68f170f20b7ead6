"""What the archive keeps of an exchange, and what is noticed when some of it is gone."""

import gzip
import logging
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.desk.digests import Item
from tests.desk.portal_desk import CODE, PortalDesk, one_release, rows_of
from tests.desk.warehouse import press_here
from warehouse.portal.archive.scan import scan
from warehouse.portal.archive.verify import verify
from warehouse.portal.archive.warc import Archive, archive_files, read

ITEMS = [Item(code, body=None) for code in ("990844", "990845", "990846")]
FIRST = "2025-06-01T06:00:00Z"
TEXTS = "select count(*) from text_version"


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the archive that hold a few attempts."""
    monkeypatch.setattr(Archive.__init__, "__defaults__", (5000, *(Archive.__init__.__defaults__ or ())[1:]))


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_between_attempts(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: next(scan(path)).end])


def flip_a_byte(path: Path) -> None:
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 255
    path.write_bytes(held)


@pytest.mark.usefixtures("small_files")
@pytest.mark.parametrize("lose", [delete, empty, cut_between_attempts, flip_a_byte])
def test_what_is_lost_is_reported_and_replayed_over_only_when_that_is_accepted(tmp_path: Path, lose: object) -> None:
    with one_release(tmp_path, *ITEMS) as desk:
        desk.visit(FIRST)
        settings = desk.desk.settings
        first, *others = archive_files(settings.answers)
        assert others
        assert "no problems" in desk.press_here("archive", "verify")
        rows = desk.desk.tables()
        lose(first)  # type: ignore[operator]
        loaded = dict(desk.ask("select warc_file, bytes_loaded from portal_archive"))
        [file] = {problem.file for problem in verify(settings.answers, loaded).problems}
        assert file == first.name
        desk.press_here("archive", "verify", status=1)
        message = desk.press_here("replay", status=1)
        assert message.count("\n") == 1
        assert first.name in message
        assert "--accept-losses" in message
        assert desk.desk.tables() == rows
        before = desk.ask(TEXTS)
        desk.press_here("replay", "--accept-losses")
        assert desk.ask(TEXTS) < before
        if lose is not flip_a_byte:
            assert "no problems" in desk.press_here("archive", "verify")


@pytest.mark.usefixtures("small_files")
def test_files_put_together_into_another_have_lost_nothing(tmp_path: Path) -> None:
    attempts = "select run_id, release_key, language_key, route, requested_at, outcome from fact_fetch order by all"
    with one_release(tmp_path, *ITEMS) as desk:
        desk.visit(FIRST)
        files = archive_files(desk.desk.settings.answers)
        assert len(files) > 1
        rows = desk.ask(attempts)
        held = b"".join(path.read_bytes() for path in files)
        for path in files:
            path.unlink()
        files[0].with_name("portal-20990101T000000000000Z-00000.warc.gz").write_bytes(held)
        desk.press_here("replay")
        assert desk.ask(attempts) == rows
        assert desk.ask("select distinct parse_filename(warc_file) from fact_fetch") == [
            ("portal-20990101T000000000000Z-00000.warc.gz",)
        ]


def repeat(path: Path) -> None:
    """Append a file to itself, and copy it under an earlier and a later name, the first a file in front of a copy."""
    held = path.read_bytes()
    path.write_bytes(held * 2)
    path.with_name("portal-20200101T000000000000Z-00000.warc.gz").write_bytes(held * 2)
    path.with_name("portal-20990101T000000000000Z-00000.warc.gz").write_bytes(held)


@pytest.mark.parametrize("is_loaded", [True, False])
def test_an_attempt_that_the_archive_has_many_times_is_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, *, is_loaded: bool
) -> None:
    attempts = "select run_id, release_key, language_key, route, requested_at, outcome from fact_fetch order by all"
    with one_release(tmp_path) as desk:
        desk.visit(FIRST, kill=not is_loaded)
        repeat(*archive_files(desk.desk.settings.answers))
        desk.visit("2025-06-01T07:00:00Z")
        rows = desk.ask(attempts)
        assert len(rows) == len(set(rows)) == 3
        assert "attempts that the archive has elsewhere too: each is loaded once" in caplog.text
        desk.press_here("replay")
        assert desk.ask(attempts) == rows
        assert desk.visit("2025-06-03T06:00:00Z").tally.outcomes == {"unchanged": 3}
        assert len(desk.portal.requests()) == 6
        assert not list(desk.desk.settings.answers.glob("*.torn-*"))
        assert "put together from others?" in press_here(desk.environ, "archive", "verify").stdout


def test_an_archive_that_is_whole_is_replayed_without_a_word(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with one_release(tmp_path, *ITEMS) as desk:
        desk.visit(FIRST)
        caplog.set_level(logging.WARNING)
        desk.press_here("replay")
        assert caplog.records == []


def test_a_file_that_was_cut_is_not_gone_on_with(tmp_path: Path) -> None:
    """Else answers would stand where others were loaded from, and never be read."""
    with one_release(tmp_path, *ITEMS) as desk:
        desk.visit(FIRST, languages=["ru"])
        [path] = archive_files(desk.desk.settings.answers)
        cut_between_attempts(path)
        desk.visit("2025-06-03T06:00:00Z", "all", languages=["ru"])
        assert len(archive_files(desk.desk.settings.answers)) == 2
        assert desk.outcomes() == {"ok": 3, "unchanged": 3}


def test_a_whole_folder_that_is_gone_is_reported(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        desk.visit(FIRST, languages=["ru"])
        shutil.rmtree(desk.desk.settings.answers)
        desk.press_here("archive", "verify", status=1)


@pytest.mark.parametrize("question", [("replay",), ("edits",), ("vanished",)])
def test_a_warehouse_that_is_not_there_is_not_made(tmp_path: Path, question: tuple[str, ...]) -> None:
    with one_release(tmp_path) as desk:
        misspelt = tmp_path / "no" / "such.duckdb"
        message = desk.press_here(*question, "--warehouse", misspelt, status=1)
        assert message.count("\n") == 1
        assert "does not exist" in message
        assert not misspelt.parent.exists()


def unpacked(desk: PortalDesk) -> bytes:
    return b"".join(gzip.decompress(path.read_bytes()) for path in archive_files(desk.desk.settings.answers))


def asides(desk: PortalDesk) -> Counter[str]:
    return Counter(attempt.purpose for _, _, attempt in read(desk.desk.settings.answers) if attempt.is_aside)


SECRETS = {"headers": {"X-Key": "topsecret", "Authorization": "Basic secretly"}, "cookies": {"sid": "secretcookie"}}


def test_what_was_sent_is_archived_but_for_an_operators_own(tmp_path: Path) -> None:
    with one_release(tmp_path, contact="me@example.kz", **SECRETS) as desk:
        desk.portal.tells_versions = True
        desk.portal.misbehave("ticket", route="graphql")
        desk.visit(FIRST, languages=["ru"])
        desk.visit("2025-06-03T06:00:00Z", languages=["ru"])
        held = unpacked(desk)
        assert b"User-Agent: press-warehouse/0.1 (+me@example.kz)\r\n" in held
        assert held.count(b"If-None-Match: ") == 1
        assert b"secret" not in held
        sent = [attempt.answer.request_headers for _, _, attempt in read(desk.desk.settings.answers)]
        assert all("User-Agent" in headers for headers in sent)
        assert "If-None-Match" in sent[-1]
        routes = [attempt.request.headers for _, _, attempt in read(desk.desk.settings.answers) if attempt.code]
        assert not any("User-Agent" in headers for headers in routes)


def test_what_came_on_the_way_is_archived_and_no_row(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        portal = desk.portal
        portal.robots = "User-agent: *\nDisallow: /uploads\n"
        portal.misbehave("ticket", route="graphql")
        portal.misbehave("status", route="html", status=429, times=2, headers={"Retry-After": "0"})
        portal.misbehave("redirect", route="html", times=1, to=lambda path: f"{path}&x=1")
        desk.visit(FIRST, languages=["ru"])
        assert asides(desk) == {"robots": 1, "retry": 2, "redirect": 1}
        assert b"Disallow: /uploads" in unpacked(desk)
        assert desk.ask("select route, outcome, retries from fact_fetch order by requested_at") == [
            ("graphql", "refused", 0),
            ("html", "ok", 2),
        ]
        assert "2 attempts, 4 answers on the way to them" in desk.press_here("archive", "verify")
        [(loaded,)] = desk.ask("select bytes_loaded from portal_archive")
        assert loaded == archive_files(desk.desk.settings.answers)[0].stat().st_size
        rows = rows_of(desk)
        desk.press_here("replay")
        assert rows_of(desk) == rows


def test_a_page_of_a_type_that_no_page_has_is_archived_and_unreadable(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        desk.portal.misbehave("status", status=200, kind="application/pdf", body=b"%PDF-1.4", headers={"ETag": '"x"'})
        run = desk.visit(FIRST)
        assert not run.tally.paused
        assert set(desk.outcomes()) == {"unreadable"}
        assert desk.ask("select distinct visit_outcome, etag from fact_fetch where visit_outcome is not null") == [
            ("unreadable", None)
        ]
        assert unpacked(desk).count(b"%PDF-1.4") == 9
        assert asides(desk)["untaken"] == 9
        assert desk.ask(f"select has_body from fact_release where release_code = '{CODE}'") == [(True,)]
