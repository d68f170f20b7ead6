"""What was read before and behind a number, and the names that both use."""

from dataclasses import dataclass

from warehouse.facts.figure_words import Word

APPROXIMATIONS = ("more_than", "about", "less_than", "up_to", "at_least")
"""How exact a figure can claim to be."""
CURRENCIES = frozenset("KZT USD EUR RUB CNY GBP JPY KRW CHF KGS UZS TRY AED".split())
"""Codes of dim_unit that are money."""
COMPARISONS = frozenset("көп артық жоғары аз төмен кем кемі асады асты асып асқан артады".split())
"""Kazakh words that limit a number only where it stands in the ablative: `100 адамнан көп`."""


@dataclass(slots=True, eq=False)
class Before:
    """What stands before a number; places count back from its first digit or word.

    `last` is the word or sign before it in small letters, `shown` as it stands, `tags` what that says. `sign` is `-`
    for a minus, `–` for a dash behind a word that may stand for `is`, `?` for one that begins an item of a list.
    `start` is how far before the number it begins with its sign or currency.
    """

    last: str = ""
    shown: str = ""
    approximation: str = ""
    currency: str = ""
    reason: str = ""
    sign: str = ""
    month: int = 0
    start: int = 0
    tags: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Behind:
    """What stands behind a number; all places count from the last digit or word of the number.

    `last` is behind its ending, `end` behind its unit, `subject` the noun counted. `is_open` where no noun follows.
    `next_word` is the word that the reading stopped at, `next_at` its place. `counted` is the word behind the number
    with its place, where those behind it decide what is counted.
    """

    unit: str = ""
    unit_word: str = ""
    noun: str = ""
    reason: str = ""
    ending: str = ""
    approximation: str = ""
    next_word: str = ""
    power: int = 0
    end: int = 0
    last: int = 0
    next_at: int = 0
    is_open: bool = False
    subject: tuple[int, int] | None = None
    counted: tuple[Word, int, int] | None = None


NOTHING_BEFORE = Before()
NOTHING_BEHIND = Behind(is_open=True)
