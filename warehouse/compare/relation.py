"""The digest's text of a release beside the portal's: the same, shortened, different, or another release's.

Compared are words as `warehouse.compare.folding` reads them, so that lost paragraphs, quotes, dashes and markup do not
matter. Of two bodies of more than `alignment.MOST_ALIGNED` characters, runs of three words are looked up in place of an
alignment: fewer words may then be found than there are.

Bodies of two releases of one ministry share names and phrases: of the seed's eleven bodies any two have up to 0.40 of
the words in order and 0.18 of the runs of three words in common. Of a title's words 0.75 and more stand in its own
body, 0.6 and less in another, but for releases of one ministry on one subject.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from warehouse.compare.alignment import MOST_ALIGNED
from warehouse.compare.edits import Text
from warehouse.compare.folding import is_blank
from warehouse.compare.regions import Version, say_the_same

NEARLY_ALL = 0.9
"""Share of the digest's words, in order on the portal, from which on its body is a part of the portal's."""
CLEARLY_SHORTER = 0.9
"""Share of the portal's words up to which the digest's body is clearly shorter."""
FEW_WORDS, FEW_RUNS = 0.45, 0.2
"""Shares of words in order, and of runs of three words, below which bodies have next to nothing in common."""
ENOUGH = 20
"""Words from which on a body tells which release it belongs to."""
SAME_TITLE, ABOUT_TITLE = 0.5, 0.6
"""Shares of a title's words that stand in another title, and in a body, which is then about the same."""
_WORD, _STEM = 4, 5  # letters of the words of a title that tell something, and what their endings leave


@dataclass(frozen=True, slots=True)
class Relation:
    """How the digest's text relates to the portal's: a kind (see `relate`), and what share of it stands there.

    `shared` counts the words of the digest's body that stand in the portal's in the same order, to 4 decimals; 0 where
    either has no body.
    """

    kind: str
    shared: float


def relate(digest: Text, portal: Text, *, others: Sequence[Text] = ()) -> Relation:
    """Tell how the digest's text of a release relates to the portal's page of it, in the same language.

    - `no_digest_body`, `no_portal_body`: there is none (or a blank one); the first where both have none.
    - `same`: the same words, but for spacing, paragraphs, typography and markup.
    - `shortened`: nearly all words of the digest's body stand in the portal's in order, and it is clearly shorter, or
      it is how the portal's begins, be the rest ever so short.
    - `other_release`: the bodies have next to nothing in common, and the titles neither or the digest's body is not
      about the portal's title: the newspaper printed another release's body, be it under the right title.
      Also where the body, unlike the portal's, is that of one of `others` (pages of other releases).
    - `different`: all else, other words about the same.
    """
    if digest.body is None or is_blank(digest.body):
        return Relation("no_digest_body", 0.0)
    if portal.body is None or is_blank(portal.body):
        return Relation("no_portal_body", 0.0)
    bodies = Version(digest.body), Version(portal.body)
    if say_the_same(*((body, 0, len(body)) for body in bodies)):
        return Relation("same", 1.0)
    printed, published = (_keys(body) for body in bodies)
    shared = _shared(printed, published)
    relation = "different"
    if _begins(printed, published):
        relation = "shortened"
    elif len(printed) >= ENOUGH and any(_keys(Version(other.body or "")) == printed for other in others):
        # Releases of one pattern may share nearly all words, so this comes first.
        relation = "other_release"
    elif shared >= NEARLY_ALL:
        relation = "shortened" if len(printed) <= CLEARLY_SHORTER * len(published) else "different"
    elif len(printed) >= ENOUGH and (
        _is_elsewhere(printed, others)
        or (shared < FEW_WORDS and _runs(printed, published) < FEW_RUNS and _is_about_else(digest, portal, printed))
    ):
        relation = "other_release"
    return Relation(relation, round(shared, 4))


def _keys(version: Version) -> list[str]:
    return [key.casefold() for key in version.keys]


def _shared(printed: Sequence[str], published: Sequence[str]) -> float:
    """The share of the printed words that stand in the published ones in order."""
    if not printed:
        return 0.0
    if len(" ".join((*printed, *published))) > MOST_ALIGNED:
        return _runs(printed, published)
    return LCSseq.similarity(printed, published) / len(printed)


def _begins(printed: Sequence[str], published: Sequence[str]) -> bool:
    """Whether the published words begin with the printed ones, the last of which may be cut off."""
    last = len(printed) - 1
    return (
        0 <= last < len(published)
        and list(printed[:last]) == list(published[:last])
        and published[last].startswith(printed[last])
    )


def _runs(printed: Sequence[str], published: Sequence[str]) -> float:
    """The share of the printed runs of three words that stand in the published words anywhere."""
    ours, theirs = (set(zip(words, words[1:], words[2:], strict=False)) for words in (printed, published))
    return len(ours & theirs) / max(len(ours), 1)


def _is_elsewhere(printed: Sequence[str], others: Sequence[Text]) -> bool:
    return any(_shared(printed, _keys(Version(other.body or ""))) >= NEARLY_ALL for other in others)


def _is_about_else(digest: Text, portal: Text, printed: Sequence[str]) -> bool:
    """Whether the titles differ, or the printed words are not about the portal's title."""
    printed_title, title = (_stems(_keys(Version(text.title))) for text in (digest, portal))
    have_one_title = len(printed_title & title) >= SAME_TITLE * min(len(printed_title), len(title))
    return not have_one_title or len(title & _stems(printed)) < ABOUT_TITLE * len(title)


def _stems(words: Iterable[str]) -> set[str]:
    return {word[:_STEM] for word in words if len(word) >= _WORD and word.isalpha()}
