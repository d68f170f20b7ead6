"""Ask the portal politely: one request at a time, at its pace, what robots.txt allows, and no more than it bears."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin

import requests

from warehouse.portal.exchange import Answer, PortalRequest
from warehouse.portal.request.body import CODINGS
from warehouse.portal.request.failure import Failure
from warehouse.portal.request.hosts import Hosts, Robots, read_robots
from warehouse.portal.request.limits import CONTENT_TYPES, RETRIED, Limits, check_settings, user_agent, wait_in_words
from warehouse.portal.request.pace import Pace
from warehouse.portal.request.retry import Breaker, backoff_s, retry_after_s
from warehouse.portal.request.wire import Reply, Wire
from warehouse.settings import PortalSettings

_OURS = frozenset("user-agent accept-encoding host connection content-length transfer-encoding".split())
"""Headers an operator cannot set: who asks, and how answers are sent and taken."""
_ROBOTS = "robots"

Keep = Callable[[str, PortalRequest, Answer], None]
"""Archives what came on the way to an answer: its purpose (one of `attempt.ASIDES`), the request, and the answer."""


@dataclass(slots=True)
class _Exchange:
    """A question and the requests made for it: what was sent last and where, and when (monotonic seconds)."""

    request: PortalRequest
    conditions: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    sent: Mapping[str, str] = field(default_factory=dict)
    first_sent: float | None = None
    last_sent: float | None = None
    retries: int = 0


class Client:
    """A run's way to the portal; a context manager.

    `pace_file` holds the time of the machine's last request. `started_at` is the run's moment (UTC without
    zone): answers have their times as if the run had begun then. `keep` archives every answer that `ask` does not
    return: robots.txt, redirects, what was asked again, and pages of a type that no page has. `sleep` waits between
    retries. Raises UsageError for settings that no run can follow, OSError where `pace_file` cannot be written.
    """

    def __init__(  # noqa: PLR0913 - by name, and most have a default
        self,
        settings: PortalSettings,
        *,
        pace_file: Path,
        started_at: datetime,
        keep: Keep = lambda purpose, request, answer: None,
        sleep: Callable[[float], None] = time.sleep,
        limits: Limits | None = None,
    ) -> None:
        check_settings(settings)
        self._settings = settings
        self._limits = limits or Limits()
        self._hosts = Hosts(settings.url)
        self._wire = Wire(settings.timeout_s, settings.ca_bundle, self._limits)
        self._pace = Pace(pace_file, settings.interval_s, self._limits.patience_s)
        self._breaker = Breaker(self._limits.failures_in_a_row)
        self._sleep = sleep
        self._keep = keep
        self._robots: dict[str, Robots] = {}
        self._one_at_a_time = threading.Lock()
        self._started_at = started_at
        self._began_s = time.monotonic()
        self.user_agent = user_agent(settings)
        # A comment behind the product, such as a contact, names nobody in robots.txt.
        self._product = self.user_agent.split()[0]
        self._operator_headers = {
            name: value.encode() for name, value in settings.headers.items() if name.lower() not in _OURS
        }
        if cookies := "; ".join(f"{name}={value}" for name, value in settings.cookies.items()):
            self._operator_headers["Cookie"] = cookies.encode()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()

    @property
    def is_open(self) -> bool:
        """Whether the circuit breaker is open: nothing more is asked in this run."""
        return bool(self._breaker.reason)

    def ask(self, request: PortalRequest, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """Ask, again where that may help, and follow redirects within the portal.

        `etag` and `last_modified` of an earlier answer let the portal answer 304 where nothing changed. Never raises
        for what the network or the portal do: the answer says so.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified} if request.body is None else {}
        exchange = _Exchange(request, {name: value for name, value in conditions.items() if value})
        with self._one_at_a_time:
            if self.is_open:
                return self._answer(
                    exchange, error=f"{self._breaker.reason}; left for the next run.", barrier="breaker"
                )
            answer = self._with_retries(exchange)
            self._breaker.note(answer)
            return answer

    def _with_retries(self, exchange: _Exchange) -> Answer:
        while True:
            try:
                reply = self._follow(exchange)
            except Failure as failure:
                answer = self._answer(exchange, status=failure.status, error=str(failure), barrier=failure.barrier)
                helps, headers = failure.is_broken, failure.headers
            else:
                answer = self._to_answer(exchange, reply)
                helps, headers = reply.status in RETRIED, reply.headers
            pause_s = retry_after_s(headers) if helps else 0.0
            if pause_s > self._limits.longest_retry_after_s:
                self._breaker.open(f"The portal asked to be left alone for {wait_in_words(pause_s)}")
                return answer
            if not helps or exchange.retries >= self._limits.retries:
                return answer
            self._keep("retry", exchange.request, replace(answer, **self._timing(exchange.last_sent)))
            first_s = max(self._pace.interval_s, 0.01)
            self._sleep(pause_s + backoff_s(exchange.retries, first_s, self._limits.longest_backoff_s))
            exchange.retries += 1

    def _follow(self, exchange: _Exchange) -> Reply:
        """Send the request, and again wherever the portal redirects to. Raises Failure."""
        method, url, body = exchange.request.method, exchange.request.url, exchange.request.body
        steps = set()
        for _ in range(self._limits.redirects + 1):
            request = self._prepare(exchange, method, url, body)
            if (method, exchange.url) in steps:
                raise Failure(f"The portal redirects in a circle, to {exchange.url[:200]} again.")
            steps.add((method, exchange.url))
            with self._pace.turn():
                exchange.last_sent = time.monotonic()
                exchange.first_sent = exchange.first_sent or exchange.last_sent
                response = self._wire.send(request)
                self._pace.note_arrival()
                reply = self._wire.receive(response)
            if reply.location is None:
                return reply
            hop = replace(exchange.request, url=exchange.url, body=body)
            redirect = self._answer(exchange, status=reply.status, headers=reply.headers)
            self._keep("redirect", hop, replace(redirect, **self._timing(exchange.last_sent)))
            if reply.status not in {307, 308}:
                method, body = "GET", None
            try:
                url = urljoin(exchange.url, reply.location.encode("latin-1", "replace").decode("utf-8", "replace"))
            except ValueError:
                raise Failure(f"The portal redirects to “{reply.location[:200]}”, which is no address.") from None
        raise Failure(f"The portal redirects more than {self._limits.redirects} times.", status=reply.status)

    def _prepare(self, exchange: _Exchange, method: str, url: str, body: bytes | None) -> requests.PreparedRequest:
        """The next request, if it may be sent; notes its address and our own headers. Raises Failure."""
        headers = {
            "User-Agent": self.user_agent,
            "Accept": "*/*",
            "Accept-Encoding": CODINGS,
            **(exchange.request.headers if method == exchange.request.method else {}),
            **exchange.conditions,
        }
        request = self._wire.prepare(method, url, headers, body)
        url = str(request.url)
        if not self._hosts.admits(url):
            raise Failure(f"{url[:200]} is not the portal's; not requested.")
        if exchange.request.route != _ROBOTS:
            self._obey_robots(url)
        exchange.url, exchange.sent = url, headers
        if self._hosts.is_own(url):
            request.headers.update(self._operator_headers)
        return request

    def _obey_robots(self, url: str) -> None:
        """Raise Failure for what robots.txt of the address's host forbids, and where that cannot be known."""
        place = urljoin(url, "/robots.txt")
        if place not in self._robots:
            exchange = _Exchange(PortalRequest(_ROBOTS, place))
            answer = self._with_retries(exchange)
            self._keep("robots", exchange.request, answer)
            self._robots[place] = read_robots(answer)
        robots = self._robots[place]
        delay_s = robots.delay_s(self._product)
        if delay_s > self._limits.longest_crawl_delay_s:
            sentence = f"robots.txt forbids more than one request in {wait_in_words(delay_s)}: no run waits so long."
            raise Failure(sentence, barrier="robots")
        self._pace.slow_down(delay_s)
        if robots.unknown is not None:
            raise Failure(f"{place} could not be read ({robots.unknown.rstrip('.')}), so nothing is requested there.")
        if not robots.allows(url, self._product):
            raise Failure(f"robots.txt forbids {url[:200]}", barrier="robots")

    def _to_answer(self, exchange: _Exchange, reply: Reply) -> Answer:
        """A whole reply as an answer; a body of a type that no page has goes to `keep`, an error stands for it."""
        kind = reply.headers.get("content-type", "").split(";")[0].strip().lower()
        is_page = kind in CONTENT_TYPES or not reply.body or exchange.request.route == _ROBOTS
        if not is_page and reply.status < 300:
            untaken = self._answer(exchange, status=reply.status, headers=reply.headers, body=reply.body)
            self._keep("untaken", exchange.request, untaken)
            # Without headers: an ETag would let the portal say later that nothing changed, of what was never a page.
            error = f"The answer's type is “{kind[:80]}”, which no page of the portal has."
            return self._answer(exchange, status=reply.status, error=error, barrier="type")
        body = reply.body if is_page else b""
        return self._answer(exchange, status=reply.status, headers=reply.headers, body=body)

    def _answer(self, exchange: _Exchange, **fields: object) -> Answer:
        return Answer(
            url=exchange.url or exchange.request.url,
            retries=exchange.retries,
            request_headers=exchange.sent,
            **self._timing(exchange.first_sent),
            **fields,  # type: ignore[arg-type]
        )

    def _timing(self, sent_s: float | None) -> dict[str, Any]:
        """The time of a request, and its seconds till now."""
        now_s = time.monotonic()
        sent_s = sent_s or now_s
        return {
            "requested_at": self._started_at + timedelta(seconds=sent_s - self._began_s),
            "duration_s": now_s - sent_s,
        }
