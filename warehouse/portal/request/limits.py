"""How much the client takes upon itself: every limit of its manners, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manners:
    """Limits of one run. Those a user may set are in PortalSettings."""

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
    """How many bytes of headers are taken, give or take what comes with them in one piece."""


RETRIED = frozenset({429, 502, 503, 504})
"""Statuses after which a request is sent again."""
REFUSALS = frozenset({400, 401, 403, 429})
"""Statuses below 500 that say: not to you, or not now."""
CONTENT_TYPES = frozenset({"text/html", "application/json", "text/plain", "application/xhtml+xml"})
"""What the portal's pages can be; anything else is no answer to a question for one."""
