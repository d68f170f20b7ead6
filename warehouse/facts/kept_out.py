"""Numbers that are no figures: dates, years, times, laws, phones, addresses, names, scores; each with its reason."""

import re

from warehouse.facts.before import TOKEN, previous_word
from warehouse.facts.dates import CLOCK, Dates, has_noun
from warehouse.facts.figure_words import Words
from warehouse.facts.number import Number
from warehouse.facts.numerals import MOST_DIGITS, SPACES
from warehouse.facts.phones import SHORT, is_called, phone_end
from warehouse.normalise.number_words import is_ordinal

_LIST_START = re.compile(r"(?:^|[\n.;:!?…⸻•_])[\s]*$")
_RECENT = re.compile(r"(?:19|20)[0-9]{2}")
_PARTS = (
    "трети",
    "треть",
    "третей",
    "третям",
    "третях",
    "третями",
    "четверт",
    "пятых",
    "десятых",
    "сотых",
    "third",
    "quarter",
    "fifth",
)
_OPENING = frozenset('.!?:;«"“–—')
_DOUBTFUL_UNITS = frozenset({"", "count", "year", "g", "month", "day", "hour", "minute"})
_RANGE_BEHIND = re.compile(r"[-–—]|[ \u00a0](?:to|до|или|or|немесе|мен|пен|бен)[ \u00a0]")
_FALLING = (
    *("decreas", "balance", "minus", "decline", "loss", "growth", "change", "temperature", "убыл", "сальдо", "снижен"),
    *("сокращ", "прирост", "изменен", "дефицит", "отток", "температур", "кему", "азаю", "айырым", "мороз"),
)
_DEGREES = ("градус", "°", "degree")
_LONG_WORDS = re.compile(r"(?<![^\W_])[^\W\d_]{5,}(?![^\W_])")
_ADDRESS = frozenset({"address", "адрес", "адресу", "мекенжай", "мекенжайы", "мекенжайымыз"})
_NEAR_PEOPLE = 90
_SHARED = frozenset({"date", "time", "ordinal", "law", "period"})
_STRONG = {
    "place_before": "place",
    "article_before": "article",
    "law_before": "law",
    "phone_before": "phone",
    "code_before": "code",
    "rank_before": "rank",
}
_WEAK = {
    "form_before": "form",
    "school_before": "school",
    "time_before": "time",
}


class Keeper:
    """Says of the numbers of a text in one language which are no figures."""

    def __init__(self, words: Words) -> None:
        self.words, self.language = words, words.language
        self._dates = Dates(words)

    def judge(self, text: str, numbers: list[Number]) -> None:
        """Set `reason` of each number that is no figure, and the sign of those that are."""
        end_of_phone = 0
        for at, number in enumerate(numbers):
            if number.first < end_of_phone:
                number.reason, number.end = "phone", number.last
                continue
            if number.reason:
                continue
            if len(number.raw) > MOST_DIGITS + 6:
                number.reason = "code"
                continue
            before = number.before
            if before.sign and number.raw and self._is_minus(text, number):
                number.is_negative, number.start = True, min(number.start, number.first - before.start)
            is_one = not number.raw and number.words_value <= 1
            if not before.reason and (number.power or number.unit not in _DOUBTFUL_UNITS) and not is_one:
                continue
            if not number.raw:
                number.reason = self._in_words(text, number, numbers, at)
            elif phone := phone_end(text, number):
                number.reason, end_of_phone = "phone", phone
            else:
                number.reason = self._digits(text, number, numbers, at)
            if number.reason:
                number.end = number.last
                if at and number.reason in _SHARED:
                    self._dates.mark_before(text, numbers, at)

    def _is_minus(self, text: str, number: Number) -> bool:
        """Whether the dash before a number is a minus."""
        sign = number.before.sign
        if sign == "-" or number.unit == "degree_c":
            return True
        if sign == "?":
            return False
        # `decrease of -2093 people`, but `сельское –7714 человек`.
        left = text[max(number.first - 70, 0) : number.first].lower()
        word = (TOKEN.findall(left) or ["", ""])[-2:][0]
        right = text[number.last : number.last + 30].lower()
        is_degree = any(stem in right for stem in _DEGREES)
        return is_degree or "stop" in self.words.word(word).tags or any(stem in left for stem in _FALLING)

    def _digits(self, text: str, number: Number, numbers: list[Number], at: int) -> str:
        """The reason to keep out a number in digits; an empty string for a figure."""
        before, raw = number.before, number.raw
        bare = not number.unit and not number.power and number.noun != "person"
        if before.reason == "tied":
            return "year" if _RECENT.fullmatch(raw) else "name"
        if before.reason:
            return before.reason
        if at and numbers[at - 1].reason in ("article", "law") and text[numbers[at - 1].last : number.first] in "-–":
            return numbers[at - 1].reason
        if reason := self._dates.marked(text, number, bare=bare):
            return reason
        if len(raw) < 3 and (reason := self._dates.day(text, number, numbers, at)):
            return reason
        is_whole = raw.isdecimal()
        if is_whole and len(raw) == 4 and not number.is_negative and self._dates.is_year(text, number, numbers, at):
            return "year"
        if (before.tags or before.last in ("№", "#")) and (reason := self._named_before(text, number, bare=bare)):
            return reason
        if number.next_word and (reason := self._following(number)):
            return reason
        if number.unit == "hour" and not is_whole and len(raw) > 3 and CLOCK.fullmatch(raw):
            return "time"
        if number.unit == "year" and self.language == "kk" and number.unit_word.lower().startswith("жылдығ"):
            return "anniversary"
        if number.unit == "month" and self._dates.is_period(text, number):
            return "period"
        is_free = not number.noun or number.next_word.lower().startswith(("хабарлас", "нөмір", "қоңырау"))
        if bare and is_whole and is_free and SHORT.fullmatch(raw) and is_called(text, number):
            return "phone"
        if (
            number.unit in ("hour", "minute")
            and is_whole
            and int(raw) <= 24
            and self._dates.is_hour(text, number, numbers, at)
        ):
            return "time"
        return self._bare(text, number) if bare else ""

    def _named_before(self, text: str, number: Number, *, bare: bool) -> str:
        """The reason that the word before gives: `статья 45`, `№ 5`."""
        before = number.before
        if before.last in ("№", "#"):
            return "law"
        is_free = number.unit in ("", "count", "year") or number.unit_word in ("ч", "п", "г")
        if "address_before" in before.tags and self.language != "en" and number.unit in ("", "year", "count"):
            return "address"
        named = number.noun != "person" and not has_noun(number)
        for tag in before.tags:
            if tag in _STRONG and is_free and (tag != "phone_before" or (bare and len(number.raw) < 5)):
                return _STRONG[tag]
            if tag in _WEAK and bare and number.raw.isdecimal() and (named or self._is_title(text, number)):
                return _WEAK[tag]
        return ""

    def _is_title(self, text: str, number: Number) -> bool:
        """Whether the word before a small number has a capital, and opens no sentence."""
        is_small = number.before.shown[0].isupper() and len(number.raw) < 3
        return is_small and previous_word(text, number.first, self.words) not in (".", "")

    def _following(self, number: Number) -> str:
        """The reason that the word behind gives."""
        tags = self.words.word(number.next_word).tags
        if not tags:
            return ""
        word, raw = number.next_word.lower(), number.raw
        if raw.isdecimal() and len(raw) <= 3:
            if "period_after" in tags and word != "half":
                return "period"
            if "ordinal_after_singular" in tags and not (word == "место" and int(raw) % 10 == 1 and raw != "1"):
                return "ordinal"
        if "time_after" in tags and (
            (len(raw) <= 5 and word != "am") or number.before.last in ("at", "to", "until", "from")
        ):
            return "time"
        if "hotline_after" in tags and SHORT.fullmatch(raw):
            return "phone"
        return "law" if "law_after" in tags and raw.isdecimal() else ""

    def _bare(self, text: str, number: Number) -> str:
        """The reason to keep out a number without scale, unit or people."""
        last, raw, mark = number.last, number.raw, text[number.last : number.last + 1]
        before = number.before
        if raw.isdecimal() and len(raw) <= 2 and mark in (")", "."):
            opens = number.first == 0 or _LIST_START.search(text, max(number.first - 3, 0), number.first)
            is_closed = mark == ")" and "(" not in text[max(number.first - 8, 0) : number.first]
            if is_closed and (opens or before.last in (";", ":", ",")):
                return "list"
            is_first = before.last != ":" or raw == "1"
            if mark == "." and opens and is_first and text[last + 1 : last + 3].strip()[:1].isupper():
                return "list"
        if mark == "+" and not number.noun and raw in ("0", "6", "12", "14", "16", "18", "21"):
            return "name"
        if before.last == "," and raw.isdecimal() and len(raw) < 4 and self._is_behind_street(text, number):
            return "address"
        if has_noun(number) or not raw.isdecimal():
            return ""
        return self._named(text, number) if len(raw) in (1, 2, 3, 4, 6) else ""

    def _named(self, text: str, number: Number) -> str:
        """Whether a number is that of a house, a post office, a telephone or a thing with a name."""
        raw, before = number.raw, number.before
        tokens = TOKEN.findall(text, max(number.first - 48, 0), number.first)
        is_in_address = any("address_before" in self.words.word(word).tags for word in tokens[-6:])
        is_in_address = is_in_address or not _ADDRESS.isdisjoint(map(str.lower, tokens))
        if len(raw) == 6:
            return "postcode" if is_in_address or before.last == ":" else ""
        if number.is_negative:
            return ""
        if is_in_address and ";" not in tokens[-6:]:
            return "address"
        behind = TOKEN.findall(text[number.last : number.last + 30])[:3]
        if self.language == "en" and behind and behind[0][0].isupper() and any(map(self._is_street, behind)):
            return "address"
        if before.last in (":", ".", "-", "–"):
            previous = previous_word(text, number.first, self.words)
            if "phone_before" in self.words.word(previous).tags:
                return "phone"
        shown = before.shown
        is_name = shown.isalpha() and (
            (len(shown) > 1 and shown.isupper())
            or (
                self.language == "en"
                and len(raw) < 4
                and shown[0].isupper()
                and previous_word(text, number.first, self.words)[:1].isupper()
            )
        )
        return "name" if is_name and text[number.first - 1] in SPACES else ""

    def _is_behind_street(self, text: str, number: Number) -> bool:
        """Whether a house's number stands behind the name of its street and a comma."""
        tokens = TOKEN.findall(text[max(number.first - 48, 0) : number.first])
        return any("address_before" in self.words.word(word).tags for word in tokens[-5:])

    def _is_street(self, word: str) -> bool:
        return word[0].isupper() and "address_before" in self.words.word(word).tags

    def _is_name(self, text: str, number: Number) -> bool:
        """Whether a number in words with a capital is a part of a name; in a title all words have one."""
        before, following = number.before, number.next_word
        if text[number.first : number.last] == "Ten" and not following[:1].isupper():
            # A surname.
            return before.shown[:1].isupper() or following.endswith("ed") or following in ("said", "told")
        if not before.last or before.last in _OPENING or not following[:1].isupper():
            return False
        around = _LONG_WORDS.findall(text[max(number.first - 40, 0) : number.last + 40])
        return not all(word[0].isupper() for word in around)

    def _in_words(self, text: str, number: Number, numbers: list[Number], at: int) -> str:
        """The reason to keep out a number in words."""
        if number.unit == "month" and self._dates.is_period(text, number):
            return "period"
        following, before = number.next_word.lower(), number.before
        if following and is_ordinal(following) and not text[number.last : number.next_at].strip(SPACES + "-"):
            return "ordinal"
        if self.language != "kk" and following.startswith(_PARTS):
            return "fraction"
        if number.words_value < 2 and (number.unit in ("", "count") or number.words_value in (0, 1)):
            return "one"
        if text[number.first].isupper() and self._is_name(text, number):
            return "name"
        if self.language == "kk" and text[number.first : number.last].lower().startswith("тоқсан"):
            # Ninety, or a quarter of a year.
            is_ninety = number.unit or number.noun == "person" or number.power
            return "" if is_ninety and not is_ordinal(before.last) else "period"
        is_range = _RANGE_BEHIND.match(text, number.last) is not None
        if number.words_value >= 1000 or before.approximation:
            return ""
        if self.language == "kk" and "еу" in text[number.first : number.last].lower():
            return ""
        if at and numbers[at - 1].noun == "person" and number.first - numbers[at - 1].last < _NEAR_PEOPLE:
            return ""
        return "" if number.unit or number.noun or is_range or following in ("of", "из") else "alone"
