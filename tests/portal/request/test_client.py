"""The portal's client: what it makes of everything that a portal and a network can do."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.portal_releases import LANGUAGES, invent_releases, seed_releases
from tests.desk.portal_run import CODE, STARTED, TARGET, WORD, Run
from tests.desk.portal_server import Portal
from tests.desk.portal_troubles import sign_certificate, zeros
from warehouse.errors import UsageError
from warehouse.portal.exchange import Answer, PortalRequest, Target
from warehouse.portal.read import graphql, html, rest
from warehouse.portal.request.hosts import Hosts, read_robots
from warehouse.portal.request.retry import retry_after_s


class TestAnswers:
    @pytest.mark.parametrize("route", [graphql, html, rest], ids=lambda route: route.name)
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_each_route_brings_each_language(self, run: Run, route: Any, language: str):
        target = Target(1, CODE, "mfa", language)
        answer = run.ask(route.page_request(run.portal.url, target))
        assert (answer.status, answer.error) == (200, None)
        title = run.portal.releases[CODE].texts[language].title
        assert route.read_page(answer, target).pages[0].title == title

    def test_the_body_is_as_sent_and_headers_have_small_letters(self, run: Run):
        answer = run.ask()
        assert WORD in answer.body.decode()
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.url == run.page().url

    def test_a_list_is_asked_page_by_page(self, run: Run):
        run.portal.releases = invent_releases(25)
        answer = run.ask(graphql.list_request(run.portal.url, "mfa", "ru", 3, 10))
        assert [page.code for page in graphql.read_list(answer, "mfa", "ru").pages] == [
            "1000005", "1000004", "1000003", "1000002", "1000001",
        ]  # fmt: skip

    def test_times_are_those_of_the_run_not_of_the_clock(self, run: Run):
        with run.client() as client:
            first, second = client.ask(run.page()), client.ask(run.page())
        assert STARTED <= first.requested_at < second.requested_at < STARTED + timedelta(hours=1)
        assert first.requested_at.tzinfo is None

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 500])
    def test_a_status_is_an_answer_and_asked_once(self, run: Run, status: int):
        run.portal.misbehave("status", status=status)
        answer = run.ask()
        assert (answer.status, answer.error, answer.retries) == (status, None, 0)
        assert len(run.portal.requests()) == 1

    def test_the_ticket_asked_for_is_an_answer(self, run: Run):
        run.portal.misbehave("ticket", route="rest")
        answer = run.ask(rest.page_request(run.portal.url, TARGET))
        assert (answer.status, answer.body) == (400, b'{"error": "browserTicketMissing"}')

    def test_a_known_version_is_not_sent_again(self, run: Run):
        run.portal.tells_versions = True
        with run.client() as client:
            first = client.ask(run.page())
            versions = {"etag": first.headers["etag"], "last_modified": first.headers["last-modified"]}
            again = client.ask(run.page(), **versions)
            run.portal.releases[CODE].texts["ru"].paragraphs[0] = "Изменено."
            changed = client.ask(run.page(), **versions)
        assert (first.status, again.status, changed.status) == (200, 304, 200)
        assert again.body == b""
        assert run.portal.requests()[1].headers["if-modified-since"] == first.headers["last-modified"]

    def test_questions_that_are_posted_have_no_conditions(self, run: Run):
        with run.client() as client:
            client.ask(graphql.page_request(run.portal.url, TARGET), etag='"x"')
        assert "if-none-match" not in run.portal.requests()[0].headers


class TestRedirects:
    def test_one_within_the_portal_is_followed(self, run: Run):
        run.portal.misbehave("redirect", times=1, to=lambda path: path.replace("/mfa/", "/mid/"))
        answer = run.ask()
        assert answer.status == 200
        assert "/entities/mid/" in answer.url

    @pytest.mark.parametrize(("status", "method"), [(302, "GET"), (307, "POST"), (308, "POST")])
    def test_a_posted_question_is_posted_on_only_where_that_is_meant(self, run: Run, status: int, method: str):
        run.portal.misbehave("redirect", times=1, to="/graphql?once", status=status)
        run.ask(graphql.page_request(run.portal.url, TARGET))
        assert run.portal.requests()[1].method == method
        assert bool(run.portal.requests()[1].body) == (method == "POST")

    @pytest.mark.parametrize(
        "to",
        [
            "http://example.org/",
            "//example.org/x",
            "https://127.0.0.1:{port}/",
            "http://127.0.0.1:1/",
            "http://localhost:{port}/",
            "http://127.0.0.1:{port}@example.org/",
            "http://me:secret@127.0.0.1:{port}/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http://[::1",
            "http://127.0.0.1.example.org:{port}/",
        ],
    )
    def test_one_away_from_it_is_not(self, run: Run, to: str):
        run.portal.misbehave("redirect", to=to.replace("{port}", run.portal.url.rsplit(":", 1)[1]))
        answer = run.ask()
        assert answer.error
        assert answer.url == run.page().url
        assert len(run.portal.requests()) == 1

    def test_another_host_is_never_sent_an_operators_headers(self, run: Run):
        with Portal(seed_releases()) as elsewhere:
            run.portal.misbehave("redirect", to=lambda path: elsewhere.url + path)
            answer = run.ask(headers={"X-Ticket": "s3cret"}, cookies={"session": "s3cret"})
            assert elsewhere.log == []
        assert "is not the portal's; not requested" in (answer.error or "")

    def test_a_circle_is_reported(self, run: Run):
        run.portal.misbehave("loop")
        assert "in a circle" in (run.ask().error or "")
        assert len(run.portal.requests()) == 1

    def test_a_long_chain_is_reported(self, run: Run):
        run.portal.misbehave("redirect", to=lambda path: f"{path}1")
        assert "more than 5 times" in (run.ask().error or "")
        assert len(run.portal.requests()) == 6

    def test_the_body_of_a_redirect_is_not_read(self, run: Run):
        run.portal.misbehave("redirect", times=1, to=lambda path: f"{path}&once", body=b"x" * 50_000_000)
        assert run.ask().status == 200


class TestBodies:
    @pytest.mark.parametrize(
        ("coding", "pack"),
        [
            ("gzip", gzip.compress),
            ("x-gzip", gzip.compress),
            ("deflate", zlib.compress),
            ("deflate", lambda body: zlib.compress(body, wbits=-15)),
            ("identity", bytes),
        ],
    )
    def test_compressed_bodies_are_unpacked(self, run: Run, coding: str, pack: Callable[[bytes], bytes]):
        run.portal.misbehave("coding", coding=coding, pack=pack)
        assert WORD in run.ask().body.decode()

    @pytest.mark.parametrize(
        ("coding", "pack", "message"),
        [
            ("br", bytes, "was not asked for"),
            ("gzip, gzip", gzip.compress, "was not asked for"),
            ("gzip", bytes, "damaged"),
            ("gzip", lambda body: gzip.compress(body)[:-20], "ends too early"),
            ("deflate", lambda body: zlib.compress(body)[:-20], "ends too early"),
            ("gzip", lambda body: gzip.compress(body) + b"more", "goes on after its end"),
        ],
    )
    def test_damaged_ones_are_reported(self, run: Run, coding: str, pack: Callable[[bytes], bytes], message: str):
        run.portal.misbehave("coding", coding=coding, pack=pack)
        answer = run.ask()
        assert message in (answer.error or "")
        assert answer.body == b""

    @pytest.mark.parametrize("trouble", ["truncated", "cut_chunks"])
    def test_a_body_that_breaks_off_is_no_answer(self, run: Run, trouble: str):
        run.portal.misbehave(trouble)
        answer = run.ask()
        assert "The connection broke" in (answer.error or "")
        assert (answer.body, answer.retries) == (b"", 4)

    @pytest.mark.parametrize("trouble", [("truncated", {}), ("status", {"status": 200, "kind": "image/png"})])
    def test_no_version_is_known_of_a_body_that_was_not_taken(self, run: Run, trouble: tuple[str, dict[str, Any]]):
        run.portal.misbehave(trouble[0], headers={"ETag": '"x"'}, **trouble[1])
        answer = run.ask()
        assert answer.error
        assert answer.headers == {}

    @pytest.mark.parametrize("headers", [{}, {"Connection": "close"}])
    def test_a_body_longer_than_it_says_is_no_answer(self, run: Run, headers: dict[str, str]):
        run.portal.misbehave("understated", headers=headers, times=1)
        with run.client() as client:
            answer, next_answer = client.ask(run.page()), client.ask(run.page())
        assert "longer than its Content-Length" in (answer.error or "")
        assert WORD in next_answer.body.decode()

    @pytest.mark.parametrize("size", [b"zz", b"", b"-5", b"1" * 100_000])
    def test_chunks_of_no_size_are_no_answer(self, run: Run, size: bytes):
        run.portal.misbehave("cut_chunks", size=size)
        assert run.ask().error

    @pytest.mark.parametrize(
        "sent",
        [
            b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0",
            b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX: y\r\n",
            b"Transfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            b"Content-Length: one\r\n\r\nx",
            b"no header\r\nContent-Length: 1\r\n\r\nx",
        ],
    )
    def test_an_end_that_only_the_connection_shows_is_none(self, run: Run, sent: bytes):
        run.portal.misbehave("raw", data=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + sent)
        answer = run.ask()
        assert "The connection broke" in (answer.error or "")
        assert answer.body == b""

    def test_what_comes_behind_the_last_chunk_is_no_answer_to_the_next_request(self, run: Run):
        other = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nother"
        run.portal.misbehave("cut_chunks", size=b"1", sent=b"x\r\n0\r\n\r\n" + other, times=1)
        with run.client() as client:
            answer, next_answer = client.ask(run.page()), client.ask(run.page())
        assert answer.body == b"x"
        assert WORD in next_answer.body.decode()

    @pytest.mark.parametrize(
        ("kind", "taken"),
        [
            ("text/html; charset=windows-1251", True),
            ("APPLICATION/JSON", True),
            ("text/plain", True),
            ("application/xhtml+xml", True),
            ("application/pdf", False),
            ("image/png", False),
            ("", False),
        ],
    )
    def test_only_kinds_that_pages_have_are_taken(self, run: Run, kind: str, *, taken: bool):
        run.portal.misbehave("status", status=200, kind=kind, body=b"x")
        answer = run.ask()
        assert (answer.error is None) is taken
        assert answer.body == (b"x" if taken else b"")

    def test_a_refusal_of_another_kind_is_a_refusal_all_the_same(self, run: Run):
        run.portal.misbehave("status", status=403, kind="image/png", body=b"x")
        answer = run.ask()
        assert (answer.status, answer.error, answer.body) == (403, None, b"")

    @pytest.mark.parametrize(("size", "taken"), [(10_000_000, True), (10_000_001, False)])
    def test_ten_megabytes_are_taken_and_no_more(self, run: Run, size: int, *, taken: bool):
        run.portal.misbehave("status", status=200, body=b"x" * size)
        answer = run.ask()
        assert len(answer.body) == (size if taken else 0)
        assert (answer.error == "The answer is larger than 10,000,000 bytes.") is not taken

    @pytest.mark.parametrize(
        ("trouble", "options"),
        [
            ("bomb", {"megabytes": 200}),
            ("endless", {}),
            ("raw", {"data": b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 60_000_000}),
            ("raw", {"data": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n" + b"y" * 60_000_000}),
            ("raw", {"data": b"HTTP/1.1 100 Continue\r\n\r\n" * 2_000_000}),
        ],
        ids=["bomb", "endless", "header", "chunk", "continue"],
    )
    def test_hostile_answers_cost_bounded_memory(self, run: Run, trouble: str, options: dict[str, Any]):
        zeros(200)
        run.portal.misbehave(trouble, **options)
        with run.client() as client:
            client.ask(PortalRequest("robots", f"{run.portal.url}/robots.txt"))
            tracemalloc.start()
            try:
                answer = client.ask(run.page())
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
        assert answer.error
        assert peak < 60_000_000
        assert len(run.portal.requests()) <= 5


class TestTime:
    @pytest.mark.parametrize("trouble", ["silence", "drip", "drip_headers"])
    def test_an_answer_that_does_not_come_or_drips_ends(self, run: Run, trouble: str):
        run.portal.misbehave(trouble)
        answer = run.ask(timeout_s=0.2)
        message = "Nothing came for 0.2 s" if trouble == "silence" else "not whole in time"
        assert message in (answer.error or "")
        assert len(run.portal.requests()) == 1

    @pytest.mark.parametrize(
        "data", [b"", b"\x00" * 100, b"HTTP/9.9 999 What\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 404\r\nDate: x"]
    )
    def test_what_is_no_http_is_reported(self, run: Run, data: bytes):
        run.portal.misbehave("raw", data=data)
        assert run.ask().error


class TestTls:
    def test_a_certificate_that_nobody_vouches_for_is_not_trusted(self, run: Run, tmp_path: Path):
        with Portal(seed_releases(), tls=sign_certificate(tmp_path)) as portal:
            run.portal = portal
            answer = run.ask()
            assert "certificate is not trusted" in (answer.error or "")
            assert (portal.log, run.waits) == ([], [])

    def test_an_operators_own_authority_is(self, run: Run, tmp_path: Path):
        certificate, key = sign_certificate(tmp_path)
        with Portal(seed_releases(), tls=(certificate, key)) as portal:
            run.portal = portal
            with run.client(ca_bundle=certificate) as client:
                assert [client.ask(run.page()).status for _ in range(3)] == [200] * 3
                portal.misbehave("understated", times=1)
                portal.misbehave("reset", times=1)
                answers = [client.ask(run.page()) for _ in range(2)]
        assert "longer than its Content-Length" in (answers[0].error or "")
        assert (answers[1].status, answers[1].retries) == (200, 1)

    def test_dripping_ends_under_tls_as_well(self, run: Run, tmp_path: Path):
        certificate, key = sign_certificate(tmp_path)
        with Portal(seed_releases(), tls=(certificate, key)) as portal:
            run.portal = portal
            portal.misbehave("drip")
            assert "not whole in time" in (run.ask(ca_bundle=certificate, timeout_s=0.3).error or "")

    def test_the_name_in_the_certificate_counts(self, run: Run, tmp_path: Path):
        certificate, key = sign_certificate(tmp_path, host="127.0.0.2")
        with Portal(seed_releases(), tls=(certificate, key)) as portal:
            run.portal = portal
            assert "certificate is not trusted" in (run.ask(ca_bundle=certificate).error or "")

    def test_a_portal_without_tls_is_reported(self, run: Run):
        url = run.portal.url.replace("http:", "https:")
        assert run.ask(html.page_request(url, TARGET), url=url).error

    def test_a_name_that_nobody_knows_is_reported(self, run: Run):
        url = "http://no-such-host.invalid"
        answer = run.ask(html.page_request(url, TARGET), url=url)
        assert "DNS" in (answer.error or "")
        assert run.waits == []


class TestSettings:
    @pytest.mark.parametrize("url", ["", "www.gov.kz", "ftp://www.gov.kz", "https://", "https://me:secret@www.gov.kz"])
    def test_an_address_that_cannot_be_meant_is_refused(self, url: str):
        with pytest.raises(UsageError, match="PRESS_PORTAL_URL"):
            Hosts(url)

    @pytest.mark.parametrize("name", ["missing", "nonsense"])
    def test_certificates_that_are_not_there_are_refused(self, run: Run, tmp_path: Path, name: str):
        (tmp_path / "nonsense").write_text("no certificate")
        with pytest.raises(UsageError, match="PRESS_PORTAL_CA_BUNDLE"):
            run.client(ca_bundle=str(tmp_path / name))

    def test_addresses_that_are_not_the_portals_are_not_asked(self, run: Run):
        answer = run.ask(PortalRequest("html", "http://example.org/"))
        assert answer.error == "http://example.org/ is not the portal's; not requested."
        assert run.portal.log == []


class TestLaws:
    """Whatever the portal says, it is read."""

    @given(st.text(st.characters(max_codepoint=255)) | st.from_regex(r"\w{3}, \d+ \w{3} \d+ \d+:\d+(:\d+)? \S*"))
    def test_any_retry_after_is_a_time_to_wait(self, value: str):
        assert retry_after_s({"retry-after": value, "date": value}) >= 0

    @given(st.text())
    def test_any_address_is_the_portals_or_not(self, url: str):
        hosts = Hosts("https://www.gov.kz")
        assert not hosts.admits(url)
        assert not hosts.is_own(url)

    @given(st.sampled_from([200, 204, 301, 404, 503]), st.binary(), st.text())
    def test_any_robots_txt_allows_or_forbids(self, status: int, body: bytes, path: str):
        robots = read_robots(Answer("", STARTED, 0.0, status=status, body=b"User-agent: *\nDisallow: /" + body))
        assert robots.allows(f"https://www.gov.kz/{path}", "press-warehouse/0.1") in {True, False}
        assert robots.delay_s("press-warehouse/0.1") >= 0

    @given(
        st.lists(
            st.builds(
                "{}{}{}".format,
                st.sampled_from(["Request-rate: ", "Crawl-delay: ", "Visit-time: ", "Disallow: /", "Sitemap: "]),
                st.sampled_from(
                    ["1", "0", "-1", "9" * 400, "9" * 5000, "1e400", "nan", "inf", "²", "٣", "*a" * 60 + "$"]
                ),
                st.sampled_from(["", "/1", "/0", "/-1", "/" + "9" * 400, "/9999999999d", "s 0000-9999"]),
            )
        )
    )
    def test_any_number_in_robots_txt_is_a_time_to_wait(self, rules: list[str]):
        body = "\n".join(["User-agent: *", *rules]).encode()
        robots = read_robots(Answer("", STARTED, 0.0, status=200, body=body))
        assert robots.delay_s("press-warehouse/0.1") >= 0
        assert robots.allows("https://www.gov.kz/graphql", "press-warehouse/0.1") in {True, False}

    @pytest.mark.parametrize(
        ("url", "admitted", "own"),
        [
            ("https://www.gov.kz/graphql", True, True),
            ("https://WWW.gov.kz:443/", True, True),
            ("https://gov.kz/", True, False),
            ("https://egov.my.gov.kz/", True, False),
            ("http://www.gov.kz/", False, False),
            ("https://www.gov.kz:8443/", False, False),
            ("https://notgov.kz/", False, False),
            ("https://gov.kz.example.org/", False, False),
            ("https://www.gov.kz@example.org/", False, False),
            ("https://example.org/www.gov.kz", False, False),
        ],
    )
    def test_the_portal_is_gov_kz_and_below(self, url: str, *, admitted: bool, own: bool):
        hosts = Hosts("https://www.gov.kz")
        assert (hosts.admits(url), hosts.is_own(url)) == (admitted, own)
