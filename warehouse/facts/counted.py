"""Whom or what a number counts: the noun behind it."""

import re
from collections.abc import Callable
from typing import NamedTuple

from warehouse.facts.figure_words import MOST_REMEMBERED, Word, Words
from warehouse.facts.numerals import SPACES
from warehouse.facts.wording import Behind

FURTHEST = 4
"""Words behind a number among which the people counted are looked for."""
_ADJECTIVE_RU = re.compile(r"(?:ых|их|ого|его|ой|ая|яя|ое|ее|ый|ий|ую|ые|ие|ым|ими|ыми|ному)$")
_ADJECTIVE_KK = re.compile(
    r"(?:лық|лік|дық|дік|тық|тік|лы|лі|ды|ді|ты|ті|ғы|гі|қы|кі|ған|ген|қан|кен|атын|етін|ші|шы|мен|бен|пен)$"
)
_CASE_KK = re.compile(r"(?:ның|нің|дың|дің|тың|тің|да|де|та|те|дан|ден|нан|нен|тан|тен|ға|ге|қа|ке)$")
_VERB_RU = re.compile(
    r"\w{2}(?:ено|ано|ято|ены|аны|яты|ился|илась|илось|ились|ался|алась|алось|ались|ает|яет|ают|яют|ется|ются|ится|ятся"
    r"|[тчщшждл]ён|(?:дел|стро|в?л|ш|ж|ч|щ)ен[ао]?|ла|ло|ли|ил|ал|ял|ел|ит|ят|уют|ует)$"
)
_VERB_KK = re.compile(r"\w{2}(?:ілді|ылды|лды|лді|тты|тті|ады|еді|йды|йді|уда|уде|мақ|мек|ылып|іліп|нды|нді)$")
_SHOWN = re.compile(r"[^\W\d_]+(?:[-‑'’][^\W\d_]+)*")
_ON, _END, _STOP, _PERSON, _LOOK = range(5)
Counting = tuple[str, tuple[int, int] | None, bool]
"""`person`, `count` or an empty text, the place of the noun, and whether none follows."""


class _Said(NamedTuple):
    """What a word with the signs behind it says of what is counted: its length, and itself if it begins phrases."""

    kind: int
    length: int
    begins: Word | None


_THINGS_BEHIND = {
    "ru": ("мест", "групп", "визит", "встреч", "поезд", "команд", "совещан", "комисси", "органов"),
    "kk": ("үй", "кеш", "ғимарат"),
}


class Counted:
    """Finds the noun that numbers of one language count."""

    def __init__(
        self,
        words: Words,
        next_word: Callable[[str, int], re.Match[str] | None],
        phrase: Callable[[str, Word, int], tuple[Word, int]],
    ) -> None:
        """Take how the next word from a place on is read, and the longest phrase that begins with a word."""
        self.words, self.language = words, words.language
        self._next_word, self._phrase = next_word, phrase
        self._chunks: dict[str, _Said] = {}

    def begin(self, behind: Behind, word: Word, first: int, shown: str) -> None:
        """Set what the first word behind a number decides; `counted` where the words behind it decide."""
        end = first + len(shown)
        known = self.words.word(shown)
        if (word.tags | known.tags) & {"stop", "year", "month_name"} or self._is_verb(shown):
            behind.is_open = True
        elif word.noun and (self.language == "en" or not self._may_be_of_things(shown)):
            behind.noun, behind.subject = "person", (first, end)
        elif not word.noun and not self._goes_on(shown, word):
            behind.noun, behind.subject = "count", (first, end)
        else:
            behind.counted = (word, first, end)

    def read(self, text: str, word: Word, first: int, end: int) -> Counting:
        """What is counted from the word at `first` on: people among the next words, or else things."""
        if word.noun or (self.language == "en" and text.endswith("ed", first, end)):
            return self._read_closely(text, word, first, end)
        chunks = text[end:].split(" ", FURTHEST)
        if len(chunks) <= FURTHEST or chunks[0]:
            return self._read_closely(text, word, first, end)
        known, last = self._chunks, end
        for chunk in chunks[1:FURTHEST]:
            said = known.get(chunk)
            if said is None:
                said = self._remember(chunk)
            kind, length, begins = said
            stop = last + 1 + length
            if kind == _LOOK or (begins and self._phrase(text, begins, stop)[0] is not begins):
                return self._read_closely(text, word, first, end)
            if kind == _STOP:
                break
            last = stop
            if kind == _PERSON:
                return "person", (first, last), False
            if kind == _END:
                break
        return "count", (first, last), False

    def _remember(self, chunk: str) -> _Said:
        if len(self._chunks) >= MOST_REMEMBERED:
            self._chunks.clear()
        said = self._chunks[chunk] = self._judge(chunk)
        return said

    def _judge(self, chunk: str) -> _Said:
        match = _SHOWN.match(chunk)
        if match is None:
            return _Said(_LOOK if not chunk or chunk[0].isspace() else _STOP, 0, None)
        shown, length = match.group(), match.end()
        mark = chunk[length : length + 1]
        word = self.words.word(shown)
        kind = _ON if not mark and self._goes_on(shown, word) else _END
        if mark.isspace():
            kind = _LOOK
        elif "stop" in word.tags or self._is_verb(shown):
            kind = _STOP
        elif word.noun:
            is_doubtful = self.language != "en" and not mark and self._may_be_of_things(shown)
            kind = _LOOK if is_doubtful else _PERSON
        return _Said(kind, length, word if word.longer else None)

    def _read_closely(self, text: str, word: Word, first: int, end: int) -> Counting:
        """Read word by word, with the phrases that they begin."""
        shown = text[first:end]
        if self.language == "en" and shown.endswith("ed") and self._ends_clause(text, end):
            return "", None, True
        subject = (first, end)
        for step in range(FURTHEST):
            if step and ("stop" in word.tags or self._is_verb(shown)):
                break
            subject = (first, end)
            if word.noun and not self._is_of_things(text, shown, end):
                return "person", subject, False
            if not self._goes_on(shown, word):
                break
            following = self._next_word(text, end)
            if not following or text[end : following.start(1)].strip(SPACES) or not following.group(1)[0].isalpha():
                break
            shown, end = following.group(1), following.end()
            word, _ = self._phrase(text, self.words.word(shown), end)
        return "count", subject, False

    def _ends_clause(self, text: str, end: int) -> bool:
        """Whether no noun follows a word: `15 visited the plant`, but `15 registered users`."""
        following = self._next_word(text, end)
        if following is None or text[end : following.start(1)].strip(SPACES):
            return True
        return "stop" in self.words.word(following.group(1)).tags

    def _is_verb(self, shown: str) -> bool:
        """Whether the ending of a word is one that verbs have and nouns hardly ever."""
        if self.language == "ru":
            return _VERB_RU.search(shown) is not None
        return self.language == "kk" and _VERB_KK.search(shown) is not None

    def _goes_on(self, shown: str, word: Word) -> bool:
        """Whether the noun that is counted may stand behind this word."""
        if self.language == "en" or "before_noun" in word.tags:
            return True
        small = shown.lower()
        if self.language == "ru":
            return _ADJECTIVE_RU.search(small) is not None
        return _ADJECTIVE_KK.search(small) is not None and not _CASE_KK.search(small)

    def _may_be_of_things(self, shown: str) -> bool:
        """Whether a word for people can stand before a thing that it belongs to."""
        if self.language == "kk":
            return shown.lower() == "тұрғын"
        return self.language == "ru" and _ADJECTIVE_RU.search(shown.lower()) is not None

    def _is_of_things(self, text: str, shown: str, end: int) -> bool:
        """Whether a word for people here belongs to a thing: `рабочих мест`, `тұрғын үй`."""
        if not self._may_be_of_things(shown):
            return False
        following = self._next_word(text, end)
        return following is not None and following.group(1).lower().startswith(_THINGS_BEHIND[self.language])
