"""The sentence that a statement comes from, cut out of an excerpt of its text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.reference.rows import read_rows

LONGEST = 340
"""Characters of the longest quotation; a longer sentence is quoted in part."""
BEFORE_MARK = 150
"""Characters before the mark, where a sentence is quoted in part."""

STOP = re.compile(r"[.!?…]+[\"»”’)\]]*(?=\s)|\n")
FIRST_LETTER = re.compile(r"[^\W_]")
LAST_WORD = re.compile(r"[^\W\d_]+$")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence in three parts; the middle one, which may be empty, is the mark. `language` is a code."""

    before: str
    marked: str
    after: str
    language: str | None


def abbreviations(seeds: Path) -> frozenset[str]:
    """Words that end in a full stop within a sentence, from `lexicon.csv`. Raises UsageError when it cannot be read."""
    return frozenset(read_rows(seeds / "lexicon.csv", ("kind", "form")).filter(kind="abbreviation")["form"])


def quotation(row: Mapping[str, Any], known: frozenset[str]) -> Quotation | None:
    """Quote the sentence around `char_start` to `char_end`, or the first one without them.

    `row` has `excerpt` (None where there is no body: None comes back), `excerpt_start` (where in the body it begins),
    `breaks` (offsets in the body before which a paragraph begins) and perhaps `body_language`, `char_start` and
    `char_end` (offsets in the body). `known` are abbreviations.
    """
    text: str | None = row["excerpt"]
    if not text or not text.strip():
        return None
    offset: int = row["excerpt_start"]
    start = max((row.get("char_start") or 0) - offset, 0)
    end = max((row.get("char_end") or 0) - offset, start)
    places = [0, *_ends(text, [place - offset for place in row["breaks"] or ()], known), len(text)]
    left = max(place for place in places if place <= start)
    right = min((place for place in places if place >= max(end, left + 1)), default=len(text))
    is_cut_left, is_cut_right = (left == 0 and offset > 0), False
    if right - left > LONGEST:
        if start - left > BEFORE_MARK:
            left, is_cut_left = _next_word(text, start - BEFORE_MARK, start), True
        if right - left > LONGEST:
            right, is_cut_right = _last_word(text, max(left + LONGEST, end), end), True
    end = min(end, right)
    return Quotation(
        ("… " if is_cut_left else "") + text[left:start].lstrip(),
        text[start:end],
        text[end:right].rstrip() + (" …" if is_cut_right else ""),
        row.get("body_language"),
    )


def _ends(text: str, breaks: Sequence[int], known: frozenset[str]) -> Iterator[int]:
    """Places where a sentence begins after another."""
    yield from (place for place in breaks if 0 < place < len(text))
    for stop in STOP.finditer(text):
        following = FIRST_LETTER.search(text, stop.end(), stop.end() + 8)
        begins_sentence = following is None or following[0].isupper() or following[0].isdigit()
        word = LAST_WORD.search(text[max(stop.start() - 24, 0) : stop.start()])
        is_short = word is not None and (len(word[0]) == 1 or word[0].lower() in known)
        if stop[0] == "\n" or (begins_sentence and not (stop[0] == "." and is_short)):
            yield stop.end()


def _next_word(text: str, place: int, limit: int) -> int:
    space = text.find(" ", place, limit)
    return space + 1 if space >= 0 else place


def _last_word(text: str, place: int, limit: int) -> int:
    space = text.rfind(" ", limit, place)
    return space if space > 0 else place
