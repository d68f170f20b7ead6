"""Align two lists of words: what was taken out, put in or replaced, in bounded time.

Up to `LIMIT` pairs of words (10,000 against 10,000) the alignment is the shortest one (Levenshtein). Beyond that both
lists are cut into passages that end where the words say so, whatever stands before them, and the passages are aligned;
only passages that differ are then aligned word by word. Where even those are too large, they count as replaced whole: a
change is then told larger than it is, never smaller. Swapped lists give the mirrored alignment.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from rapidfuzz.distance import Levenshtein

LIMIT = 100_000_000
"""Pairs of words up to which two lists are aligned word by word: 25 ms of CPU."""
PASSAGES = 4_000
"""About how many passages the longer of two long lists is cut into."""


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
    ends = [crc32(word.encode("utf-8", "surrogatepass")) for word in numbers]
    found: list[Region] = []
    waiting = [Region(0, len(left), 0, len(right))]
    while waiting:
        region = _stripped(waiting.pop(), left, right)
        i1, i2, j1, j2 = region
        size = (i2 - i1) * (j2 - j1)
        if not size:
            found += [region] if i1 < i2 or j1 < j2 else []
        elif size <= LIMIT:
            found += _shifted(_opcodes(left[i1:i2], right[j1:j2]), region)
        else:
            for part in _passages_that_differ(left, right, region, ends):
                if (part.i2 - part.i1) * (part.j2 - part.j1) * 2 <= size:
                    waiting.append(part)
                else:
                    found.append(part)
    return _joined(sorted(found))


def _stripped(region: Region, left: list[int], right: list[int]) -> Region:
    """The region without the words that both sides begin and end with."""
    i1, i2, j1, j2 = region
    while i1 < i2 and j1 < j2 and left[i1] == right[j1]:
        i1, j1 = i1 + 1, j1 + 1
    while i1 < i2 and j1 < j2 and left[i2 - 1] == right[j2 - 1]:
        i2, j2 = i2 - 1, j2 - 1
    return Region(i1, i2, j1, j2)


def _opcodes(left: Sequence[int], right: Sequence[int]) -> list[Region]:
    codes = (code for code in Levenshtein.opcodes(left, right) if code.tag != "equal")
    return _joined([Region(code.src_start, code.src_end, code.dest_start, code.dest_end) for code in codes])


def _shifted(regions: list[Region], by: Region) -> list[Region]:
    return [Region(i1 + by.i1, i2 + by.i1, j1 + by.j1, j2 + by.j1) for i1, i2, j1, j2 in regions]


def _joined(regions: list[Region]) -> list[Region]:
    """Neighbouring regions as one."""
    joined: list[Region] = []
    for region in regions:
        if joined and (joined[-1].i2, joined[-1].j2) == (region.i1, region.j1):
            joined[-1] = Region(joined[-1].i1, region.i2, joined[-1].j1, region.j2)
        else:
            joined.append(region)
    return joined


def _passages_that_differ(left: list[int], right: list[int], region: Region, ends: list[int]) -> list[Region]:
    size = max(16, max(region.i2 - region.i1, region.j2 - region.j1) // PASSAGES)
    starts_left = _starts(left, region.i1, region.i2, ends, size)
    starts_right = _starts(right, region.j1, region.j2, ends, size)
    numbers: dict[tuple[int, ...], int] = {}
    passages = [
        [numbers.setdefault(tuple(words[begin:end]), len(numbers)) for begin, end in pairwise(starts)]
        for words, starts in ((left, starts_left), (right, starts_right))
    ]
    if len(passages[0]) * len(passages[1]) > LIMIT:
        return [region]
    return [
        Region(starts_left[i1], starts_left[i2], starts_right[j1], starts_right[j2])
        for i1, i2, j1, j2 in _opcodes(*passages)
    ]


def _starts(words: list[int], begin: int, end: int, ends: list[int], size: int) -> list[int]:
    """Where passages of about `size` words begin, and the end."""
    starts = [begin]
    for place in range(begin, end):
        if ends[words[place]] % size == 0 or place - starts[-1] >= 8 * size:
            starts.append(place + 1)
    return starts if starts[-1] == end else [*starts, end]
