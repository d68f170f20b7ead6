"""Find the office that stands before or after a person's name, within the sentence."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from warehouse.facts.lexicons import NameLexicon
from warehouse.facts.office_words import LOOSE, ends_office, is_office, is_stop, is_trade

WINDOW = 200
"""Characters read on either side of a name."""
NEAR = 32
"""Characters before a name that mostly hold all of its office."""

_TOKEN = re.compile(r"[^\W\d_](?:[\w'’ʼ‘]|[-–](?=\w)|\.(?=[^\W\d_]\.))*|\d[\w-]*")
_HARD = re.compile(r"[;:!?\n\r⸻•(\[).]")
_QUOTES = re.compile(r"\s*(?:[«»\"“”„]{0,2}|№)\s*")
_DASH = re.compile(r"\s*[–—-]\s*")
_SHORT = re.compile(r"(?:г|no|им|и\.о|м\.а|св|обл|ст|гор|[^\W\d_])", re.IGNORECASE)
_TO_NAME = re.compile(r":\s?|\.?[»”\"]?[\s\"«“]*|[»”\"]?\s*,\s*|[»”\"]?\s*[–—-]\s*")
_TO_OFFICE = re.compile(r"\s*,\s+|\s+[–—-]\s*|\s*\(|\s*–\s+")
_BRACKET = re.compile(r"\s?\(|\)\s?")
# `Culture, Sports and Tourism`: a list of capital words is one name.
_LIST = re.compile(r"(?:,\s[A-Z][\w-]+(?:\s[A-Z][\w-]+)?)+,?\sand\s[A-Z](?![\w-]+\s[A-Z][\w-]+,)")
_RANK = re.compile(
    r"(?:под)?полковник\w*|майор\w*|капитан\w*|лейтенант\w*|генерал[\w-]*|сержант\w*|прапорщик\w*|адмирал\w*"
)
_GENITIVE = re.compile(r"\w+(?:[аяыи]|ого|его|ей|ой|ов|ев|их|ых)|\w+-\w+а")
_ADJECTIVE = re.compile(r"\w+(?:ый|ий|ого|его|ому|ему|ым|им|ая|ой|ую|ые|ых)")
_JOINED = re.compile(r"[–—,-]|\sи\s")
_MODIFIERS_IN_ENGLISH = frozenset("school department hospital company project team police press district".split())


class Word(NamedTuple):
    """A word of a window and its place there."""

    text: str
    start: int
    end: int


def office_before(window: str, lexicon: NameLexicon) -> tuple[int, int, bool] | None:
    """The office that ends where a window ends: its start and end in the window, and whether it touches the name."""
    last = window.rstrip(' ,:«»“”"–—-.\u00a0').rpartition(" ")[2]
    if not last or not _can_be_last(last, lexicon):
        return None
    # Most offices are short: the words next to the name are read first, and once for all names behind them.
    cut = window.find(" ", max(len(window) - NEAR, 0)) if len(window) > NEAR else -1
    found = _office_at_end(window[cut:], lexicon) if cut > 0 else "longer"
    if found == "longer":
        cut, found = 0, _office_at_end(window, lexicon, is_whole=True)
    if not isinstance(found, tuple):
        return None
    start, end, is_adjacent = found
    return cut + start, cut + end, is_adjacent


@lru_cache(maxsize=65536)
def _can_be_last(word: str, lexicon: NameLexicon) -> bool:
    """Whether the last word between blanks can belong to an office before a name."""
    return not is_stop(word, "", lexicon)


@lru_cache(maxsize=65536)
def _office_at_end(
    window: str, lexicon: NameLexicon, *, is_whole: bool = False
) -> tuple[int, int, bool] | Literal["longer"] | None:
    """The office that ends where a window ends; `longer` where it takes more than the window to tell."""
    words = [Word(match[0], match.start(), match.end()) for match in _TOKEN.finditer(window)]
    if not words and not is_whole:
        return "longer"
    if not words or not _TO_NAME.fullmatch(gap := window[words[-1].end :]) or not _can_end(words[-1].text, lexicon):
        return None
    is_adjacent = not gap.strip('».”"«“ \u00a0\t')
    at = len(words) - 1
    while at > 0 and not _ends_before(words, at - 1, window, lexicon):
        at -= 1
    if at == 0 and not is_whole:
        return "longer"
    kinds = [None] * at + [is_office(word.text, lexicon) for word in words[at:]]
    if is_adjacent and not kinds[-1] and is_trade(words[-1].text, lexicon):
        kinds[-1] = "head"
    heads = [each for each, kind in enumerate(kinds) if kind in ("head", "honorific")]
    heads = heads or [len(words) - 1] * (kinds[-1] == "plural")
    if not heads:
        return None
    if lexicon.language == "kk":
        first = next(each for each in range(at, len(words)) if words[each].text.lower() not in LOOSE["kk"])
    else:
        first = _with_modifiers(words[: _first_head(words, heads, window, lexicon) + 1], at, kinds, window, lexicon)
    if all(kind == "honorific" for kind in kinds[first:]):
        return None
    return *_with_partners(window, words[first].start, words[-1].end), is_adjacent


def _can_end(word: str, lexicon: NameLexicon) -> bool:
    """Whether an office before a name can end with the word: in Kazakh only with what it is."""
    if word.lower() in LOOSE[lexicon.language] or is_stop(word, "", lexicon):
        return False
    return lexicon.language != "kk" or is_office(word, lexicon) is not None or is_trade(word, lexicon)


def office_after(window: str, lexicon: NameLexicon) -> tuple[int, int] | None:
    """The office that follows a name behind a comma, a dash or a bracket: its start and end in the window."""
    if not (opening := _TO_OFFICE.match(window)):
        return None
    # Words are cut as they are needed: most of a window lies behind the office.
    following = (Word(match[0], match.start(), match.end()) for match in _TOKEN.finditer(window, opening.end()))
    words = list(islice(following, 2))
    start = 1 if words and lexicon.language == "en" and words[0].text.lower() in ("the", "a", "an") else 0
    if len(words) <= start or words[0].start > opening.end() + 1 or ends_office(words[start].text, lexicon):
        return None
    if lexicon.language != "kk" and not _leads_to_head(words, start, following, lexicon):
        return None
    last = start
    words += islice(following, max(last + 2 - len(words), 0))
    while last + 1 < len(words) and _goes_on(words, last, window, lexicon):
        last += 1
        words += islice(following, 1)
    kinds = [is_office(word.text, lexicon) for word in words[: last + 1]]
    heads = [at for at in range(start, last + 1) if kinds[at] == "head"]
    if not heads:
        return None
    if lexicon.language == "kk":
        return _with_partners(window, words[start].start, words[heads[-1]].end)
    while last > heads[0] and words[last].text.lower() in LOOSE[lexicon.language]:
        last -= 1
    return _with_partners(window, words[start].start, words[last].end)


def _leads_to_head(words: list[Word], start: int, following: Iterator[Word], lexicon: NameLexicon) -> bool:
    """Whether a head is among the first five words from a start, behind words that can precede it; reads these."""
    for at in range(start, start + 5):
        words += islice(following, max(at + 1 - len(words), 0))
        if at == len(words):
            return False
        if (kind := is_office(words[at].text, lexicon)) == "head":
            return True
        if not _can_precede(words[at].text, kind, lexicon):
            return False
    return False


def _can_precede(word: str, kind: str | None, lexicon: NameLexicon) -> bool:
    """Whether the word can stand before the head of an office behind a name."""
    if word.lower() in LOOSE[lexicon.language]:
        return False
    return lexicon.language != "ru" or kind is not None or _ADJECTIVE.fullmatch(word.lower()) is not None


def _goes_on(words: list[Word], last: int, window: str, lexicon: NameLexicon) -> bool:
    """Whether an office behind a name goes on with the word after the last."""
    gap = window[words[last].end : words[last + 1].start]
    if "\n" in gap or not gap or ends_office(words[last + 1].text, lexicon):
        return False
    if not gap.strip() or _DASH.fullmatch(gap) or _QUOTES.fullmatch(gap) or _is_shortened(words[last].text, gap):
        return True
    if _BRACKET.fullmatch(gap):
        return ")" in window[words[last].end : words[last].end + 40]
    return lexicon.language == "en" and _LIST.match(window, words[last].end) is not None


def _ends_before(words: list[Word], at: int, window: str, lexicon: NameLexicon) -> bool:
    """Whether an office cannot reach back to this word from the next."""
    gap, word, following = window[words[at].end : words[at + 1].start], words[at].text, words[at + 1].text
    if _is_shortened(word, gap) or (lexicon.language == "kk" and gap.strip() in ("»", "”")):
        return False
    if _HARD.search(gap) or not gap:
        return True
    if "," in gap:
        is_list = (
            lexicon.language == "en" and word[0].isupper() and gap.strip() == "," and _LIST.match(window, words[at].end)
        )
        is_second = lexicon.language == "ru" and is_office(following, lexicon) in ("head", "modifier")
        if not is_list and not is_second:
            return True
    elif gap.strip() and not _DASH.fullmatch(gap) and not _QUOTES.fullmatch(gap):
        return True
    return is_stop(word, following, lexicon)


def _is_shortened(word: str, gap: str) -> bool:
    """Whether the stop behind a word shortens it: `г. Алматы`."""
    return gap.startswith(".") and not gap[1:].strip() and _SHORT.fullmatch(word) is not None


def _first_head(words: list[Word], heads: list[int], window: str, lexicon: NameLexicon) -> int:
    """The head that the office begins with: in Russian an earlier one only if the later one hangs on it."""
    if lexicon.language == "en":
        return heads[0]
    first = heads[-1]
    for earlier in reversed(heads[:-1]):
        later, between = words[first].text.lower(), window[words[earlier].end : words[first].start]
        is_joined = _RANK.fullmatch(later) or (not between.isspace() and _JOINED.search(between))
        if not is_joined and not _GENITIVE.fullmatch(later):
            break
        first = earlier
    return first


def _with_modifiers(words: list[Word], least: int, kinds: list[str | None], window: str, lexicon: NameLexicon) -> int:
    """The start of an office with the words before its head, the last: `First Deputy`, `UNICEF Regional`."""
    first = len(words) - 1
    while first > least:
        word, lower = words[first - 1].text, words[first - 1].text.lower()
        if not re.fullmatch(r"\.?\s|\s*[–—-]\s*", window[words[first - 1].end : words[first].start]):
            break
        if lower == "и" and first - 2 >= least and kinds[first - 2] == "modifier":
            first -= 2
            continue
        if lower in LOOSE[lexicon.language]:
            break
        if lexicon.language == "en":
            is_part = (word[0].isupper() and not word.endswith(("'s", "’s"))) or lower in _MODIFIERS_IN_ENGLISH
        else:
            is_part = _ADJECTIVE.fullmatch(lower) is not None
        if not is_part and kinds[first - 1] not in ("modifier", "honorific"):
            break
        first -= 1
    return first


def _with_partners(window: str, start: int, end: int) -> tuple[int, int]:
    """The span with the quotation mark or bracket before or behind it whose partner lies inside."""
    inside = window[start:end]
    opened = sum(map(inside.count, "«“")) - sum(map(inside.count, "»”"))
    if opened < 0 and window[start - 1 : start] in ("«", "“"):
        start -= 1
    if (opened > 0 and window[end : end + 1] in ("»", "”")) or (
        inside.count("(") > inside.count(")") and window[end : end + 1] == ")"
    ):
        end += 1
    return start, end
