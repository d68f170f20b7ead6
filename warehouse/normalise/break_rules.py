"""Rules for places where a lost paragraph may begin and what stands around them decides, kind by kind.

Polars finds the places and settles most of them by the characters beside them (`warehouse.normalise.paragraphs`). Those
left over are few, and judged one by one: for a small load a pattern that Polars compiles, of which it keeps only the
last 32, would cost more than all of its places do here.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from warehouse.normalise.break_places import BULLETS, CONTEXT, RULE
from warehouse.normalise.letters import CATEGORY, LETTER, SPACE, WHITE, word_at_end, word_at_start
from warehouse.normalise.lexicon import BreakWords

CLOSING_QUOTES = '»”"'
STOPS = frozenset("!?…")
BLANK = " \t\u00a0"
NEW_LINES = frozenset("\n\r\u2028\u2029")
_FIGURES = frozenset("0123456789")
_LIST_MARKS, _ITEM_MARKS = frozenset(":;"), frozenset(".,:;!?")
_SIGN_BEFORE_STOP = frozenset(")]%’›")
_CLAUSE_END = frozenset(")%" + CLOSING_QUOTES)
_ITEM_END = _CLAUSE_END | _FIGURES
_ENTITY = r"&#?[A-Za-z0-9]+;\Z"
_NUMBERING = rf"(?:^|[:;]{SPACE}*|[.!?]{SPACE}+|{LETTER}\.)\(?[0-9]{{1,2}}(?:\.[0-9]{{1,2}})*\.\Z"
_BRACKETED_NUMBERING = rf"(?:^|{SPACE}|[:;.])\(?(?:[0-9]{{1,2}}|{LETTER})\)\Z"
_LIST_NUMBER_AFTER = rf"[0-9]{{1,2}}(?:\)|\.{SPACE}?{LETTER})"
_FIGURE = r"(?:0|[1-9][0-9]{0,2}(?:[ \u00a0,.][0-9]{3})*|[1-9][0-9]{3,8})(?:[.,][0-9]{1,2})?"
_FIGURE_AFTER = (  # one that begins a sentence: a word, a sign or an ending follows, no rest of a date
    rf"(?:[0-9]{{1,2}}\.[0-9]{{1,2}}\.[0-9]{{4}}|{_FIGURE}(?:{SPACE}?[–\-]{SPACE}?{_FIGURE})?)"
    rf"(?:{SPACE}?%|[ \u00a0](?:{LETTER}|[«“„\"№$€])|-{LETTER})"
)
_BRACKETED_REFERENCE = (  # `(ст. 12).5` may be one reference
    rf"\((?:[^()]*(?!{LETTER})[^()])?(?i:пп?|ст|ч|гл|рис|табл|стр?|стать{LETTER}+|пункт{LETTER}*|глав{LETTER}+|"
    rf"част{LETTER}+|art|sec|fig|pp?|nos?|article|section|figure|table|page|сурет|кесте)\.?{SPACE}?[0-9][0-9.,\-–]*\)\Z"
    rf"|\([^()]*[0-9]{SPACE}?[–\-]?{SPACE}?(?i:бап|тарма[қғ]){LETTER}*\)\Z"
)
_LIST_ITEM_AFTER = rf"{LETTER}{{2}}|{LETTER}(?:\)|{SPACE}{LETTER})|\(\w"
_LABEL_AFTER = rf"{LETTER}+(?:[ \-]{LETTER}+){{0,2}}{SPACE}?(?:[:.]|\+?[0-9])"
_BULLET = rf".(?:{SPACE}+(?:{LETTER}|[0-9«“„\"])|{LETTER})"
_SPEECH = rf".{SPACE}*[«“„\"]?([^«“„\"])"


class Place(NamedTuple):
    """A place in a body (row): `mark` is the character at the offset, `before` that before it, empty where none is.

    `left` and `right` are what stands on both sides, `right` from the mark on; `quoted`: inside of a quotation. Of a
    rule there are also the `segment` up to it, and what stands `previous` to that.
    """

    row: int
    offset: int
    before: str
    mark: str
    quoted: bool
    left: str
    right: str
    segment: str
    previous: str

    @property
    def earlier(self) -> str:
        """The last but one character on the left."""
        return self.left[-2:][:1]

    @property
    def word_before(self) -> str:
        """The word on the left, also one before a sign; empty where there is none."""
        end = len(self.left)
        if end and CATEGORY[self.left[-1]][0] != "L" and self.left[-1] not in WHITE:
            end -= 1
        return word_at_end(self.left, end)

    @property
    def word_after(self) -> str:
        """The word on the right."""
        return word_at_start(self.right)


Judge = Callable[[Place, BreakWords], Iterator[int]]
"""Yields the offsets where a break belongs."""


def _after_sentence(place: Place, words: BreakWords) -> bool:
    """Whether the stop on the left ends a sentence: behind no initial, abbreviation or number of a list."""
    word = place.word_before
    if len(word) == 1 or (len(word) == 2 and CATEGORY[word[0]] == "Lu" and CATEGORY[word[1]] == "Ll"):
        return False
    return word not in words.abbreviation and not (place.earlier in _FIGURES and re.search(_NUMBERING, place.left))


def _after_clause(place: Place, words: BreakWords) -> bool:
    """Whether the colon on the left ends a clause: behind a word, a bracket or a quotation, but no label."""
    word = place.word_before
    return bool(word or place.earlier in _CLAUSE_END) and word not in words.label


def _after_item(place: Place) -> bool:
    """Whether the semicolon on the left ends an item of a list, and no `&nbsp;`."""
    return bool(place.word_before or place.earlier in _ITEM_END) and not re.search(_ENTITY, place.left)


def _is_reference(place: Place) -> bool:
    """Whether the bracket before the stop numbers an item or a part of a law."""
    bracketed = place.left[:-1]
    return bracketed.endswith(")") and bool(
        re.search(_BRACKETED_NUMBERING, bracketed) or re.search(_BRACKETED_REFERENCE, bracketed)
    )


def _starts_sentence(right: str, words: BreakWords) -> bool:
    """Whether the word on the right is one that begins sentences."""
    word = word_at_start(right)
    behind = right[len(word) : len(word) + 1]
    return word in words.starter and behind != "" and behind in "," + WHITE


def _goes_on_small(right: str) -> bool:
    """Whether a small letter stands behind the first character."""
    return right[:1] != "\n" and CATEGORY[right[1:2]] == "Ll"


def judge_sentence(place: Place, words: BreakWords) -> Iterator[int]:
    """A capital glued to a full stop."""
    word = place.word_after
    if (_after_sentence(place, words) and word not in words.domain) or (
        _starts_sentence(place.right, words) and (len(word) >= 3 or CATEGORY[place.word_before[:1]] == "Ll")
    ):
        yield place.offset


def judge_behind_sign(place: Place, words: BreakWords) -> Iterator[int]:
    """A capital glued to a colon, a semicolon, a bracket, a percent sign or a figure."""
    match place.before:
        case ":":
            is_break = _after_clause(place, words)
        case ";":
            is_break = _after_item(place)
        case ")" | "%":
            is_break = _goes_on_small(place.right) or _starts_sentence(place.right, words)
            is_break = is_break and not re.search(_BRACKETED_NUMBERING, place.left)
        case _:
            word = place.word_after
            is_break = len(word) >= 2 and _starts_sentence(place.right, words)
            is_break |= word in words.label and re.match(_LABEL_AFTER, place.right) is not None
            is_break = is_break and not _is_figure_in_name(place.left)
    if is_break:
        yield place.offset


def _is_figure_in_name(left: str) -> bool:
    """Whether the figures on the left stand behind a letter."""
    name = left.rstrip("0123456789")
    return len(name) < len(left) and CATEGORY[name[-1:]][:1] == "L"


def judge_opening_quote(place: Place, words: BreakWords) -> Iterator[int]:
    """A quotation glued to what introduces it: `noted:"Sport`."""
    match place.before:
        case ":":
            is_break = _after_clause(place, words)
        case ".":
            is_break = _after_sentence(place, words)
        case ";":
            is_break = _after_item(place)
        case _:
            is_break = place.earlier == "." or place.earlier in STOPS
    if is_break:
        yield place.offset


def judge_closing_quote(place: Place, words: BreakWords) -> Iterator[int]:
    """A sentence glued to a quotation: `».Next`."""
    right = place.right[1:]
    if place.before == "." or place.before in STOPS or _goes_on_small(right) or _starts_sentence(right, words):
        yield place.offset + 1


def judge_figure_behind_quote(place: Place, _: BreakWords) -> Iterator[int]:
    """A sentence that begins with a figure, glued to a quotation: `».12 districts`, `.”12 districts`."""
    has_stop = place.right[1:2] == "."
    width = 2 if has_stop else 1
    right = place.right[width:]
    if (has_stop or place.before == "." or place.before in STOPS) and (
        re.match(_FIGURE_AFTER, right) or re.match(_LIST_NUMBER_AFTER, right)
    ):
        yield place.offset + width


def judge_list_item(place: Place, words: BreakWords) -> Iterator[int]:
    """An item of a list glued to a semicolon, a number of a list, or a sentence that begins with a figure."""
    numbered = re.match(_LIST_NUMBER_AFTER, place.right) is not None
    if place.before == ";":
        is_item = numbered or re.match(_LIST_ITEM_AFTER, place.right) is not None
        is_break = is_item and not place.quoted and _after_item(place)
    elif place.before == ":":
        is_break = numbered and not place.quoted and place.word_before not in words.label
    else:
        figure = re.match(_FIGURE_AFTER, place.right) is not None
        if place.before == ".":
            is_reference = _is_reference(place)
            is_break = (numbered and not is_reference) or (figure and len(place.word_before) >= 2)
            is_break = is_break and _after_sentence(place, words)
            is_break |= figure and place.earlier in _SIGN_BEFORE_STOP and not is_reference
        else:
            is_break = numbered or figure
    if is_break:
        yield place.offset


def judge_dash(place: Place, words: BreakWords) -> Iterator[int]:
    """A dialog dash glued to a sentence (`teachers.– This`), or a dash as bullet (`:- a;- b`)."""
    if place.before in _LIST_MARKS:
        is_break = not place.quoted and place.word_before not in words.label
        is_break = is_break and bool(re.match(_BULLET, place.right)) and not re.search(_ENTITY, place.left)
    else:
        speech = re.match(_SPEECH, place.right)
        is_break = speech is not None and CATEGORY[speech[1]] == "Lu"
        is_break = is_break and (place.before != "." or _after_sentence(place, words))
    if is_break:
        yield place.offset


def judge_bullet(place: Place, _: BreakWords) -> Iterator[int]:
    """A bullet glued to what stands before it, or behind a mark that ends an item."""
    last, ended = place.left[-1:], place.left.rstrip(BLANK)
    glued = bool(last) and last not in WHITE + BULLETS
    if glued or (len(ended) < len(place.left) and ended[-1:] in _ITEM_MARKS):
        yield place.offset


def judge_rule(place: Place, _: BreakWords) -> Iterator[int]:
    """Both ends of a rule: `⸻`, or five underscores or more."""
    text = place.segment.rstrip("_") if place.mark == "_" else place.segment[:-1]
    # Where the rule is all of its segment, the place before stands right before it.
    left, right = (text[-CONTEXT:] or place.previous[-1:]), place.right[1:]
    if (above := left.rstrip(BLANK)) and above[-1] not in NEW_LINES and left[-1] != RULE:
        yield place.offset - (len(place.segment) - len(text)) + 1
    below = right.lstrip(BLANK)
    if below[:1] not in NEW_LINES and right[:1] != RULE:
        yield place.offset + 1 + len(right) - len(below)


JUDGES: dict[str, Judge] = {
    "sentence": judge_sentence,
    "behind_sign": judge_behind_sign,
    "opening_quote": judge_opening_quote,
    "closing_quote": judge_closing_quote,
    "figure_behind_quote": judge_figure_behind_quote,
    "list_item": judge_list_item,
    "dash": judge_dash,
    "bullet": judge_bullet,
    "rule": judge_rule,
}
"""The judge of each kind of places."""
