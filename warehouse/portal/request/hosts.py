"""Which addresses belong to the portal."""

from urllib.parse import urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from warehouse.errors import UsageError

NATIONAL = "gov.kz"
"""The portal's domain: its subdomains belong to it, too."""
_PORTS = {"http": 80, "https": 443}


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
        same_domain = _is_national(self._host) and _is_national(host)
        return scheme == self._scheme and port == self._port and (host == self._host or same_domain)

    def is_own(self, url: str) -> bool:
        """Whether the address is on the very host that settings name."""
        return _parse(url) == (self._scheme, self._host, self._port)


def robots_url(url: str) -> str:
    """Where the host of an address has its robots.txt."""
    return urljoin(url, "/robots.txt")


def _is_national(host: str) -> bool:
    return host == NATIONAL or host.endswith(f".{NATIONAL}")


def _parse(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None of what is no plain address of a web page."""
    try:
        parsed: Url = parse_url(url)
    except LocationParseError:
        return None
    if parsed.scheme not in _PORTS or not parsed.host or parsed.auth is not None:
        return None
    return parsed.scheme, parsed.host.lower().rstrip("."), parsed.port or _PORTS[parsed.scheme]
