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
        return [Region(j1, j2, i1, i2) for i1, i2, j1, j2 in _differences(after, before)]
    return _differences(before, after)


def _differences(before: Sequence[str], after: Sequence[str]) -> list[Region]:
    numbers: dict[str, int] = {}
    left, right = ([numbers.setdefault(word, len(numbers)) for word in words] for words in (before, after))
    regions: list[Region] = []
    for code in Levenshtein.opcodes(left, right):
        if code.tag == "equal":
            continue
        region = Region(code.src_start, code.src_end, code.dest_start, code.dest_end)
        if regions and (regions[-1].i2, regions[-1].j2) == (region.i1, region.j1):
            region = Region(regions[-1].i1, region.i2, regions.pop().j1, region.j2)
        regions.append(region)
    return regions
