"""What two versions begin and end with alike: it need not be read, but for a few words beside what differs.

A cut is safe where no word, figure, date, tag or cluster of marks crosses it and nothing on either side is read in
another way for want of the other: between plain words parted by single blanks, three before it and one behind it. No
date has more than two words between its figures, or between those and its month; a figure looks two words ahead for its
units, and a word looks one back for the beginning of its sentence.
"""

import re

_LETTER = r"[A-Za-z\u0400-\u0481\u048a-\u04ff]"
_CUT = rf" {_LETTER}{{1,30}} {_LETTER}{{1,30}} {_LETTER}{{1,30}} (?={_LETTER}{{1,30}} )"
_FIRST_CUT, _LAST_CUT = re.compile(_CUT), re.compile(rf"(?s:.*){_CUT}")
_REACH = 250
"""Characters that are searched for a cut first; then four times as many."""
_LONGEST_TAG = 2020


def surroundings(before: str, after: str) -> tuple[int, int]:
    """How many characters at the beginning, and how many at the end, both versions share and need not be read."""
    if before == after:
        return len(before), 0
    shortest = min(len(before), len(after))
    head = _alike(before, after, shortest)
    tail = _alike(before[::-1], after[::-1], shortest - head)
    return _cut_before(before, head), _cut_behind(before, after, tail)


def _alike(before: str, after: str, most: int) -> int:
    """How many characters both begin with, up to `most`."""
    alike = 0
    while alike < most:
        end = (alike + most + 1) // 2
        if before[alike:end] == after[alike:end]:
            alike = end
        else:
            most = end - 1
    return alike


def _cut_before(text: str, end: int) -> int:
    """The last cut among the first characters, or 0."""
    reach = _REACH
    while end:
        match = _LAST_CUT.match(text, max(end - reach, 0), end)
        if not match:
            if reach >= end:
                return 0
            reach *= 4
        elif (tag := _open_tag(text, match.end())) is not None:
            end = tag
        else:
            return match.end()
    return 0


def _cut_behind(before: str, after: str, tail: int) -> int:
    """How many characters stand behind the first cut among the last ones that both share."""
    grown = len(after) - len(before)
    for match in _FIRST_CUT.finditer(before, len(before) - tail):
        cut = match.end()
        if _open_tag(before, cut) is None and _open_tag(after, cut + grown) is None:
            return len(before) - cut
    return 0


def _open_tag(text: str, at: int) -> int | None:
    """Where a tag begins that this place may stand in."""
    begin = max(at - _LONGEST_TAG, 0)
    opened = text.rfind("<", begin, at)
    return opened if opened > text.rfind(">", begin, at) else None
