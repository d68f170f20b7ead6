r"""The words of a text, folded so that typography does not count, each with its place in the text as received.

Folded away are Unicode forms (NFC), signs that cannot be seen, the literal `\u200b` of the newspaper's site, tags and
entities of HTML, and letters of one script that stand for the like of the other. Words are runs of letters, figures
(`1,5`, `1 500`, `16.05.2025`, `½`; of `10⁶` the raised one by itself) and the few signs that say something (`%`, `№`,
`?`, `+`, `€`). Spacing, quotes, dashes, bullets, apostrophes, brackets and stops are no words. A capital after a small
letter begins a word, as paragraphs lose their breaks (`populationThe`).
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from itertools import pairwise

from warehouse.compare.alignment import MOST_ALIGNED
from warehouse.compare.characters import APOSTROPHES, INVISIBLE, classes_of
from warehouse.normalise.script import SAME_DRAWING

Pieces = tuple[list[int], list[int], list[bool]]
"""Of a folded text: where its pieces begin in it, where in the received text, and whether they stand there so."""

_BLANK = re.compile(rf"[\s{INVISIBLE}]*")
_INLINE = "b|i|u|em|strong|span|font|a|small|big|mark|ins|del|s"
_BLOCK = (
    "p|br|div|ul|ol|li|table|thead|tbody|tfoot|tr|td|th|h[1-6]|hr|img|sup|sub|blockquote|figure|figcaption|section|"
    "article|center|pre|caption|col|colgroup"
)
_TAG = rf"</?(?:{_INLINE}|{_BLOCK})(?:\s[^<>]{{0,2000}})?/?>"
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE})[\s/>]", re.IGNORECASE)
_ENTITY = r"&(?:[A-Za-z][A-Za-z0-9]{1,20}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});"
# Its first digit stands before the alternatives, so that what is no digit is passed over at once.
FIGURE = (
    rf"\d(?:(?<!\d\d)(?<!\d[.,:]\d)\d{{0,2}}(?:[ \u00a0\u2009\u202f{APOSTROPHES}]\d{{3}})+(?:[.,]\d+)?(?![.,:]?\d)"
    r"|\d*(?:[.,:]\d+)*)"
)


@cache
def _suspicious(*, astral: bool) -> re.Pattern[str]:
    """A character that may have to be folded, or is a mark."""
    classes = classes_of(astral=astral)
    return re.compile(f"[{INVISIBLE}{classes.marks}{classes.singles}]")


@cache
def _foldable(*, suspicious: bool, markup: bool, astral: bool) -> re.Pattern[str]:
    """What may be folded."""
    marks, singles = classes_of(astral=astral).marks, classes_of(astral=astral).singles
    # At most 30 marks, Unicode's stream-safe limit: ordering them takes the square of their number.
    decomposed = rf"[^{marks}{INVISIBLE}]?(?:[{INVISIBLE}]{{0,8}}[{marks}]){{1,30}}|[{singles}]"
    kinds = [rf"(?P<invisible>{f'[{INVISIBLE}]+|' if suspicious else ''}\\u200[bB])"]
    kinds += [rf"(?P<tag>(?i:{_TAG}))", rf"(?P<entity>{_ENTITY})"] if markup else []
    kinds += [rf"(?P<decomposed>{decomposed})"] if suspicious else []
    return re.compile("|".join(kinds), re.DOTALL)


@cache
def _word(*, suspicious: bool, astral: bool) -> re.Pattern[str]:
    """What is a word."""
    classes = classes_of(astral=astral)
    letter = rf"(?:[{classes.letters}]|[{classes.marks}])" if suspicious else f"[{classes.letters}]"
    numeral = f"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[₀-₉]+|[{classes.numerals}]"
    return re.compile(rf"{letter}++(?:[{APOSTROPHES}]{letter}++)*+|{FIGURE}|[{classes.signs}]|{numeral}")


@cache
def _inner_capital(*, astral: bool) -> re.Pattern[str]:
    """A capital behind a small letter."""
    classes = classes_of(astral=astral)
    return re.compile(f"[{classes.capitals}](?<=[{classes.small}].)")


def look_alikes(pattern: str) -> str:
    """The pattern of a regular expression for words that look like these, small or capital.

    The pattern has no letters of Cyrillic in character classes.
    """
    return "".join(_look_alikes_of(letter) if "а" <= letter.lower() <= "ӿ" else letter for letter in pattern)


def _look_alikes_of(letter: str) -> str:
    both = letter.lower() + letter.upper()
    return f"[{both}{both.translate(SAME_DRAWING)}]"


def is_blank(text: str | None) -> bool:
    """Whether there is no text, or none that can be seen."""
    return not text or _BLANK.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: word n is `text[starts[n]:ends[n]]`, and equal words have equal `keys`.

    `text` is the folded text; `place(n, m)` tells where words n to m - 1 stand in the text as received. `surfaces` are
    the words without apostrophes, letters as they are; keys have look-alike letters folded.
    """

    text: str
    surfaces: list[str]
    keys: list[str]
    starts: list[int]
    ends: list[int]
    pieces: Pieces | None
    received_length: int

    def __len__(self) -> int:
        """How many words there are."""
        return len(self.keys)

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Characters (half-open) of the received text that words first to last - 1 stand at; none: an empty place."""
        if first == last:
            behind = self.place_of(self.ends[first - 1] - 1, self.ends[first - 1])[1] if first else 0
            return behind, behind
        return self.place_of(self.starts[first], self.ends[last - 1])

    def place_of(self, begin: int, end: int) -> tuple[int, int]:
        """Where characters begin to end - 1 of the folded text stand in the received one; there is at least one."""
        return self._origin(begin, is_end=False), self._origin(end - 1, is_end=True)

    def gap(self, number: int) -> str:
        """What stands in the folded text between the word before this one, or the beginning, and this word."""
        return self.text[self.ends[number - 1] if number else 0 : self.starts[number]]

    def _origin(self, at: int, *, is_end: bool) -> int:
        """Where the character at this place of the folded text begins, or ends, in the received one."""
        if self.pieces is None:
            return at + is_end
        begins, origins, is_verbatim = self.pieces
        piece = bisect_right(begins, at) - 1
        if is_verbatim[piece]:
            return origins[piece] + at - begins[piece] + is_end
        if not is_end:
            return origins[piece]
        return origins[piece + 1] if piece + 1 < len(origins) else self.received_length


def words(text: str) -> Words:
    """Read the words of a text of any length; time follows its length."""
    plain, pieces, (suspicious, astral) = _fold(text)
    drawn = plain if plain.isascii() else plain.translate(SAME_DRAWING)
    starts, ends = [], []
    for match in _word(suspicious=suspicious, astral=astral).finditer(plain):
        start, end = match.span()
        inner = [start + at for at in _capitals_within(match.group())]
        starts += [start, *inner]
        ends += [*inner, end]
    surfaces = [plain[start:end] for start, end in zip(starts, ends, strict=True)]
    keys = surfaces if drawn is plain else [drawn[start:end] for start, end in zip(starts, ends, strict=True)]
    surfaces, keys = _without_apostrophes(surfaces, plain), _without_apostrophes(keys, plain)
    return Words(plain, surfaces, keys, starts, ends, pieces, len(text))


def surfaces(text: str) -> list[str]:
    """The `surfaces` of `words(text)` in a fifth of the time."""
    plain, _, (suspicious, astral) = _fold(text)
    spaced = _inner_capital(astral=astral).sub(r"\n\g<0>", plain)
    return _without_apostrophes(_word(suspicious=suspicious, astral=astral).findall(spaced), plain)


def count_words(text: str) -> int:
    """How many words a text has; of one longer than can be aligned about how many, as its beginning says."""
    beginning = text[:MOST_ALIGNED]
    return len(surfaces(beginning)) * len(text) // max(len(beginning), 1)


def _capitals_within(word: str) -> Sequence[int]:
    """Where in a word a capital follows a small letter."""
    if word.islower() or word.istitle() or word.isupper():
        return ()
    return [at for at, (left, right) in enumerate(pairwise(word), start=1) if right.isupper() and left.islower()]


def _without_apostrophes(words: list[str], text: str) -> list[str]:
    for sign in APOSTROPHES:
        if sign in text:
            words = [word.replace(sign, "") for word in words]
    return words


def _signs(text: str) -> tuple[bool, bool]:
    """Whether it has characters that may have to be folded, and any beyond 16 bits (which are two in UTF-16)."""
    if text.isascii():
        return False, False
    astral = len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)
    return bool(_suspicious(astral=astral).search(text)), astral


def _fold(text: str) -> tuple[str, Pieces | None, tuple[bool, bool]]:
    """The text folded, its pieces (none: nothing is folded), and what `_signs` says of it."""
    suspicious, astral = _signs(text)
    markup = "<" in text or "&" in text
    if not (suspicious or markup or "\\u200" in text):
        return text, None, (suspicious, astral)
    folded, pieces = _replace(text, _foldable(suspicious=suspicious, markup=markup, astral=astral))
    # Entities may stand for any character.
    return folded, pieces, _signs(folded)


def _replace(text: str, pattern: re.Pattern[str]) -> tuple[str, Pieces]:
    """Replace what the pattern matches, each named group in its own way; where the pieces stand."""
    parts: list[str] = []
    begins, origins, is_verbatim = [], [], []
    at = length = 0

    def add(part: str, begin: int, *, verbatim: bool) -> None:
        nonlocal length
        if part:
            begins.append(length)
            origins.append(begin)
            is_verbatim.append(verbatim)
            parts.append(part)
            length += len(part)

    for match in pattern.finditer(text):
        replacement = _REPLACEMENTS[str(match.lastgroup)](match.group())
        if replacement != match.group():
            add(text[at : match.start()], at, verbatim=True)
            add(replacement, match.start(), verbatim=False)
            at = match.end()
    add(text[at:], at, verbatim=True)
    return "".join(parts), (begins, origins, is_verbatim)


def _visible(text: str) -> str:
    return re.sub(f"[{INVISIBLE}]", "", text)


_REPLACEMENTS: dict[str, Callable[[str], str]] = {
    "invisible": lambda _: "",
    "tag": lambda tag: "" if _INLINE_TAG.match(tag) else "\n",
    "entity": lambda entity: _visible(unescape(entity)),
    "decomposed": lambda cluster: unicodedata.normalize("NFC", _visible(cluster)),
}
