"""Which addresses may be requested: those of the portal's hosts, as far as robots.txt allows them."""

import math
from dataclasses import dataclass
from ipaddress import ip_address

from protego import Protego
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from warehouse.errors import UsageError
from warehouse.portal.exchange import Answer

NATIONAL = "gov.kz"
"""The portal's domain: its subdomains belong to it, too."""
_PORTS = {"http": 80, "https": 443}
MAX_CHARACTERS = 512 * 1024
"""What is read of a robots.txt: RFC 9309 asks for at least 500 KiB."""
MAX_PAIRS = 4_000_000
"""Lines times agents of a robots.txt up to which it is read: each agent is given each of its rules."""


class Hosts:
    """The portal's own hosts: those of gov.kz, or the one host and port that stands in for it.

    `own` is the very host that settings name; the scheme is theirs too, so that nothing leaves TLS. Addresses are read
    by the library that then connects to them. Raises UsageError for a base that is no address of a host.
    """

    def __init__(self, base_url: str) -> None:
        base = _parse(base_url)
        if "@" in base_url:  # not shown: it may be a password
            raise UsageError("PRESS_PORTAL_URL names a user; it must be http:// or https:// and a host.")
        if base is None:
            raise UsageError(f"PRESS_PORTAL_URL is “{base_url[:200]}”; it must be http:// or https:// and a host.")
        self._scheme, self._host, self._port = base

    def admits(self, url: str) -> bool:
        """Whether the address belongs to the portal."""
        parsed = _parse(url)
        if parsed is None:
            return False
        scheme, host, port = parsed
        same_domain = all(f".{name}".endswith(f".{NATIONAL}") for name in (self._host, host))
        return scheme == self._scheme and port == self._port and (host == self._host or same_domain)

    def is_own(self, url: str) -> bool:
        """Whether the address is on the very host that settings name."""
        return _parse(url) == (self._scheme, self._host, self._port)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host, a name or an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return f".{host}".endswith(".localhost")


def _parse(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None of what is no plain address of a web page."""
    try:
        parsed: Url = parse_url(url)
    except LocationParseError:
        return None
    if parsed.scheme not in _PORTS or not parsed.host or parsed.auth is not None:
        return None
    return parsed.scheme, parsed.host.lower().rstrip("."), parsed.port or _PORTS[parsed.scheme]


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host allows: `unknown` says why that is not known, and then nothing is allowed in this run."""

    rules: Protego
    unknown: str | None = None

    def allows(self, url: str, user_agent: str) -> bool:
        """Whether the page may be requested."""
        return self.unknown is None and self.rules.can_fetch(url, user_agent)

    def delay_s(self, user_agent: str) -> float:
        """Seconds that are to pass between two requests; 0 where it does not say, infinite beyond all numbers."""
        rate = self.rules.request_rate(user_agent)
        try:
            of_rate = rate.seconds / rate.requests if rate else 0.0
        except OverflowError:
            of_rate = math.inf
        return max(self.rules.crawl_delay(user_agent) or 0.0, of_rate)


def read_robots(answer: Answer) -> Robots:
    """What the answer to a request for robots.txt says (RFC 9309): none there, all is allowed; unknown, nothing is."""
    text, unknown, status = "", None, answer.status
    if answer.error is not None or status is None:
        unknown = answer.error or "nothing came back"
    elif 200 <= status < 300:
        text = answer.body.decode("utf-8-sig", "replace")[:MAX_CHARACTERS]
        if text.lower().count("agent") * len(text.splitlines()) > MAX_PAIRS:
            text, unknown = "", "it has more rules than anybody writes"
    elif not 400 <= status < 500 or status == 429:
        unknown = f"HTTP {status}"
    return Robots(Protego.parse(text), unknown)
