"""What robots.txt allows, read with Protego."""

from dataclasses import dataclass

from protego import Protego

from warehouse.portal.exchange import Answer

MAX_CHARACTERS = 512 * 1024
"""What is read of a robots.txt: RFC 9309 asks for at least 500 KiB."""
MAX_PAIRS = 4_000_000
"""Lines times agents of a robots.txt up to which it is read: each agent is given each of its rules."""
_ALLOWED_BY = range(400, 500)
_THROTTLED = 429


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host allows: `unknown` says why that is not known, and then nothing is allowed in this run."""

    rules: Protego | None = None
    unknown: str | None = None

    def allows(self, url: str, user_agent: str) -> bool:
        """Whether the page may be requested."""
        return self.unknown is None and (self.rules is None or self.rules.can_fetch(url, user_agent))

    def delay_s(self, user_agent: str) -> float:
        """Seconds that are to pass between two requests; 0 where it does not say."""
        if self.rules is None:
            return 0.0
        rate = self.rules.request_rate(user_agent)
        return max(self.rules.crawl_delay(user_agent) or 0.0, rate.seconds / rate.requests if rate else 0.0)


def read_robots(answer: Answer) -> Robots:
    """What the answer to a request for robots.txt says (RFC 9309): none there, all is allowed; unknown, nothing is."""
    if answer.error is not None or answer.status is None:
        return Robots(unknown=answer.error or "nothing came back")
    if 200 <= answer.status < 300:
        text = answer.body.decode("utf-8-sig", "replace")[:MAX_CHARACTERS]
        if text.lower().count("agent") * len(text.splitlines()) > MAX_PAIRS:
            return Robots(unknown="it has more rules than can be meant")
        return Robots(rules=Protego.parse(text))
    if answer.status in _ALLOWED_BY and answer.status != _THROTTLED:
        return Robots()
    return Robots(unknown=f"HTTP {answer.status}")
