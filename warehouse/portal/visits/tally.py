"""What a run asked the portal, in counts and in a sentence."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from warehouse.portal.exchange import DENIALS, OUTCOMES, PAGE_OUTCOMES

SLOWEST = 10
"""How many of the slowest visits a tally names."""


@dataclass(slots=True)
class Tally:
    """What a run asked: `visits` by outcome, how many pages it left for the next run, and what was odd.

    `refusing` says which routes refused and how, `failing` why no whole answer came and how often, `paused` that it
    stopped after failures in a row, or was asked to; `slowest` are the slowest visits as (seconds, page, outcome).
    """

    what: str = "pages"
    visits: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    left: int = 0
    refusing: Mapping[str, str] = field(default_factory=dict)
    failing: Counter[str] = field(default_factory=Counter)
    paused: bool = False
    slowest: list[tuple[float, str, str]] = field(default_factory=list)

    @property
    def is_blind(self) -> bool:
        """Whether pages were visited and the portal showed none of them, not even that it is gone."""
        return self.visits > 0 and not any(self.outcomes.get(outcome) for outcome in (*PAGE_OUTCOMES, *DENIALS))

    @property
    def cause(self) -> str:
        """Why the portal showed no page, as a sentence; empty where it did."""
        if not self.is_blind:
            return ""
        reasons = [reason for reason, _ in self.failing.most_common(1)] or list(self.refusing.values())
        return f"gov.kz showed no page. {' '.join(reasons[:1])}".strip()

    def note(self, outcome: str, page: str, seconds: float) -> None:
        """Count a visit."""
        self.visits += 1
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
        self.slowest = sorted([*self.slowest, (seconds, page, outcome)], reverse=True)[:SLOWEST]

    def correct(self, outcomes: Mapping[str, str]) -> None:
        """Correct the outcomes by those of the load, by page: only a load knows what other answers showed before."""
        for name in ("unchanged", "not_the_release"):
            before = self.outcomes.get(name, 0)
            more = sum(outcome == name for outcome in outcomes.values()) - before
            if 0 < more <= (ok := self.outcomes.get("ok", 0)):
                self.outcomes |= {name: before + more, "ok": ok - more}
        self.outcomes = {outcome: count for outcome, count in self.outcomes.items() if count}
        self.slowest = [(seconds, page, outcomes.get(page, outcome)) for seconds, page, outcome in self.slowest]

    def sentence(self) -> str:
        """What was asked and what came of it, without a full stop."""
        if not self.visits and not self.left:
            return f"No {self.what} were due"
        counts = [f"{self.outcomes[name]:,} {name}" for name in OUTCOMES if name in self.outcomes]
        sentence = f"Visited {self.visits:,} {self.what}" + (f": {', '.join(counts)}" if counts else "")
        sentence += f"; {self.left:,} left for the next run" if self.left else ""
        sentence += "; stopped after failures in a row" if self.paused else ""
        return f"{self.cause} {sentence}" if self.is_blind else sentence
