"""Numbers that name a time: days, years, hours, months of a year."""

import re

from warehouse.facts.before import previous_word
from warehouse.facts.figure_words import Words
from warehouse.facts.number import Number
from warehouse.facts.numerals import SPACES

_DATE = re.compile(r"[0-9]{1,2}[./][0-9]{1,2}[./](?:[0-9]{4}|[0-9]{2})|[0-9]{4}[./][0-9]{1,2}[./][0-9]{1,2}")
_ISO_REST = re.compile(r"-[0-9]{2}-[0-9]{2}(?![0-9])")
CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-4])[.:][0-5][0-9](?:[:.][0-5][0-9])?")
_YEARS = re.compile(r"(?:1[6-9]|20|21)[0-9]{2}/(?:[0-9]{2}|[0-9]{4})")
_AND = r"(?:[-–—,]|и|по|до|and|to|мен|және|through)?"
_BETWEEN_DAYS = re.compile(rf"[ \u00a0]?{_AND}[ \u00a0]?{_AND}[ \u00a0]?")
_OPEN_YEAR = frozenset(
    "in since until till by during for of from before after year between through to the and mid early late или "
    "в с до к за на от по и во со года год году годы қазан дейін".split()
)
_HOUR_PREPOSITIONS = frozenset("в с к ко сағат".split())
_HOURS_BETWEEN = re.compile(r"\s?(?:до|час\w*|[-–])?\s?")
_CLOCK_BEFORE = frozenset("в с до к at сағат сағ from – - to".split())
_CLOCK_POINT = re.compile(r"[0-9]{1,2}\.[0-9]{2}")
_OF_MONTH = re.compile(r"\s?of\s([A-Z][a-z]+)")
_YEAR_BEHIND = re.compile(
    r"\s(?:of\s)?(?:this year|the year|the current|(?:19|20)[0-9]{2}|текущего|этого|прошлого|минувшего"
    r"|с начала|с\.\s?г)"
)
_YEAR_OF = re.compile(r"[Жж]ыл(?:дың|ғы)\s(?:[^\W\d_]+\s)?$")
_POINT_GROUPS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_PART = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}")
DASHES = "-–—−‑"


class Dates:
    """Tells in one language which numbers name a time."""

    def __init__(self, words: Words) -> None:
        self.words, self.language = words, words.language

    def marked(self, text: str, number: Number, *, bare: bool) -> str:
        """Dates, times, scores, fractions and numbers of parts by the marks within them."""
        raw, before = number.raw, number.before
        if raw.isdecimal():
            if len(raw) == 4 and _ISO_REST.match(text, number.last):
                return "date"
            return "code" if bare and (len(raw) >= 11 or (raw[0] == "0" and len(raw) > 1)) else ""
        if _DATE.fullmatch(raw):
            return "date"
        if ":" in raw:
            return "time" if CLOCK.fullmatch(raw) and len(raw.split(":")[1]) == 2 else "score"
        if "/" in raw:
            return "year" if _YEARS.fullmatch(raw) else "fraction"
        is_part = (
            bare and number.is_open and text[number.last : number.last + 1] == "." and before.last in ("", ".", ":")
        )
        if is_part and _PART.fullmatch(raw):
            return "list"
        if raw.count(".") > 1 and not _POINT_GROUPS.fullmatch(raw):
            return "list"
        is_round = raw.endswith(("00", "30", "15", "45")) and not number.approximation
        is_round = is_round or before.last in ("сағат", "сағ")
        if bare and (not number.noun or is_round) and _CLOCK_POINT.fullmatch(raw) and CLOCK.fullmatch(raw):
            return "time" if before.last in _CLOCK_BEFORE else ""
        return ""

    def day(self, text: str, number: Number, numbers: list[Number], at: int) -> str:
        """Whether a number of one or two digits is the day of a month."""
        raw, before = number.raw, number.before
        if not raw.isdecimal() or number.has_currency_before or not 1 <= int(raw) <= 31:
            return ""
        if number.unit and number.unit != "count":
            return ""
        following = self.words.word(number.next_word) if number.next_word else None
        if following and following.month and _is_month(number.next_word):
            return "date"
        if self.language != "en":
            return ""
        if following and number.next_word == "of" and (match := _OF_MONTH.match(text, number.last)):
            return "date" if self.words.word(match.group(1)).month else ""
        if before.month and _is_month(before.shown):
            return "date"
        if before.last == ".":
            previous = previous_word(text, number.first, self.words)
            if len(previous) < 5 and self.words.word(previous).month:
                return "date"
        is_next = bool(at) and numbers[at - 1].reason == "date" and not number.noun and not number.unit
        return "date" if is_next and _BETWEEN_DAYS.fullmatch(text[numbers[at - 1].last : number.first]) else ""

    def is_year(self, text: str, number: Number, numbers: list[Number], at: int) -> bool:
        """Whether four digits name a year."""
        if not 1600 <= int(number.raw) <= 2199 or number.has_currency_before:
            return False
        before = number.before
        if number.unit in ("year", "g") and "year" in self.words.word(number.unit_word).tags:
            return True
        if at and numbers[at - 1].reason == "year" and text[numbers[at - 1].last : number.first].strip() in DASHES:
            return True
        following = self.words.word(number.next_word).tags if number.next_word else frozenset[str]()
        gap = text[number.last : number.next_at].strip(SPACES + "-,") if number.next_word else "."
        if not gap and following & {"year", "period_after"}:
            return True
        if number.unit and number.unit != "year":
            return False
        if before.month or "year" in before.tags or text[number.last : number.last + 1] == ")":
            return True
        if before.approximation and before.last not in ("over", "до"):
            return False
        if number.noun == "person":
            return self.language == "en" and before.last in ("in", "since", "until", "by", "during")
        if number.unit == "year":
            return self.language == "en" and before.last in _OPEN_YEAR
        if has_noun(number):
            return self._is_year_before_noun(number)
        return True

    def _is_year_before_noun(self, number: Number) -> bool:
        """Whether four digits before a noun are a year: `in 2024 budget`, but `2050 schools`."""
        last, word = number.before.last, number.next_word.lower()
        if self.language == "kk":
            return False
        if last in _OPEN_YEAR and not (self.language == "ru" and last in ("в", "на", "до", "и")):
            return True
        return self.language == "en" and (not word.endswith("s") or len(word) < 4 or last in ("the", "a"))

    def is_hour(self, text: str, number: Number, numbers: list[Number], at: int) -> bool:
        """Whether hours are those of the clock: `в 15 часов`, `с 9 до 18 часов`."""
        last = number.before.last
        if self.language != "en" and last in _HOUR_PREPOSITIONS:
            return True
        return (
            bool(at)
            and numbers[at - 1].reason == "time"
            and bool(_HOURS_BETWEEN.fullmatch(text[numbers[at - 1].end : number.first]))
        )

    def is_period(self, text: str, number: Number) -> bool:
        """Whether months are those of a year: `5 месяцев 2025 года`."""
        if _YEAR_BEHIND.match(text, number.end):
            return True
        return self.language == "kk" and _YEAR_OF.search(text, max(number.first - 40, 0), number.first) is not None

    def mark_before(self, text: str, numbers: list[Number], at: int) -> None:
        """The days before a date in a list or range belong to it, as grades do: `15, 16 и 17 мая`, `9-11 сыныптар`."""
        reason = numbers[at].reason
        while at and not numbers[at - 1].reason:
            day, next_day = numbers[at - 1], numbers[at]
            if not (day.is_whole and len(day.raw) < 3 and not day.power and day.unit in ("", "count", next_day.unit)):
                return
            between = text[day.last : next_day.first]
            if not between.strip() or not _BETWEEN_DAYS.fullmatch(between):
                return
            day.reason, day.end = reason, day.last
            at -= 1


def has_noun(number: Number) -> bool:
    """Whether a noun in small letters follows, or an abbreviation."""
    word = number.next_word
    return bool(number.noun) and (word[:1].islower() or (len(word) > 1 and word[:2].isupper()))


def _is_month(word: str) -> bool:
    """Whether a word that can be a month is one: `may` is a verb."""
    return word[0].isupper() or not word.isascii()
