"""The archive of the portal's answers: what was written down stays, whatever happens to the writer or the disk."""

import errno
import gzip
import logging
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from tests.desk.portal_attempts import (
    ANSWER,
    ASKED_AT,
    LIST_ATTEMPT,
    PAGE,
    PAGE_ATTEMPT,
    REQUEST,
    TARGET,
    URL,
    numbered,
)
from warehouse.errors import PressError
from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.archive.verify import verify
from warehouse.portal.archive.warc import Archive, Place, archive_files, read, read_stretch, stretches
from warehouse.portal.archive.warc_records import GZIP_HEADER, PRIVATE_HEADERS, to_members
from warehouse.portal.exchange import Answer, PortalRequest
from warehouse.project import PROJECT


def write(folder: Path, *attempts: Attempt, rotate_bytes: int = 1 << 20) -> list[Place]:
    with Archive(folder, rotate_bytes) as archive:
        return [archive.append(attempt) for attempt in attempts]


def attempts(folder: Path) -> list[Attempt]:
    return [attempt for _, _, attempt in read(folder)]


def other_tool(folder: Path) -> list[SimpleNamespace]:
    """The records as warcio reads them."""
    records = []
    for path in archive_files(folder):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                headers = record.rec_headers
                records.append(
                    SimpleNamespace(
                        kind=record.rec_type,
                        id=headers.get_header("WARC-Record-ID"),
                        url=headers.get_header("WARC-Target-URI"),
                        date=headers.get_header("WARC-Date"),
                        version=headers.protocol,
                        concurrent_to={value for name, value in headers.headers if name == "WARC-Concurrent-To"},
                        truncated=headers.get_header("WARC-Truncated"),
                        http=record.http_headers,
                        payload=record.content_stream().read(),
                    )
                )
    return records


class TestWhatWasWrittenIsRead:
    def test_a_page_and_a_list(self, tmp_path: Path) -> None:
        places = write(tmp_path, PAGE_ATTEMPT, LIST_ATTEMPT)
        [path] = archive_files(tmp_path)
        assert list(read(tmp_path)) == [
            (places[0], places[1].offset, PAGE_ATTEMPT),
            (places[1], path.stat().st_size, LIST_ATTEMPT),
        ]

    def test_what_is_asked_of_an_attempt(self, tmp_path: Path) -> None:
        write(tmp_path, PAGE_ATTEMPT, LIST_ATTEMPT)
        page, listing = attempts(tmp_path)
        assert (page.target, listing.target) == (TARGET, None)
        assert (page.request.route, page.request.url, page.answer.requested_at) == ("html", URL, ASKED_AT)
        assert page.answer.headers.items() >= {("etag", '"61-5f"'), ("last-modified", "Fri, 12 Jun 2026 11:48:00 GMT")}
        assert (listing.answer.headers, listing.answer.status, listing.request.method) == ({}, None, "POST")

    def test_an_answer_that_broke_off_and_came_from_another_address(self, tmp_path: Path) -> None:
        answer = replace(ANSWER, url="https://betaegov.gov.kz/page", error="The answer is larger than 10 MB.")
        broken = replace(PAGE_ATTEMPT, answer=answer)
        write(tmp_path, broken)
        assert attempts(tmp_path) == [broken]
        _, response, _ = other_tool(tmp_path)
        assert (response.url, response.truncated) == ("https://betaegov.gov.kz/page", "unspecified")

    def test_the_same_attempts_make_the_same_bytes(self, tmp_path: Path) -> None:
        for name in ("one", "other"):
            write(tmp_path / name, PAGE_ATTEMPT, LIST_ATTEMPT)
        [one], [other] = archive_files(tmp_path / "one"), archive_files(tmp_path / "other")
        assert (one.name, one.read_bytes()) == (other.name, other.read_bytes())

    def test_from_the_offsets_reached_before(self, tmp_path: Path) -> None:
        write(tmp_path, *(numbered(number) for number in range(7)), rotate_bytes=4_000)
        seen = list(read(tmp_path))
        assert len({place.file for place, _, _ in seen}) > 1
        for count in range(len(seen) + 1):
            since = {place.file: end for place, end, _ in seen[:count]}
            assert list(read(tmp_path, since)) == seen[count:]

    def test_of_no_folder_and_of_an_empty_one_nothing(self, tmp_path: Path) -> None:
        assert list(read(tmp_path / "missing")) == []
        with Archive(tmp_path):
            pass
        assert list(read(tmp_path)) == []
        assert verify(tmp_path) == verify(tmp_path / "missing")

    def test_a_large_body_is_held_once_at_a_time(self, tmp_path: Path) -> None:
        bodies = [random.Random(seed).randbytes(10 << 20) for seed in range(2)]
        write(tmp_path, *(numbered(number, body) for number, body in enumerate(bodies)), rotate_bytes=64 << 20)
        assert [attempt.answer.body for attempt in attempts(tmp_path)] == bodies
        assert verify(tmp_path).problems == ()


NAMES = st.one_of(
    st.text(max_size=20), st.sampled_from(["Host", "host", "Content-Length", "content-length", "a b", ""])
)
HEADER_SETS = st.dictionaries(
    NAMES.filter(lambda name: name.lower() not in PRIVATE_HEADERS),
    st.one_of(st.text(max_size=40), st.sampled_from(["a\r\nb: c", " a ", "\r\n\r\n", "chunked", "é"])),
    max_size=6,
)
BODIES = st.one_of(st.binary(max_size=300), st.just(b"\r\n\r\nWARC/1.1\r\n"), st.just(to_members(PAGE_ATTEMPT, "x", 0)))
URLS = st.one_of(st.just(URL), st.text(max_size=30).map(lambda path: f"http://127.0.0.1:8080/{path}"))
REQUESTS = st.builds(PortalRequest, st.sampled_from(["graphql", "html", "rest"]), URLS, HEADER_SETS, st.none() | BODIES)
MOMENTS = st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2100-01-01"))
ANSWERS = st.one_of(
    st.builds(
        Answer, URLS, MOMENTS, st.floats(0, 600), st.integers(100, 999), HEADER_SETS, BODIES, st.none() | st.text()
    ),
    st.builds(Answer, URLS, MOMENTS, st.floats(0, 600), error=st.text(), retries=st.integers(0, 9)),
)
ATTEMPTS = st.builds(
    Attempt,
    st.text(),
    st.sampled_from(["page", "list"]),
    st.text(),
    st.sampled_from(["kk", "ru", "en"]),
    REQUESTS,
    ANSWERS,
    st.none() | st.text(),
)


@settings(deadline=None)
@given(st.lists(ATTEMPTS, min_size=1, max_size=4))
def test_any_bytes_under_any_headers_are_read_as_written_by_us_and_by_others(sequence: list[Attempt]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        places = write(folder, *sequence, rotate_bytes=4_000)
        assert [(place, attempt) for place, _, attempt in read(folder)] == list(zip(places, sequence, strict=True))
        assert (verify(folder).attempts, verify(folder).problems) == (len(sequence), ())
        payloads = [record.payload for record in other_tool(folder) if record.kind == "response"]
        assert payloads == [attempt.answer.body for attempt in sequence if attempt.answer.status is not None]


class TestOtherToolsReadIt:
    def test_records_are_linked_and_dated_as_asked(self, tmp_path: Path) -> None:
        write(tmp_path, PAGE_ATTEMPT, LIST_ATTEMPT)
        request, response, metadata, list_request, list_metadata = other_tool(tmp_path)
        records = [request, response, metadata, list_request, list_metadata]
        assert [record.kind for record in records] == ["request", "response", "metadata", "request", "metadata"]
        assert {record.version for record in records} == {"WARC/1.1"}
        assert {record.date for record in records} == {"2026-06-13T06:00:00.123456Z"}
        assert len({record.id for record in records}) == 5
        assert (response.concurrent_to, metadata.concurrent_to) == ({request.id}, {request.id, response.id})
        assert list_metadata.concurrent_to == {list_request.id}

    def test_the_response_is_a_message_with_the_decoded_body(self, tmp_path: Path) -> None:
        write(tmp_path, PAGE_ATTEMPT)
        request, response, metadata = other_tool(tmp_path)
        assert (request.http.protocol, request.http.statusline) == (
            "GET",
            "/memleket/entities/mfa/press/news/details/997859?lang=kk HTTP/1.1",
        )
        assert request.http.headers == [("host", "www.gov.kz"), ("Accept", "text/html")]
        assert (response.http.protocol, response.http.statusline, response.payload) == ("HTTP/1.1", "200 OK", PAGE)
        assert response.http.get_header("content-length") == str(len(PAGE))
        assert response.http.get_header("content-encoding") is None
        assert b'"response_headers_were":{"content-encoding":"gzip","content-length":"512"}' in metadata.payload

    def test_warcio_check_passes_and_finds_every_digest(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write(tmp_path, PAGE_ATTEMPT, LIST_ATTEMPT)
        [path] = archive_files(tmp_path)
        assert Checker(SimpleNamespace(inputs=[str(path)], verbose=True)).process_all() == 0
        assert capsys.readouterr().out.count("digest pass") == 5

    def test_gzip_reads_it_as_one_stream(self, tmp_path: Path) -> None:
        write(tmp_path, PAGE_ATTEMPT, LIST_ATTEMPT)
        [path] = archive_files(tmp_path)
        assert gzip.decompress(path.read_bytes()).count(b"WARC/1.1\r\n") == 5


class TestFiles:
    def test_are_named_by_the_first_attempt_and_hold_what_they_may(self, tmp_path: Path) -> None:
        sequence = [numbered(number, random.Random(number).randbytes(900)) for number in range(10)]
        places = write(tmp_path, *sequence, rotate_bytes=6_000)
        files = archive_files(tmp_path)
        assert len(files) == 5
        assert files[0].name == "portal-20260613T060000123456Z-00000.warc.gz"
        assert files[1].name == "portal-20260613T060002123456Z-00000.warc.gz"
        assert all(path.stat().st_size <= 6_000 for path in files)
        assert [place for place, _, _ in read(tmp_path)] == places
        assert attempts(tmp_path) == sequence

    def test_hold_one_attempt_that_is_larger(self, tmp_path: Path) -> None:
        write(tmp_path, numbered(1), numbered(2), rotate_bytes=10)
        assert len(archive_files(tmp_path)) == 2
        assert attempts(tmp_path) == [numbered(1), numbered(2)]

    def test_keep_their_order_when_the_clock_goes_back_or_stands(self, tmp_path: Path) -> None:
        order = [numbered(5), numbered(1), numbered(5), numbered(9)]
        write(tmp_path, *order, rotate_bytes=10)
        assert attempts(tmp_path) == order
        assert [path.name[30:35] for path in archive_files(tmp_path)] == ["00000", "00001", "00002", "00000"]

    def test_are_gone_on_with_by_the_next_writer(self, tmp_path: Path) -> None:
        for number in range(3):
            write(tmp_path, numbered(number))
        assert len(archive_files(tmp_path)) == 1
        assert attempts(tmp_path) == [numbered(number) for number in range(3)]

    def test_of_others_are_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "portal-notes-1.warc.gz").write_bytes(b"not ours")
        write(tmp_path, PAGE_ATTEMPT)
        assert attempts(tmp_path) == [PAGE_ATTEMPT]
        assert verify(tmp_path).problems == ()


WRITER = """
import resource
import signal
import sys
from pathlib import Path
from random import Random
import warcio.warcwriter  # now, not while it may be killed
from tests.desk.portal_attempts import numbered
from warehouse.portal.archive.warc import Archive
if sys.argv[3:]:  # the system kills it where a file would get larger than this
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
with Archive(Path(sys.argv[1]), 8 << 20) as archive:
    print("entered", flush=True)
    chance = Random(int(sys.argv[2]))
    for number in range(int(sys.argv[2]) * 1000, 10**9):
        place = archive.append(numbered(number, chance.randbytes(chance.choice((100, 50_000, 2_000_000)))))
        print(number, place.file, place.offset, flush=True)
"""


@contextmanager
def writing(folder: Path, number: int = 0) -> Iterator["subprocess.Popen[str]"]:
    """A process that appends without end, and tells of what is written."""
    command = [sys.executable, "-c", WRITER, str(folder), str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "entered\n"
        try:
            yield process
        finally:
            process.kill()


class TestOneWriter:
    def test_a_second_is_refused_and_told_who_writes(self, tmp_path: Path) -> None:
        with (
            writing(tmp_path) as process,
            pytest.raises(PressError, match=rf"{tmp_path} is being written by process {process.pid} on .*\(refetch\)"),
            Archive(tmp_path),
        ):
            pass
        write(tmp_path, PAGE_ATTEMPT)

    def test_nor_a_second_in_the_same_process(self, tmp_path: Path) -> None:
        with (
            Archive(tmp_path, purpose="press refetch"),
            pytest.raises(PressError, match=rf"process {os.getpid()} on .*\(press refetch\)"),
            Archive(tmp_path),
        ):
            pass

    def test_readers_are_let_in(self, tmp_path: Path) -> None:
        with Archive(tmp_path) as archive:
            for number in range(3):
                archive.append(numbered(number))
                assert attempts(tmp_path)[-1] == numbered(number)

    def test_nobody_writes_who_has_left(self, tmp_path: Path) -> None:
        with Archive(tmp_path) as archive:
            archive.append(PAGE_ATTEMPT)
        with pytest.raises(PressError, match="is not open for writing"):
            archive.append(PAGE_ATTEMPT)

    def test_a_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(PressError, match=f"{tmp_path}/file/portal cannot be written"):
            write(tmp_path / "file" / "portal")


class TestCrashes:
    def test_a_killed_writer_loses_nothing_it_reported(self, tmp_path: Path) -> None:
        moment, reported = random.Random(3), []
        for number in range(12):
            with writing(tmp_path, number) as process:
                assert process.stdout is not None
                first = [process.stdout.readline() for _ in range(moment.randrange(4))]
                time.sleep(moment.uniform(0, 0.02))
                process.kill()
                rest = process.stdout.read().splitlines(keepends=True)
                lines = [line.split() for line in first + rest if line[-1] == "\n"]
            reported += [(code, Place(file, int(offset))) for code, file, offset in lines]
            places = {attempt.code: place for place, _, attempt in read(tmp_path)}
            assert places.items() >= dict(reported).items()
        write(tmp_path, PAGE_ATTEMPT)
        assert attempts(tmp_path)[-1] == PAGE_ATTEMPT
        assert verify(tmp_path).problems == ()
        assert len(reported) > 12

    def test_a_writer_killed_within_a_write_leaves_that_attempt_torn_and_no_other(self, tmp_path: Path) -> None:
        size, moment, reported = 0, random.Random(4), 0
        for number in range(8):
            size += moment.randrange(200, 150_000)
            killed = subprocess.run(
                [sys.executable, "-c", WRITER, str(tmp_path), str(number), str(size)],
                stdout=subprocess.PIPE,
                text=True,
                cwd=PROJECT,
                check=False,
            )
            assert killed.returncode == -signal.SIGXFSZ
            reported += killed.stdout.count("\n") - 1
            assert len(attempts(tmp_path)) == reported
            assert archive_files(tmp_path)[-1].stat().st_size == size
        write(tmp_path, PAGE_ATTEMPT)
        assert len(list(tmp_path.glob("*.torn-*"))) == 8
        assert len(attempts(tmp_path)) == reported + 1
        assert verify(tmp_path).problems == ()

    def test_cut_at_any_byte_of_the_last_attempt_the_others_are_read_quietly(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        _, place = write(tmp_path, LIST_ATTEMPT, PAGE_ATTEMPT)
        content = (tmp_path / place.file).read_bytes()
        for length in range(place.offset + 1, len(content)):
            (tmp_path / place.file).write_bytes(content[:length])
            assert attempts(tmp_path) == [LIST_ATTEMPT]
            [problem] = verify(tmp_path).problems
            assert problem[:2] == place
            assert "the next writer moves it aside" in problem.sentence
        assert caplog.messages == []

    def test_cut_anywhere_in_the_last_attempt_the_next_writer_keeps_the_rest_aside_and_says_so(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        _, place = write(tmp_path / "whole", LIST_ATTEMPT, PAGE_ATTEMPT)
        content = (tmp_path / "whole" / place.file).read_bytes()
        for length in range(place.offset + 1, len(content), 7):
            folder = tmp_path / str(length)
            folder.mkdir()
            (folder / place.file).write_bytes(content[:length])
            caplog.clear()
            write(folder, PAGE_ATTEMPT)
            [warning] = caplog.messages
            assert f"{place.file} ended in {length - place.offset} bytes that are no whole attempt" in warning
            assert (folder / f"{place.file}.torn-1").read_bytes() == content[place.offset : length]
            assert attempts(folder) == [LIST_ATTEMPT, PAGE_ATTEMPT]
            assert verify(folder).problems == ()

    def test_a_file_cut_in_its_first_attempt_goes_as_a_whole(self, tmp_path: Path) -> None:
        content = to_members(PAGE_ATTEMPT, name := "portal-20260613T060000123456Z-00000.warc.gz", 0)
        (tmp_path / name).write_bytes(content[:-1])
        [place] = write(tmp_path, PAGE_ATTEMPT)
        assert place == ("portal-20260613T060000123456Z-00001.warc.gz", 0)
        assert [path.name for path in archive_files(tmp_path)] == [place.file]

    def test_a_tail_of_zeros_after_a_power_failure_is_kept_aside(self, tmp_path: Path) -> None:
        [place] = write(tmp_path, PAGE_ATTEMPT)
        with (tmp_path / place.file).open("ab") as file:
            file.write(bytes(2 << 20))
        write(tmp_path, LIST_ATTEMPT)
        assert attempts(tmp_path) == [PAGE_ATTEMPT, LIST_ATTEMPT]
        assert (tmp_path / f"{place.file}.torn-1").read_bytes() == bytes(2 << 20)

    def test_no_place_is_ever_that_of_two_attempts(self, tmp_path: Path) -> None:
        first, place = write(tmp_path, numbered(0), numbered(1))
        content = (tmp_path / place.file).read_bytes()
        (tmp_path / place.file).write_bytes(content[:-1] + b"?")
        for number in range(2, 4):
            [later] = write(tmp_path, numbered(number))
            assert later.file > place.file
        assert next(place for place, _, _ in read(tmp_path)) == first
        assert attempts(tmp_path) == [numbered(0), numbered(2), numbered(3)]

    def test_a_full_disk_is_reported_and_leaves_the_archive_as_it_was(self, tmp_path: Path) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        large = numbered(1, random.Random(0).randbytes(100_000))
        with Archive(tmp_path) as archive:
            archive.append(numbered(0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
            try:
                with pytest.raises(PressError, match=f"cannot be written: {os.strerror(errno.EFBIG)}"):
                    archive.append(large)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            assert attempts(tmp_path) == [numbered(0)]
            archive.append(large)
        assert attempts(tmp_path) == [numbered(0), large]
        assert verify(tmp_path).problems == ()


class TestDamage:
    def test_a_flipped_byte_costs_its_attempt_alone_and_is_reported(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        three = [numbered(number) for number in range(3)]
        _, middle, last = write(tmp_path, *three)
        path = tmp_path / middle.file
        content = path.read_bytes()
        for offset in range(middle.offset, last.offset):
            caplog.clear()
            path.write_bytes(content[:offset] + bytes([content[offset] ^ 0xFF]) + content[offset + 1 :])
            assert attempts(tmp_path) == [three[0], three[2]]
            [warning] = caplog.messages
            assert f"is damaged at offset {middle.offset}" in warning
            verified = verify(tmp_path)
            assert (verified.attempts, [problem[:2] for problem in verified.problems]) == (2, [middle])

    @pytest.mark.parametrize("size", [1, 1_500, 4_000, 1 << 20])
    def test_stretches_of_any_size_have_every_attempt_once_past_damage(self, tmp_path: Path, size: int) -> None:
        *_, harmed, last, _ = write(tmp_path, *map(numbered, range(9)), rotate_bytes=6_000)
        path = tmp_path / harmed.file
        content = path.read_bytes()
        path.write_bytes(content[: harmed.offset] + b"?" + content[harmed.offset + 1 :])
        seen = list(read(tmp_path))
        since, until = {seen[0][0].file: seen[0][1]}, {path.name: last.offset} | {seen[0][0].file: seen[3][1]}
        for bounds in ({}, {"since": since}, {"until": until}, {"since": since, "until": until}):
            cut = list(stretches(tmp_path, **bounds, size=size))
            assert [one for stretch in cut for one in read_stretch(tmp_path, stretch)] == list(read(tmp_path, **bounds))
            assert size > 1 or len(cut) >= len(list(read(tmp_path, **bounds)))

    def test_the_last_attempt_damaged_is_reported(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        _, last = write(tmp_path, numbered(0), numbered(1))
        path = tmp_path / last.file
        content = path.read_bytes()
        path.write_bytes(content[: last.offset] + b"?" + content[last.offset + 1 :])
        assert attempts(tmp_path) == [numbered(0)]
        assert [record.levelno for record in caplog.records] == [logging.WARNING]
        [problem] = verify(tmp_path).problems
        assert problem.sentence == "No attempt can be read here, nothing behind it can be read: no record begins here."

    def test_an_archive_inside_a_body_is_not_taken_for_attempts(self, tmp_path: Path) -> None:
        chance = random.Random(1)
        hidden = to_members(numbered(7), "portal-20260613T060000123456Z-00000.warc.gz", 0)
        three = [numbered(0), numbered(1, chance.randbytes(100_000) + hidden + chance.randbytes(100_000)), numbered(2)]
        _, middle, last = write(tmp_path / "outer", *three)
        path = tmp_path / "outer" / middle.file
        content = path.read_bytes()
        assert hidden in content, "bytes that cannot be packed stand there as they are"
        path.write_bytes(content[: middle.offset + 20] + b"?" + content[middle.offset + 21 :])
        assert attempts(tmp_path / "outer") == [three[0], three[2]]
        path.write_bytes(content[: last.offset - 300])
        write(tmp_path / "outer", three[2])
        assert attempts(tmp_path / "outer") == [three[0], three[2]]
        assert verify(tmp_path / "outer").problems == ()

    @pytest.mark.parametrize("dropped", [0, 1, 2])
    def test_an_attempt_without_one_of_its_records_is_none(self, tmp_path: Path, dropped: int) -> None:
        places = write(tmp_path, numbered(0), numbered(1), numbered(2))
        path = tmp_path / places[0].file
        content = path.read_bytes()
        _, *records = content[places[1].offset : places[2].offset].split(GZIP_HEADER)
        missing = len(GZIP_HEADER + records.pop(dropped))
        rest = b"".join(GZIP_HEADER + record for record in records)
        last = to_members(numbered(2), path.name, places[2].offset - missing)
        path.write_bytes(content[: places[1].offset] + rest + last)
        assert [attempt.code for attempt in attempts(tmp_path)] == ["0", "2"]
        [problem] = verify(tmp_path).problems
        assert problem[:2] == places[1]

    def test_what_is_no_attempt_between_attempts_is_reported(self, tmp_path: Path) -> None:
        [place] = write(tmp_path, PAGE_ATTEMPT)
        path = tmp_path / place.file
        info = gzip.compress(b"WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n", mtime=0)
        moved = to_members(LIST_ATTEMPT, path.name, path.stat().st_size + len(info))
        path.write_bytes(path.read_bytes() + info + moved)
        assert attempts(tmp_path) == [PAGE_ATTEMPT, LIST_ATTEMPT]
        [problem] = verify(tmp_path).problems
        assert f"{len(info)} bytes are lost" in problem.sentence

    def test_a_renamed_file_is_read_and_reported(self, tmp_path: Path) -> None:
        [place, _] = write(tmp_path, PAGE_ATTEMPT, LIST_ATTEMPT)
        (tmp_path / place.file).rename(tmp_path / "portal-20270101T000000000000Z-00000.warc.gz")
        assert attempts(tmp_path) == [PAGE_ATTEMPT, LIST_ATTEMPT]
        assert "was the file renamed" in verify(tmp_path).problems[0].sentence
        write(tmp_path, numbered(1))
        assert attempts(tmp_path) == [PAGE_ATTEMPT, LIST_ATTEMPT, numbered(1)]


class TestSecrets:
    def test_passwords_and_sessions_are_never_in_the_files(self, tmp_path: Path) -> None:
        secret = "s3cr3t-of-the-operator"
        private = {name.title(): secret for name in PRIVATE_HEADERS}
        url = f"https://operator:{secret}@www.gov.kz/news?page=1"
        attempt = replace(
            PAGE_ATTEMPT,
            request=replace(REQUEST, url=url, headers=private | REQUEST.headers),
            answer=replace(ANSWER, url=url, headers={**ANSWER.headers, "set-cookie": f"ticket={secret}"}),
        )
        write(tmp_path, attempt)
        for path in archive_files(tmp_path):
            assert secret.encode() not in gzip.decompress(path.read_bytes())
        [attempt] = attempts(tmp_path)
        assert (attempt.request.url, attempt.answer.url) == ("https://www.gov.kz/news?page=1",) * 2
        assert (attempt.request.headers, attempt.answer.headers) == (REQUEST.headers, ANSWER.headers)
