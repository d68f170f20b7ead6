"""What changed between two versions of one text: which words, which figures, of what kind, and how much of it.

Kinds, the weightiest first; an edit has the first of its kinds as its `kind` and all of them in `kinds`:

- `body_added`, `body_removed`: there was none before, or is none now.
- `number`: a figure became another, whatever the way of writing it (`1,5 млрд` and `1.5 млрд` are one figure, and so
  are `1 500`, `1500` and `1,500`), in digits or words (`пять тысяч`, `5000`); its percent sign, magnitude and minus
  belong to it. A figure that only came or went with the words around it, or was written in words, is `wording`.
- `date`: a day or month became another, in figures or words; a year alone is a figure. A date with its parts in another
  order is the same.
- `name`: capitalised words that do not begin a sentence became others, came or went. In a title whose words all have
  capitals this says nothing, and the change is `wording`.
- `wording`: all else, a change of capitals or a question mark too.
- `picture`, `video`, `link`: another address stands in the body, or one more or less; where the body itself was added
  or removed, so were they.
- `cosmetic`: what does not count as a word of `folding`: spacing, lines, quotes, dashes, bullets, stops and commas,
  brackets, signs that cannot be seen, Unicode forms, tags, and letters that look alike in both scripts.

Where more than half of a text of many words changed, words meet by chance: a figure must then have a neighbour of four
letters in common with the one it is said to have replaced, and dates and names are no longer paired.
Time and memory are bounded for any text: where more than `alignment.MOST_ALIGNED` characters stand between what both
versions begin and end with, they count as replaced whole, in words as `wording`, and the change has the `op` "rewrite".

The modules, each importing only those before it:

- `alignment`: where two lists of words differ, and the limit of it.
- `characters`: what words and figures are made of.
- `folding`: the words of a text, so that typography does not count, with their places.
- `dates`, `figures`: dates and figures among the words.
- `vocabulary`: the words that dates and numbers are made of.
- `middle`: what two texts begin and end with alike and need not be read.
- `regions`: two versions and the regions where their words differ.
- `kinds`: of what kind a region is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from warehouse.compare.alignment import Region
from warehouse.compare.folding import count_words, is_blank
from warehouse.compare.kinds import kinds_of
from warehouse.compare.regions import Comparison, size
from warehouse.compare.vocabulary import Vocabulary

ATTACHED = ("picture", "video", "link")
"""The kinds of edits that change no word, but for the cosmetic ones: fields of a text, in the singular."""
KINDS = ("body_added", "body_removed", "number", "date", "name", "wording", *ATTACHED, "cosmetic")
"""The kinds of edits, the weightiest first."""
MOSTLY, MANY = 0.5, 40
"""Share of the words that changed, and number of words, above which what stands side by side does so by chance."""
LEAST = 0.0001
"""The least share of changed words of an edit that is not cosmetic."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as received; `body` is None (or blank, which counts as the same) where there is none.

    `links`, `pictures` and `videos` are addresses in the body, in its order.
    """

    title: str
    body: str | None
    links: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()

    @classmethod
    def of(cls, title: str, body: str | None, *attached: Sequence[str] | None) -> "Text":
        """A text with its links, pictures and videos as the warehouse has them: NULL for a digest's."""
        return cls(title, body, *(tuple(addresses or ()) for addresses in attached))


@dataclass(frozen=True, slots=True)
class Change:
    """Words that were replaced, deleted or inserted (`op`) in the title or the body (`part`), or addresses.

    The `op` is "rewrite" where both versions are too long there to be compared word by word.
    `before` and `after` stand at those characters (half-open) of the title or body of either version; where nothing
    stands, the place is empty and behind the last word that did not change. Of addresses, parted by line feeds, the
    `part` is picture, video or link, and the places are their numbers among those of the version.
    """

    part: str
    op: str
    before: str
    after: str
    before_start: int
    before_end: int
    after_start: int
    after_end: int


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit: its kinds, the changes that are not cosmetic in their order, and the figures that changed, from → to.

    `changed_share` is the share of the words of both versions that were deleted, inserted or replaced, to 4 decimals,
    but 0.0001 at least: 0 is only for an edit that changed no word.
    """

    kind: str
    kinds: tuple[str, ...]
    changed_share: float
    changes: tuple[Change, ...]
    numbers: tuple[tuple[str, str], ...]


def compare(before: Text, after: Text, vocabulary: Vocabulary) -> Edit:
    """Describe what changed. Raises ValueError where both versions are the same: that is no edit."""
    if before == after:
        raise ValueError(f"Both versions of “{before.title[:80]}” are the same: nothing to compare.")
    had, has = (not is_blank(text.body) for text in (before, after))
    parts = [Comparison.at_the_middle("title", before.title, after.title, vocabulary)]
    if had and has:
        parts.append(Comparison.at_the_middle("body", before.body or "", after.body or "", vocabulary))
    changed = sum(part.changed for part in parts)
    total = sum(part.total for part in parts) if changed or had != has else 0
    by_chance = total > MANY and changed > MOSTLY * total
    kinds: set[str] = set()
    changes: list[Change] = []
    numbers: list[tuple[str, str]] = []
    for part in parts:
        if part.is_rewritten:
            kinds.add("wording")
            changes.append(_rewrite(part))
        for region in part.regions:
            region_kinds, pairs = kinds_of(part, region, by_chance=by_chance)
            kinds |= region_kinds
            numbers += pairs
            if region_kinds == {"cosmetic"}:
                changed -= size(region)
            else:
                changes.append(_change(part, region))
    if had != has:
        kinds.add("body_added" if has else "body_removed")
        changes.append(_whole_body(before.body or "" if had else "", after.body or "" if has else ""))
        count = count_words(changes[-1].before or changes[-1].after)
        changed, total = changed + count, total + count
    else:
        attached = [change for kind in ATTACHED for change in _addresses(kind, before, after)]
        kinds |= {change.part for change in attached}
        changes += attached
    if any(part.has_cosmetic() for part in parts) or not kinds:
        kinds.add("cosmetic")
    in_order = tuple(kind for kind in KINDS if kind in kinds)
    is_wordless = kinds <= {*ATTACHED, "cosmetic"}
    share = 0.0 if is_wordless else max(round(changed / max(total, 1), 4), LEAST)
    return Edit(in_order[0], in_order, share, tuple(changes), tuple(numbers))


def _change(part: Comparison, region: Region) -> Change:
    old, new = part.places(region)
    op = "insert" if region.i1 == region.i2 else "delete" if region.j1 == region.j2 else "replace"
    before, after = part.texts
    return Change(part.part, op, before[slice(*old)], after[slice(*new)], *old, *new)


def _addresses(kind: str, before: Text, after: Text) -> Iterator[Change]:
    """The addresses of a kind that changed."""
    old, new = (getattr(text, f"{kind}s") for text in (before, after))
    if old == new:
        return
    for op, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op != "equal":
            yield Change(kind, op, "\n".join(old[i1:i2]), "\n".join(new[j1:j2]), i1, i2, j1, j2)


def _rewrite(part: Comparison) -> Change:
    before, after = part.middles
    begin = part.head
    return Change(part.part, "rewrite", before, after, begin, begin + len(before), begin, begin + len(after))


def _whole_body(before: str, after: str) -> Change:
    return Change("body", "delete" if before else "insert", before, after, 0, len(before), 0, len(after))
