"""What stands behind a number: its ending, scale, unit, or the noun that is counted.

The words behind numbers are the same ones again and again: what follows a number is read once for each beginning of it
that decides, and then remembered.
"""

import re

from warehouse.facts.counted import Counted
from warehouse.facts.figure_words import MOST_REMEMBERED, NO_WORD, Word, Words
from warehouse.facts.numerals import SPACES
from warehouse.facts.wording import COMPARISONS, CURRENCIES, Behind

WIDTH = 96
"""Code points behind a number that are looked at."""
NEXT_WORD = re.compile(rf"[{SPACES}\n\r\t]{{0,3}}([^\W\d_]+(?:[-‑'’][^\W\d_]+)*|[%‰°º℃₸$€₽¥£~])")
_LETTERS = r"[^\W\d_]+(?:[-‑'’][^\W\d_]+)*"
_TIED = re.compile(rf"([-‑])({_LETTERS})")
_GLUED = re.compile(rf"{_LETTERS}|[%‰°º℃₸$€₽¥£]")
_DECADE = re.compile(r"[ \u00a0](?:год\w*|гг)")
_LETTER_RUN = re.compile(r"[^\W_]*")
_SCALED_ORDINAL = re.compile(r"(?:тысяч|миллион|миллиард)н")
_PLACES_KK = ("шақырым", "километр")
_SPACED_ORDINAL = re.compile(r" ?[-‑–] ?(?:[іы]?н)?(?:ші|шы)\b")
_ORDINAL_KK = re.compile(r"(?:[іы]?н)?(?:ші|шы|шi)\w{0,6}")
_SIGN_ENDING = re.compile(r"[-‑]([^\W\d_]{1,6})(?![^\W_])")
_ABBREVIATIONS = frozenset("тыс тг тнг руб долл чел куб кв млн млрд трлн мес проц га км мин ч".split())
_ONLY_WITH_SCALE = frozenset({"won", "sum", "sums", "som", "soms", "x", "сум", "сом", "вон", "m", "b", "k"})
_CASES = ("from", "to", "at", "of", "with", "about", "part")
_AFTER = {
    "more_than_after": "more_than",
    "about_after": "about",
    "less_than_after": "less_than",
    "up_to_after": "up_to",
    "at_least_after": "at_least",
}


class BehindReader:
    """Reads what stands behind numbers in one language."""

    def __init__(self, words: Words) -> None:
        self.words, self.language = words, words.language
        self._remembered: dict[str, dict[str, Behind | None]] = {kind: {} for kind in ("", "0", "w", "$")}
        self.counted = Counted(words, self.next_word, self.phrase)
        self.is_cut = self.wants_more = self.has_currency = self.in_words = self.is_round = False

    def read(self, text: str, last: int, kind: str) -> Behind:
        """What stands behind a number that ends at `last`.

        `kind` is `$` for a number behind the sign of a currency, `w` for one in words, `0` for digits that end with 0
        and an empty text for others.
        """
        furthest = last + WIDTH
        remembered = self._remembered[kind]
        blank = text.find(" ", last + 1, furthest)
        while blank >= 0:
            key = text[last:blank]
            if key in remembered:
                behind = remembered[key]
            else:
                behind = self._read(key, kind, is_cut=True)
                if len(remembered) >= MOST_REMEMBERED:
                    remembered.clear()
                behind = remembered[key] = None if self.wants_more else behind
            if behind is not None:
                return behind
            blank = text.find(" ", blank + 1, furthest)
        key = text[last:furthest] + "\0"
        whole = remembered.get(key)
        if whole is None:
            whole = remembered[key] = self._read(key[:-1], kind, is_cut=False)
        return whole

    def _read(self, text: str, kind: str, *, is_cut: bool) -> Behind:
        """Read a text behind a number; `wants_more` says whether what follows it could change the reading."""
        self.is_cut, self.wants_more = is_cut, False
        self.has_currency, self.in_words, self.is_round = kind == "$", kind == "w", kind == "0"
        behind = Behind()
        self._begin(text, behind)
        return behind

    def next_word(self, text: str, at: int) -> re.Match[str] | None:
        """The next word from a place on."""
        match = NEXT_WORD.match(text, at)
        if match is None and self.is_cut and not text[at:].strip():
            self.wants_more = True
        return match

    def _begin(self, text: str, behind: Behind) -> None:
        at, sign = 0, text[:1]
        if sign == "+":
            at = 1
        elif sign and sign in "-‑":
            at = self._tied(text, behind)
            if behind.reason or behind.unit:
                return
        elif sign.isalpha() or sign == "_":
            self._glued(text, behind)
            if behind.reason:
                return
        elif self.language == "kk" and (match := _SPACED_ORDINAL.match(text)):
            behind.reason, behind.end = "ordinal", match.end()
            return
        self._right(text, behind, at)

    def _tied(self, text: str, behind: Behind) -> int:
        """What is tied to the number by a hyphen; where to read on."""
        match = _TIED.match(text)
        if not match:
            return 0
        tied = match.group(2)
        small = tied.lower()
        kind = self.words.endings.get(small, "")
        behind.end = match.end()
        if kind == "ordinal" or (self.language == "kk" and _ORDINAL_KK.fullmatch(small)):
            behind.reason = "ordinal"
        elif kind == "decade" or (kind == "count" and self.is_round and self._is_decade(text, match.end())):
            behind.reason = "year"
        elif kind:
            behind.ending = kind if kind in _CASES else ""
            behind.last = behind.end
        else:
            return self._tied_word(text, behind, match)
        return behind.end

    def _is_decade(self, text: str, at: int) -> bool:
        """Whether `90-х` is followed by years."""
        if self.is_cut and at == len(text):
            self.wants_more = True
        return _DECADE.match(text, at) is not None

    def _tied_word(self, text: str, behind: Behind, match: re.Match[str]) -> int:
        """A word tied to the number: `45-apartment`, `12-летний`, `345-V`."""
        tied, small = match.group(2), match.group(2).lower()
        word = self.words.word(tied)
        unit, end = self.phrase(text, word, match.end())
        if self.language == "en" and small.startswith(("third", "quarter", "fifth", "tenth")):
            behind.reason = "fraction"
            return behind.end
        if self.language == "ru" and _SCALED_ORDINAL.match(small) and not unit.scale:
            behind.reason = "ordinal"
            return behind.end
        if unit.scale:
            behind.end = 0
            return match.start(2)
        if self.language == "kk" and (
            not unit.unit or unit.unit in ("year", "month", "day") or small.startswith(_PLACES_KK)
        ):
            behind.reason = "ordinal"
        elif small.startswith("лети"):
            behind.reason = "anniversary"
        elif word.tags & {"period_after", "month_name"}:
            behind.reason = "period"
        elif tied[0].isupper() and not unit.unit:
            behind.reason = "law" if len(tied) <= 3 else "name"
        elif unit.unit:
            behind.unit, behind.unit_word, behind.end = unit.unit, tied, end
        else:
            head = small.rsplit("-", 1)[0]
            inner = self.words.word(head) if head != small else NO_WORD
            behind.unit, behind.noun, behind.subject = inner.unit or "count", "count", match.span(2)
        return behind.end

    def _glued(self, text: str, behind: Behind) -> None:
        """What is written right behind the digits: `15км`, `5G`, `21st`."""
        match = _GLUED.match(text)
        if match is None:
            behind.reason, behind.end = "name", 1
            return
        glued = match.group()
        word, kind = self.words.word(glued), self.words.endings.get(glued.lower())
        behind.end = match.end()
        is_product = glued in "xхХX×" and text[match.end() : match.end() + 1].isdecimal()
        if is_product or (len(glued) == 1 and glued.isupper() and not self.has_currency):
            behind.reason = "name"
        elif kind in ("ordinal", "decade") and not self.in_words:
            behind.reason = "year" if kind == "decade" else "ordinal"
        elif word.unit or word.scale or "year" in word.tags:
            behind.end = 0
        elif len(glued) > 2 and glued[0].isupper() and glued[1:].islower():
            # A heading or sentence glued to a year or figure: `2025During`.
            behind.is_open, behind.end = True, 0
        else:
            run = _LETTER_RUN.match(text)
            behind.reason, behind.end = "name", run.end() if run else match.end()

    def _right(self, text: str, behind: Behind, at: int) -> None:
        """Scale, unit or noun behind a number, word by word."""
        end = at
        behind.end = at
        for _ in range(6):
            match = self.next_word(text, end)
            if not match:
                behind.is_open = True
                return
            shown = match.group(1)
            word, stop = self.phrase(text, self.words.word(shown), match.end())
            if word.length:
                stop = match.start(1) + word.length
            if word.scale and self._is_scale(behind, word, shown, match.start(1)):
                behind.power += word.scale
                behind.ending = word.ending or behind.ending
                end = self._behind_point(text, stop, shown)
                behind.end = end
                continue
            if self.language == "kk" and (kind := self.limit(word, shown, behind.ending)):
                behind.approximation = behind.approximation or kind
                end = stop
                continue
            behind.next_word, behind.next_at = shown, match.start(1)
            if word.unit and self._is_unit(text, behind, word, shown, stop):
                self._take_unit(text, behind, word, shown, stop)
            elif self.language == "kk" and behind.ending == "part":
                behind.is_open = True
            else:
                self.counted.begin(behind, word, match.start(1), shown)
            return
        behind.is_open = True

    def phrase(self, text: str, word: Word, stop: int) -> tuple[Word, int]:
        """The longest phrase that begins with a word, and where it ends."""
        for rest, phrase in word.longer:
            end = stop + len(rest)
            there = text[stop:end]
            if len(there) < len(rest):
                if self.is_cut and rest.startswith(there.lower().replace("\u00a0", " ")):
                    self.wants_more = True
                continue
            if there == rest or there.lower().replace("\u00a0", " ") == rest:
                border = _LETTER_RUN.match(text, end)
                tail = border.group() if border else ""
                if not tail or not rest[-1].isalpha():
                    return phrase, end
                if self.language == "kk" and tail.lower() in self.words.cases:
                    return phrase._replace(ending=self.words.cases[tail.lower()]), end + len(tail)
                if tail[0].isupper() and rest[-1].islower():
                    return phrase, end
        return word, stop

    def limit(self, word: Word, shown: str, ending: str) -> str:
        """What a word behind a number says of how exact it is; an empty text for nothing."""
        for tag in word.tags:
            if tag in _AFTER and (ending == "from" or shown.lower() not in COMPARISONS):
                return _AFTER[tag]
        return ""

    def _is_scale(self, behind: Behind, word: Word, shown: str, at: int) -> bool:
        """Whether a word multiplies the number: `m` only in money, and one scale of another only downwards."""
        if behind.power and word.scale > behind.power:
            return False
        return len(shown) > 1 or self.has_currency or (at == 0 and shown in "kмK" and not word.unit)

    def _is_unit(self, text: str, behind: Behind, word: Word, shown: str, stop: int) -> bool:
        """Whether the word is a unit here: `won` is money only behind a scale, `жас маман` is a person."""
        small = shown.lower()
        if self.has_currency:
            return word.unit in CURRENCIES
        if small in _ONLY_WITH_SCALE and (word.unit in CURRENCIES or word.unit == "times"):
            return bool(behind.power) or stop == len(shown)
        if small in ("жас", "ер"):
            match = self.next_word(text, stop)
            return match is None or not self.words.word(match.group(1)).noun
        if small in ("в", "с", "к", "may"):
            return False
        return not (shown[0].isupper() and small in ("m", "l", "g", "t"))

    def _take_unit(self, text: str, behind: Behind, word: Word, shown: str, stop: int) -> None:
        behind.unit, behind.unit_word = word.unit, shown
        behind.ending = word.ending or behind.ending
        if (sign := _SIGN_ENDING.match(text, stop)) and (kind := self.words.cases.get(sign.group(1).lower())):
            behind.end, behind.ending = sign.end(), kind
        else:
            behind.end = self._behind_point(text, stop, shown)
        if self.language == "kk" and (match := self.next_word(text, behind.end)):
            behind.next_word, behind.next_at = match.group(1), match.start(1)
            after = self.words.word(match.group(1))
            behind.approximation = behind.approximation or self.limit(after, match.group(1), behind.ending)

    def _behind_point(self, text: str, stop: int, shown: str) -> int:
        """Behind the point of an abbreviation, where it does not end the sentence too."""
        if text[stop : stop + 1] != "." or shown.lower() not in _ABBREVIATIONS:
            return stop
        rest = text[stop + 1 : stop + 4].lstrip()
        if not rest:
            self.wants_more = self.is_cut
            return stop
        return stop if rest[0].isupper() or rest[0] in '«"“–—\n' else stop + 1
