"""Ask the portal politely: one request at a time, at its pace, what robots.txt allows, and no more than it bears."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

from warehouse.portal.exchange import Answer, PortalRequest
from warehouse.portal.request.body import CODINGS
from warehouse.portal.request.connection import HttpRequest, Reply
from warehouse.portal.request.hosts import Reach, normal_url, robots_url
from warehouse.portal.request.limits import CONTENT_TYPES, RETRIED, Manners, refuse_nonsense, user_agent
from warehouse.portal.request.pace import Pace, PortalBusy
from warehouse.portal.request.retry import Breaker, backoff_s, retry_after_s
from warehouse.portal.request.robots import Robots, read_robots
from warehouse.portal.request.wire import Failure, Wire
from warehouse.settings import PortalSettings

_OURS = frozenset("user-agent accept-encoding host connection content-length transfer-encoding".split())
"""Headers an operator cannot set: who asks, and how answers are sent and taken."""
_ROBOTS = "robots"

Keep = Callable[[str, PortalRequest, Answer], None]
"""Told of what came on the way to an answer: why it was asked (one of `attempt.ASIDES`), what was asked, what came."""


class _Forbidden(Exception):
    """robots.txt forbids the address; the message is a sentence."""


@dataclass(slots=True)
class _Visit:
    """One question on its way: what was sent last and where, and when the first request of it was."""

    request: PortalRequest
    conditions: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    sent: Mapping[str, str] = field(default_factory=dict)
    first_sent: float | None = None
    last_sent: float | None = None
    retries: int = 0


class Client:
    """A run's way to the portal; a context manager.

    `pace_file` holds the time of the machine's last request. `started_at` is the run's moment (UTC; without a zone, or
    with one): answers tell their time as if the run had begun then. `keep` is told of every answer that is not handed
    back itself: of robots.txt, redirects, what was asked again, and pages of a kind that is not taken. `sleep` waits
    between retries.
    Raises UsageError for settings that cannot be meant, OSError where `pace_file` cannot be written.
    """

    def __init__(  # noqa: PLR0913 - by name, and most have a default
        self,
        settings: PortalSettings,
        *,
        pace_file: Path,
        started_at: datetime,
        keep: Keep = lambda purpose, request, answer: None,
        sleep: Callable[[float], None] = time.sleep,
        manners: Manners | None = None,
    ) -> None:
        refuse_nonsense(settings)
        self._settings = settings
        self._manners = manners or Manners()
        self._reach = Reach(settings.url)
        self._wire = Wire(settings.timeout_s, settings.ca_bundle, self._manners)
        self._pace = Pace(pace_file, settings.interval_s, self._manners.patience_s)
        self._breaker = Breaker(self._manners.failures_in_a_row)
        self._sleep = sleep
        self._keep = keep
        self._robots: dict[str, Robots] = {}
        self._one_at_a_time = threading.Lock()
        self._started_at = started_at.astimezone(UTC).replace(tzinfo=None) if started_at.tzinfo else started_at
        self._made = time.monotonic()
        self.user_agent = user_agent(settings)
        self._product = product(self.user_agent)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wire.close()

    @property
    def is_open(self) -> bool:
        """Whether the circuit breaker is open: nothing more is asked in this run."""
        return self._breaker.is_open

    def ask(self, request: PortalRequest, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """Ask, again where that may help, and follow redirects within the portal.

        `etag` and `last_modified` of an earlier answer let the portal answer 304 where nothing changed. Never raises
        for what the network or the portal do: the answer says so.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified} if request.body is None else {}
        visit = _Visit(request, {name: value for name, value in conditions.items() if value})
        with self._one_at_a_time:
            if self._breaker.is_open:
                return self._answer(visit, error=f"{self._breaker.why}; left for the next run.", withheld="breaker")
            answer = self._with_retries(visit)
            self._breaker.note(answer)
            return answer

    def _with_retries(self, visit: _Visit) -> Answer:
        while True:
            try:
                reply = self._followed(visit)
            except _Forbidden as forbidden:
                return self._answer(visit, error=str(forbidden), withheld="robots")
            except Failure as failed:
                answer = self._answer(visit, status=failed.status, error=str(failed))
                helps, headers = failed.is_broken, failed.headers
            else:
                answer = self._taken(visit, reply)
                helps, headers = reply.status in RETRIED, reply.headers
            asked_for_s = retry_after_s(headers) if helps else 0.0
            if asked_for_s > self._manners.longest_retry_after_s:
                self._breaker.open(f"The portal asked to be left alone for {asked_for_s:.0f} s")
                return answer
            if not helps or visit.retries >= self._manners.retries:
                return answer
            self._keep("retry", visit.request, replace(answer, **self._timed(visit.last_sent)))
            first_s = max(self._pace.interval_s, 0.01)
            self._sleep(asked_for_s + backoff_s(visit.retries, first_s, self._manners.longest_backoff_s))
            visit.retries += 1

    def _followed(self, visit: _Visit) -> Reply:
        """Send the request, and again where it is redirected to. Raises Failure and _Forbidden."""
        method, url, body = visit.request.method, visit.request.url, visit.request.body
        seen = set()
        for _ in range(self._manners.redirects + 1):
            prepared = self._prepared(visit, method, url, body)
            if (method, visit.url) in seen:
                raise Failure(f"The portal redirects in a circle, to {visit.url[:200]} again.")
            seen.add((method, visit.url))
            reply = self._exchanged(prepared, visit)
            if reply.location is None:
                return reply
            hop = replace(visit.request, url=visit.url, body=body)
            came = self._answer(visit, status=reply.status, headers=reply.headers)
            self._keep("redirect", hop, replace(came, **self._timed(visit.last_sent)))
            if reply.status not in {307, 308}:
                method, body = "GET", None
            url = self._redirected(visit.url, reply.location)
        raise Failure(f"The portal redirects more than {self._manners.redirects} times.", status=reply.status)

    def _prepared(self, visit: _Visit, method: str, url: str, body: bytes | None) -> HttpRequest:
        """The next request, if it may be sent; puts its address and our own headers into the visit."""
        try:
            url = normal_url(url)
        except ValueError:
            raise Failure(f"The request to {url[:200]} cannot be sent: its address is malformed.") from None
        if not self._reach.admits(url):
            raise Failure(f"{url[:200]} is not the portal's; not requested.")
        if visit.request.route != _ROBOTS:
            self._obey_robots(url)
        visit.url = url
        visit.sent = {
            "User-Agent": self.user_agent,
            "Accept": "*/*",
            "Accept-Encoding": CODINGS,
            **(visit.request.headers if method == visit.request.method else {}),
            **visit.conditions,
        }
        added = self._operators(visit.sent) if self._reach.is_own(url) else {}
        return HttpRequest(method, url, {**visit.sent, **added}, body)

    def _exchanged(self, request: HttpRequest, visit: _Visit) -> Reply:
        try:
            with self._pace.turn():
                visit.last_sent = time.monotonic()
                visit.first_sent = visit.first_sent or visit.last_sent
                head = self._wire.send(request)
                self._pace.arrived()
                return self._wire.receive(head)
        except PortalBusy as busy:
            raise Failure(str(busy)) from None

    def _redirected(self, url: str, location: str) -> str:
        try:
            return urljoin(url, location.encode("latin-1", "replace").decode("utf-8", "replace"))
        except ValueError:
            raise Failure(f"The portal redirects to “{location[:200]}”, which is no address.") from None

    def _obey_robots(self, url: str) -> None:
        """Raises _Forbidden for what robots.txt of the address's host forbids, Failure where that cannot be known."""
        place = robots_url(url)
        if place not in self._robots:
            visit = _Visit(PortalRequest(_ROBOTS, place))
            answer = self._with_retries(visit)
            self._keep("robots", visit.request, answer)
            self._robots[place] = read_robots(answer)
        robots = self._robots[place]
        delay_s = robots.delay_s(self._product)
        if delay_s > self._manners.longest_crawl_delay_s:
            raise _Forbidden(
                f"robots.txt forbids more than one request in {delay_s:.0f} s, longer than this run waits."
            )
        self._pace.slow_down(delay_s)
        if robots.unknown is not None:
            raise Failure(f"{place} could not be read ({robots.unknown.rstrip('.')}), so nothing is requested there.")
        if not robots.allows(url, self._product):
            raise _Forbidden(f"robots.txt forbids {url[:200]}")

    def _operators(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The operator's own headers and cookies, named as ours are where they take their place."""
        ours = {name.lower(): name for name in headers}
        added = {
            ours.get(name.lower(), name): value
            for name, value in self._settings.headers.items()
            if name.lower() not in _OURS
        }
        if cookies := "; ".join(f"{name}={value}" for name, value in self._settings.cookies.items()):
            added["Cookie"] = cookies
        return added

    def _taken(self, visit: _Visit, reply: Reply) -> Answer:
        """A whole reply as an answer; a body of a kind that no page has is left to `keep`, an error stands for it."""
        kind = reply.headers.get("content-type", "").split(";")[0].strip().lower()
        is_page = kind in CONTENT_TYPES or not reply.body or visit.request.route == _ROBOTS
        if not is_page and reply.status < 300:
            came = self._answer(visit, status=reply.status, headers=reply.headers, body=reply.body)
            self._keep("untaken", visit.request, came)
            # Without headers: an ETag would let the portal say later that nothing changed, of what was never taken.
            error = f"The answer's type is “{kind[:80]}”, which no page of the portal has."
            return self._answer(visit, status=reply.status, error=error, withheld="type")
        body = reply.body if is_page else b""
        return self._answer(visit, status=reply.status, headers=reply.headers, body=body)

    def _answer(self, visit: _Visit, **came: object) -> Answer:
        return Answer(
            url=visit.url or visit.request.url,
            retries=visit.retries,
            request_headers=visit.sent,
            **self._timed(visit.first_sent),
            **came,  # type: ignore[arg-type]
        )

    def _timed(self, sent: float | None) -> dict[str, Any]:
        """When something was asked, and how long it took till now."""
        now = time.monotonic()
        asked = sent or now
        return {
            "requested_at": self._started_at + timedelta(seconds=asked - self._made),
            "duration_s": now - asked,
        }


def product(name: str) -> str:
    """The product at the head of a User-Agent: a comment behind it, such as a contact, names nobody in robots.txt."""
    return (name.split() or [""])[0]
