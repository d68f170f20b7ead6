"""A number of a text on its way to a figure, or to the reason why it is none."""

from dataclasses import dataclass

from warehouse.facts.sentences import NO_SENTENCE, Sentence
from warehouse.facts.wording import NOTHING_BEFORE, Before


@dataclass(slots=True, eq=False)
class Number:
    """A number in digits or words.

    `first` to `last` are its digits or words with their ending, `start` to `end` also its unit. `raw` are its digits as
    they stand, empty for one in words, whose value is `words_value`. `reason` says why it is no figure. What stands
    `before` it was read apart, and its `sentence` is set for figures; `unit`, `noun` and the rest begin as what stands
    behind says.
    """

    first: int
    last: int
    raw: str
    start: int
    end: int
    unit: str = ""
    unit_word: str = ""
    noun: str = ""
    reason: str = ""
    ending: str = ""
    approximation: str = ""
    change: str = ""
    next_word: str = ""
    next_at: int = 0
    power: int = 0
    is_negative: bool = False
    is_open: bool = False
    is_part: bool = False
    has_currency_before: bool = False
    subject: tuple[int, int] | None = None
    value: float = 0.0
    high: float | None = None
    other: float | None = None
    words_value: float = 0.0
    notation: str = "plain"
    rule: str = "figure"
    before: Before = NOTHING_BEFORE
    sentence: Sentence = NO_SENTENCE

    @property
    def is_whole(self) -> bool:
        """Whether its digits are only digits."""
        return self.raw.isdecimal()
