"""The manners of the portal's client, as the portal sees them in its own log."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from filelock import FileLock

from tests.desk.portal_releases import seed_releases
from tests.desk.portal_run import CODE, TARGET, Run, another_process
from tests.desk.portal_server import Portal
from tests.desk.portal_troubles import sign_certificate
from tests.desk.ports import free_port
from tests.desk.tunnel import tunnel
from warehouse.errors import UsageError
from warehouse.portal.exchange import Target
from warehouse.portal.read import graphql, html, rest
from warehouse.portal.request.limits import Limits


class TestIdentity:
    def test_the_client_says_who_it_is_and_whom_to_write_to(self, run: Run):
        answer = run.ask(contact="mailto:press@example.org")
        for request in run.portal.log:
            assert request.headers["user-agent"] == "press-warehouse/0.1 (+mailto:press@example.org)"
        assert answer.request_headers["User-Agent"] == run.portal.log[0].headers["user-agent"]

    def test_a_contact_may_be_in_cyrillic(self, run: Run):
        assert run.ask(contact="Редакция").status == 200

    def test_an_operators_headers_and_cookies_reach_the_portal_and_nobody_else(self, run: Run, caplog):
        caplog.set_level("DEBUG")
        answer = run.ask(headers={"X-Ticket": "s3cret", "accept-language": "s4cret"}, cookies={"session": "s5cret"})
        request = run.portal.requests()[0]
        assert request.headers["x-ticket"] == "s3cret"
        assert request.headers["accept-language"] == "s4cret"
        assert request.headers["cookie"] == "session=s5cret"
        assert "cret" not in repr(answer) + caplog.text
        assert answer.request_headers["Accept-Language"] == "ru"

    def test_an_operator_cannot_take_another_name(self, run: Run):
        run.ask(headers={"user-agent": "Mozilla/5.0", "Host": "example.org"})
        assert run.portal.requests()[0].headers["user-agent"] == "press-warehouse/0.1"
        assert run.portal.requests()[0].headers["host"].startswith("127.0.0.1")

    def test_a_header_that_cannot_be_sent_is_not_shown(self, run: Run):
        with pytest.raises(UsageError, match="PRESS_PORTAL_HEADERS") as refused:
            run.ask(headers={"X-Ticket": "s3cret\r\nX-More: s3cret"})
        assert "s3cret" not in str(refused.value)

    def test_what_the_portal_sets_is_neither_kept_nor_sent_back(self, run: Run):
        run.portal.misbehave("status", status=200, headers={"Set-Cookie": "session=s3cret"})
        with run.client() as client:
            answer = client.ask(run.page())
            client.ask(run.page())
        assert "s3cret" not in repr(answer)
        assert all("cookie" not in request.headers for request in run.portal.log)

    def test_passwords_of_the_environment_are_not_used(self, run: Run, monkeypatch, tmp_path: Path):
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login me password s3cret\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
        assert run.ask().status == 200
        assert "authorization" not in run.portal.requests()[0].headers


class TestProxy:
    @pytest.fixture(autouse=True)
    def proxy(self, monkeypatch) -> Callable[[str], None]:
        for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.upper(), raising=False)

        def name_proxy(url: str) -> None:
            for name in ("http_proxy", "https_proxy", "all_proxy"):
                monkeypatch.setenv(name, url)

        return name_proxy

    def test_the_portal_is_asked_by_the_proxy_of_the_environment(self, run: Run, proxy):
        proxy(run.portal.url)
        url = "http://portal.example"
        run.ask(html.page_request(url, TARGET), url=url)
        assert run.portal.log
        assert all(request.path.startswith(f"{url}/") for request in run.portal.log)

    def test_tls_goes_through_the_proxy_to_the_portal_itself(self, run: Run, proxy, tmp_path: Path):
        certificate, key = sign_certificate(tmp_path, host="portal.example")
        url = "https://portal.example"
        with (
            Portal(seed_releases(), tls=(certificate, key)) as portal,
            tunnel(urlsplit(portal.url).port or 0) as address,
        ):
            proxy(address)
            answer = run.ask(html.page_request(url, TARGET), url=url, ca_bundle=certificate)
            assert (answer.status, len(portal.requests())) == (200, 1)
            portal.misbehave("drip")
            late = run.ask(html.page_request(url, TARGET), url=url, ca_bundle=certificate, timeout_s=0.3)
            assert "not whole in time" in (late.error or "")

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_what_is_on_this_machine_is_asked_directly(self, run: Run, proxy, host: str):
        proxy(f"http://127.0.0.1:{free_port()}")
        url = run.portal.url.replace("127.0.0.1", host)
        assert run.ask(html.page_request(url, TARGET), url=url).status == 200

    @pytest.mark.parametrize("scheme", ["http", "https"])
    def test_a_proxy_that_is_not_there_is_named_as_the_cause(self, run: Run, proxy, scheme: str):
        proxy(f"http://me:s3cret@127.0.0.1:{free_port()}")
        url = f"{scheme}://portal.example"
        answer = run.ask(html.page_request(url, TARGET), url=url)
        cause = "The proxy that the environment names (https_proxy, http_proxy) does not help: Connection refused"
        assert cause in (answer.error or "")
        assert "s3cret" not in repr(answer)

    def test_a_proxy_that_lets_nothing_through_is_named_as_the_cause(self, run: Run, proxy):
        proxy(run.portal.url)
        url = "https://portal.example"
        answer = run.ask(html.page_request(url, TARGET), url=url)
        assert "does not help: Tunnel connection failed: 501 " in (answer.error or "")

    @pytest.mark.parametrize("url", ["socks5://127.0.0.1:9", "nonsense://127.0.0.1:9"])
    def test_a_proxy_that_cannot_be_used_is_named_as_the_cause(self, run: Run, proxy, url: str):
        proxy(url)
        answer = run.ask(html.page_request("http://portal.example", TARGET), url="http://portal.example")
        assert "does not help: it is of no kind that can be used" in (answer.error or "")


class TestRobots:
    def test_robots_txt_is_read_first_and_once(self, run: Run):
        run.portal.robots = "User-agent: *\nDisallow: /search\n"
        with run.client() as client:
            for _ in range(3):
                client.ask(run.page())
        assert [request.route for request in run.portal.log] == ["robots", "html", "html", "html"]

    @pytest.mark.parametrize(
        "rules",
        [
            "User-agent: *\nDisallow: /graphql",
            "User-agent: press-warehouse\nDisallow: /\n\nUser-agent: *\nAllow: /",
            "User-agent: *\nDisallow: /*ql$",
        ],
    )
    def test_what_it_forbids_is_never_requested(self, run: Run, rules: str):
        run.portal.robots = rules
        answer = run.ask(graphql.page_request(run.portal.url, TARGET))
        assert (answer.barrier, answer.status) == ("robots", None)
        assert answer.error == f"robots.txt forbids {run.portal.url}/graphql"
        assert run.portal.requests() == []

    def test_what_it_forbids_for_one_route_leaves_the_others(self, run: Run):
        run.portal.robots = "User-agent: *\nDisallow: /graphql\nDisallow: /api/"
        with run.client() as client:
            for route in (graphql, rest):
                assert client.ask(route.page_request(run.portal.url, TARGET)).barrier == "robots"
            assert client.ask(run.page()).status == 200

    def test_it_holds_for_what_is_redirected_to(self, run: Run):
        run.portal.robots = "User-agent: *\nDisallow: /api/"
        run.portal.misbehave("redirect", route="html", to="/api/v1/public/content-manager/news/1")
        assert run.ask().barrier == "robots"
        assert run.portal.requests("rest") == []

    @pytest.mark.parametrize("status", [401, 403, 404, 410])
    def test_where_there_is_none_all_is_allowed(self, run: Run, status: int):
        run.portal.misbehave("status", status=status, route="robots")
        assert run.ask().status == 200

    def test_a_page_in_its_place_forbids_nothing(self, run: Run):
        run.portal.misbehave("shell", route="robots")
        assert run.ask().status == 200

    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_where_it_cannot_be_known_nothing_is_requested(self, run: Run, status: int):
        run.portal.misbehave("status", status=status, route="robots")
        with run.client() as client:
            answers = [client.ask(run.page()) for _ in range(2)]
        assert all(answer.error and f"HTTP {status}" in answer.error for answer in answers)
        assert [answer.barrier for answer in answers] == [None, None]
        assert run.portal.requests() == []
        assert len(run.portal.requests("robots")) == (1 if status == 500 else 5)

    def test_robots_txt_elsewhere_counts_as_unknown(self, run: Run):
        run.portal.misbehave("redirect", route="robots", to="http://example.org/robots.txt")
        assert "could not be read" in (run.ask().error or "")
        assert run.portal.requests() == []

    def test_a_long_crawl_delay_slows_the_run_down(self, run: Run):
        run.portal.robots = "User-agent: *\nCrawl-delay: 0.15"
        with run.client() as client:
            for _ in range(3):
                client.ask(run.page())
        assert min(run.portal.gaps()) >= 0.149

    @pytest.mark.parametrize(
        "rule", [f"Request-rate: 1/{'9' * 400}", f"Request-rate: 1/{'9' * 300}d", "Crawl-delay: 1e300"]
    )
    def test_a_time_beyond_all_numbers_is_not_waited_for(self, run: Run, rule: str):
        run.portal.robots = f"User-agent: *\n{rule}"
        answer = run.ask()
        assert (answer.barrier, run.portal.requests()) == ("robots", [])
        assert answer.error == "robots.txt forbids more than one request in more than a day: no run waits so long."

    def test_a_crawl_delay_of_a_day_is_not_waited_for(self, run: Run):
        run.portal.robots = "User-agent: *\nCrawl-delay: 86400"
        answer = run.ask()
        assert answer.barrier == "robots"
        assert "86400 s" in (answer.error or "")

    def test_more_rules_than_anybody_writes_are_not_read(self, run: Run):
        run.portal.robots = "".join(f"User-agent: a{n}\n" for n in range(10_000)) + "Disallow: /a\n" * 10_000
        assert "more rules than anybody writes" in (run.ask().error or "")


class TestPace:
    def test_requests_of_all_kinds_keep_apart(self, run: Run):
        run.settings["interval_s"] = 0.06
        run.portal.misbehave("status", status=503, times=2)
        run.portal.misbehave("reset", times=1)
        run.portal.misbehave("redirect", times=1, to=lambda path: f"{path}&once")
        with run.client() as client:
            for _ in range(3):
                client.ask(run.page())
        assert len(run.portal.log) == 8
        assert min(run.portal.gaps()) >= 0.059

    def test_threads_ask_one_at_a_time(self, run: Run):
        run.settings["interval_s"] = 0.04
        with run.client() as one, run.client() as other:
            threads = [
                threading.Thread(target=lambda client=client: [client.ask(run.page()) for _ in range(2)])
                for client in (one, other, one)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert len(run.portal.requests("html")) == 6
        assert min(run.portal.gaps()) >= 0.039

    def test_two_processes_do_not_double_the_pace(self, run: Run):
        processes = [another_process(run, name, count=12) for name in ("one", "other")]
        assert [process.wait() for process in processes] == [0, 0]
        assert len(run.portal.log) == 26
        assert min(run.portal.gaps()) >= 0.049

    def test_a_process_killed_in_its_turn_leaves_no_lock_behind(self, run: Run):
        run.portal.misbehave("silence", times=1)
        process = another_process(run, "killed", count=1)
        while not run.portal.requests():
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
        process.wait()
        assert run.ask().status == 200

    def test_a_run_that_never_ends_its_turn_is_not_waited_for_for_ever(self, run: Run):
        run.limits = Limits(patience_s=0.05)
        with FileLock(run.pace_file.with_name(f"{run.pace_file.name}.lock")):
            answer = run.ask()
        assert "no turn came" in (answer.error or "")
        assert run.portal.log == []

    @pytest.mark.parametrize(
        "content", [b"99999999999.0\n", b"-99999.0\n", b"nan\n", b"inf\n", b"12", b"", b"\xff\x00" * 500]
    )
    def test_a_pace_file_from_before_a_restart_or_damaged_blocks_nobody(self, run: Run, content: bytes):
        run.pace_file.write_bytes(content)
        assert run.ask().status == 200
        assert 0 < float(run.pace_file.read_bytes()) <= time.monotonic()


class TestRetries:
    @pytest.mark.parametrize("status", [429, 502, 503, 504])
    def test_a_portal_that_recovers_is_asked_again(self, run: Run, status: int):
        run.portal.misbehave("status", status=status, times=2)
        answer = run.ask()
        assert (answer.status, answer.retries) == (200, 2)

    @pytest.mark.parametrize("status", [429, 502, 503, 504])
    def test_one_that_does_not_is_asked_five_times(self, run: Run, status: int):
        run.portal.misbehave("status", status=status)
        answer = run.ask()
        assert (answer.status, answer.retries) == (status, 4)
        assert len(run.portal.requests()) == 5

    def test_waits_double_at_most(self, run: Run):
        run.portal.misbehave("status", status=503)
        run.ask(interval_s=0.02)
        assert [wait <= 0.02 * 2**retry for retry, wait in enumerate(run.waits)] == [True] * 4

    def test_retry_after_in_seconds_is_waited_for(self, run: Run):
        run.portal.misbehave("status", status=429, times=1, headers={"Retry-After": "7"})
        assert run.ask().status == 200
        assert 7 <= run.waits[0] <= 8

    def test_retry_after_holds_where_the_body_breaks_off(self, run: Run):
        run.portal.misbehave("truncated", status=429, times=1, headers={"Retry-After": "7"})
        assert run.ask().status == 200
        assert run.waits[0] >= 7

    def test_retry_after_as_a_date_is_waited_for(self, run: Run):
        def later() -> dict[str, str]:
            return {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)}

        run.portal.misbehave("status", status=503, times=1, headers=later)
        assert run.ask().status == 200
        assert 28 <= run.waits[0] <= 32

    @pytest.mark.parametrize(
        "value", ["soon", "-5", "Fri, 01 Jan 1999 00:00:00 GMT", "", "Fri, 99 Foo 99999 99:99", "1" * 50_000]
    )
    def test_a_retry_after_that_says_nothing_or_for_ever_ends(self, run: Run, value: str):
        run.portal.misbehave("status", status=429, headers={"Retry-After": value})
        assert run.ask().status == 429
        assert sum(run.waits) <= 1

    @pytest.mark.parametrize("value", ["3600", "Fri, 01 Jan 2199 00:00:00 GMT"])
    def test_a_portal_that_wants_to_be_left_alone_for_long_is(self, run: Run, value: str):
        run.portal.misbehave("status", status=429, times=1, headers={"Retry-After": value})
        with run.client() as client:
            answer, next_answer = client.ask(run.page()), client.ask(run.page())
            assert client.is_open
        assert (answer.status, next_answer.barrier) == (429, "breaker")
        assert "asked to be left alone" in (next_answer.error or "")
        assert (len(run.portal.requests()), run.waits) == (1, [])

    def test_deep_pages_that_time_out_leave_the_others(self, run: Run):
        run.portal.misbehave("status", status=504, when=lambda request: request.page > 2)
        with run.client() as client:
            answers = [client.ask(graphql.list_request(run.portal.url, "mfa", "ru", page, 2)) for page in (1, 9, 2)]
        assert [answer.status for answer in answers] == [200, 504, 200]

    def test_a_broken_connection_is_tried_again(self, run: Run):
        run.portal.misbehave("reset", times=3)
        assert (run.ask().status, len(run.portal.requests())) == (200, 4)

    def test_a_portal_that_is_not_there_is_an_answer(self, run: Run):
        url = f"http://127.0.0.1:{free_port()}"
        answer = run.ask(html.page_request(url, TARGET), url=url)
        assert answer.status is None
        assert "The portal's host refuses connections" in (answer.error or "")
        assert len(run.waits) == 4


class TestBreaker:
    @pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 503])
    def test_a_run_of_refusals_leaves_the_rest_for_the_next_run(self, run: Run, status: int):
        run.portal.misbehave("status", status=status)
        run.limits = Limits(retries=0)
        with run.client() as client:
            answers = [client.ask(run.page()) for _ in range(8)]
            assert client.is_open
        assert [answer.status for answer in answers] == [status] * 5 + [None] * 3
        assert [answer.barrier for answer in answers[5:]] == ["breaker"] * 3
        assert all((answer.error or "").endswith("; left for the next run.") for answer in answers[5:])
        assert len(run.portal.requests()) == 5

    def test_it_stays_open_when_the_portal_recovers(self, run: Run):
        run.portal.misbehave("status", status=403, times=5)
        with run.client() as client:
            answers = [client.ask(run.page()) for _ in range(7)]
        assert answers[6].barrier == "breaker"

    def test_the_next_run_asks_again(self, run: Run):
        run.portal.misbehave("status", status=403, times=5)
        with run.client() as client:
            for _ in range(5):
                client.ask(run.page())
        assert run.ask().status == 200

    @pytest.mark.parametrize("between", ["html", "not_found"])
    def test_an_answer_in_between_ends_the_row(self, run: Run, between: str):
        code = CODE if between == "html" else "1"
        run.portal.misbehave("status", status=403, when=lambda request: request.language == "kk")
        refused = html.page_request(run.portal.url, Target(1, CODE, "mfa", "kk"))
        with run.client() as client:
            for _ in range(3):
                for request in (refused, refused, refused, refused, run.page(code)):
                    client.ask(request)
            assert not client.is_open

    def test_pages_that_are_not_there_never_open_it(self, run: Run):
        with run.client() as client:
            answers = [client.ask(run.page(str(n))) for n in range(1, 9)]
        assert {answer.status for answer in answers} == {404}

    def test_what_robots_forbids_never_opens_it(self, run: Run):
        run.portal.robots = "User-agent: *\nDisallow: /graphql"
        with run.client() as client:
            for _ in range(8):
                client.ask(graphql.page_request(run.portal.url, TARGET))
            assert client.ask(run.page()).status == 200

    def test_a_network_without_the_portal_opens_it(self, run: Run):
        run.limits = Limits(retries=0)
        url = f"http://127.0.0.1:{free_port()}"
        with run.client(url=url) as client:
            for _ in range(5):
                client.ask(html.page_request(url, TARGET))
            assert client.is_open
