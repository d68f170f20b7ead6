"""Align two lists of words: what was deleted, inserted or replaced.

The alignment is the shortest one (Levenshtein). Swapped lists give the mirrored alignment.
"""

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

MOST_ALIGNED = 600_000
"""Characters of two texts together up to which they are aligned word by word, beyond what both begin and end with.

Room for two versions of a Cyrillic release of half a megabyte. At the worst, if all words are of one letter, this takes
80 MB and four seconds of CPU.
"""


class Region(NamedTuple):
    """Words i1 to i2 - 1 of the first list became words j1 to j2 - 1 of the second; either may be none."""

    i1: int
    i2: int
    j1: int
    j2: int


def differences(before: Sequence[str], after: Sequence[str]) -> list[Region]:
    """Where two lists of words differ, in their order; what lies between is equal, word for word, and not empty."""
    if (len(after), after) < (len(before), before):
        return [Region(i1, i2, j1, j2) for j1, j2, i1, i2 in differences(after, before)]
    numbers: dict[str, int] = {}
    left, right = ([numbers.setdefault(word, len(numbers)) for word in words] for words in (before, after))
    regions: list[Region] = []
    i = j = 0
    for block in Levenshtein.editops(left, right).as_matching_blocks():
        if (i, j) != (block.a, block.b):
            regions.append(Region(i, block.a, j, block.b))
        i, j = block.a + block.size, block.b + block.size
    return regions
