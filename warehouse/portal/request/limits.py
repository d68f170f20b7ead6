"""Every limit of the client in one place, and the check of the settings that a user may choose."""

import re
from dataclasses import dataclass

from warehouse.errors import UsageError
from warehouse.settings import PortalSettings


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a run that no user sets; what a user may set is in PortalSettings."""

    connect_timeout_s: float = 10.0
    """Seconds to wait for a connection."""
    deadline_timeouts: float = 2.0
    """An answer must be whole within this many times the read timeout: each wait of a dripping one would be short."""
    patience_s: float = 900.0
    """Seconds to wait for a turn while other runs have theirs: more than the slowest answer of one takes."""
    retries: int = 4
    """How often a request is sent again after 429, 502, 503, 504 or a broken connection."""
    longest_backoff_s: float = 60.0
    """Up to which waits double from one retry to the next; they begin at the pace."""
    longest_retry_after_s: float = 120.0
    """What the portal may ask for by Retry-After; asked for more, the rest is left for the next run."""
    longest_crawl_delay_s: float = 120.0
    """What robots.txt may ask for between two requests; asked for more, nothing is requested in this run."""
    failures_in_a_row: int = 5
    """Refused, throttled or failed requests after which the rest is left for the next run."""
    redirects: int = 5
    """How many redirects are followed, one after the other."""
    body_bytes: int = 10_000_000
    """Largest body that is taken, decompressed."""
    header_bytes: int = 65_536
    """Bytes of headers, and of hints before them, that are read."""


RETRIED = frozenset({429, 502, 503, 504})
"""Statuses after which a request is sent again."""
REFUSALS = frozenset({400, 401, 403, 429})
"""Statuses below 500 that say: not to you, or not now."""
CONTENT_TYPES = frozenset({"text/html", "application/json", "text/plain", "application/xhtml+xml"})
"""What the portal's pages can be; anything else is no answer to a question for one."""
LONGEST_S = 86_400.0
"""Seconds of a day: nobody waits longer for an answer, or between two requests."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")
_COOKIE = re.compile(r"[^\x00-\x20\x7f;,]*")


def check_settings(settings: PortalSettings) -> None:
    """Raise UsageError with the name of a setting that no run can follow; it never shows an operator's secrets."""
    for name, seconds, least in (
        ("PRESS_PORTAL_INTERVAL_S", settings.interval_s, 0.0),
        ("PRESS_PORTAL_TIMEOUT_S", settings.timeout_s, 0.001),
    ):
        if not least <= seconds <= LONGEST_S:
            raise UsageError(f"{name} is {seconds:g}; it must be between {least:g} and {LONGEST_S:g} seconds.")
    name_sent = user_agent(settings)
    if not settings.user_agent.strip() or name_sent != name_sent.strip() or not _VALUE.fullmatch(name_sent):
        raise UsageError("PRESS_PORTAL_USER_AGENT with PRESS_PORTAL_CONTACT must be one line that names the client.")
    for name, value in settings.headers.items():
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value) or value != value.strip():
            raise UsageError("PRESS_PORTAL_HEADERS has a name or value that no header can have; it is not shown here.")
    for name, value in settings.cookies.items():
        if not _NAME.fullmatch(name) or not _COOKIE.fullmatch(value):
            raise UsageError("PRESS_PORTAL_COOKIES has a name or value that no cookie can have; it is not shown here.")


def wait_in_words(seconds: float) -> str:
    """“90 s”; of what the portal may write in any number of digits “more than a day”."""
    return f"{seconds:.0f} s" if seconds <= LONGEST_S else "more than a day"


def user_agent(settings: PortalSettings) -> str:
    """What the client calls itself, and whom the portal can write to."""
    if not settings.contact or settings.contact in settings.user_agent:
        return settings.user_agent
    return f"{settings.user_agent} (+{settings.contact})"
