"""Where two long texts differ: the stretches to be read word by word, for reading all of them takes too much memory.

Both texts are cut into pieces, sentences where they have any, and the pieces are aligned as words are; spacing, quotes
and kinds of dashes do not count. What lies between the stretches says the same in both.
"""

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from warehouse.compare.alignment import differences

MOST_READ = 400_000
"""Characters of two versions together that are read word by word: 60 MB and a second of CPU if all are figures."""
AROUND = 300
"""Characters on either side of what differs that are read with it."""

_PIECE = re.compile(r"[^\n]{0,1000}?(?:[.!?…]\s|\n)|[^\n]{1,1000}(?=\s)|[^\n]{1,1000}")
_PLAIN = str.maketrans(dict.fromkeys('«»“”„‟"', '"') | dict.fromkeys("‐‑‒–—―−", "-"))


class Stretch(NamedTuple):
    """Characters begin to end - 1 of one version, and those of the other that stand in their place."""

    before: tuple[int, int]
    after: tuple[int, int]

    @property
    def size(self) -> int:
        """The characters of both."""
        return self.before[1] - self.before[0] + self.after[1] - self.after[0]


def stretches(before: str, after: str) -> tuple[list[Stretch], bool]:
    """Where two texts differ, in order, apart, and with some of what is the same around.

    Also whether what lies between is written in another way.
    """
    pieces = _PIECE.findall(before), _PIECE.findall(after)
    begins = [[0, *accumulate(map(len, one))] for one in pieces]
    found: list[Stretch] = []
    for i1, i2, j1, j2 in differences(*([" ".join(one.translate(_PLAIN).split()) for one in side] for side in pieces)):
        left = _pieces_around(begins[0], i1, -1, min(i1, j1))
        right = _pieces_around(begins[0], i2, 1, min(len(pieces[0]) - i2, len(pieces[1]) - j2))
        begin, start = begins[0][i1 - left], begins[1][j1 - left]
        end, stop = begins[0][i2 + right], begins[1][j2 + right]
        if found and begin < found[-1].before[1]:
            last = found.pop()
            begin, start = last.before[0], last.after[0]
        found.append(Stretch((begin, end), (start, stop)))
    return found, _is_respelled(before, after, found)


def _pieces_around(begins: Sequence[int], at: int, step: int, most: int) -> int:
    """How many pieces on one side of a place have `AROUND` characters; `most` is how many there are."""
    count = 0
    while count < most and abs(begins[at + count * step] - begins[at]) < AROUND:
        count += 1
    return count


def _is_respelled(before: str, after: str, found: Sequence[Stretch]) -> bool:
    whole = Stretch((len(before), len(before)), (len(after), len(after)))
    begin = start = 0
    for stretch in (*found, whole):
        if before[begin : stretch.before[0]] != after[start : stretch.after[0]]:
            return True
        begin, start = stretch.before[1], stretch.after[1]
    return False


def blanks(text: str) -> int:
    """About how many words a text has, for those that are too long to be read."""
    return text.count(" ") + text.count("\n") + text.count("\u00a0") + 1
