"""Find people and eponyms: runs of capital words, judged by the kinds of their words and what stands beside them."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import polars as pl

from warehouse.facts.folding import fold
from warehouse.facts.lexicons import NameLexicon
from warehouse.facts.name_words import stem_of
from warehouse.facts.offices import WINDOW, office_after, office_before
from warehouse.facts.runs import candidates, name_runs
from warehouse.facts.words import Sentences

_FIRST_WORD = re.compile(r"^[\s\"»”]*([^\W\d_][\w'’-]*)")
_PARTICLES_BEFORE = re.compile(
    r"(?<!\w)((?:van den|van der|van|von|de la|de|ван ден|ван дер|ван|фон|де ла|де) )$|(?<!\w)((?:al|аль|эль|әл)-)$"
)
_MAY_END_IN_PARTICLE = r"(?:van|von|der|den|de|la|ван|фон|дер|ден|де|ла) $|(?:al|аль|эль|әл)-$"
_LAST_WORD = re.compile(r"([^\W\d_][\w'’-]*)\.?[\s\"«“„]*$")


MOST_NAMESAKES = 32
"""Names with one word in common that a text is read for."""


class _Candidate(NamedTuple):
    """Words that may be a name: place in a text, kinds, the strength that `runs` gave them, and what is around.

    `least` and `most` bound where its office can stand; `is_joined` tells whether a blank and a capital follow.
    """

    row: int
    start: int
    end: int
    pattern: str
    strength: str
    least: int
    most: int
    is_joined: bool
    words: tuple[str, ...]


class _Passage(NamedTuple):
    """A text and what its language knows."""

    text: str
    lexicon: NameLexicon


class _Mention(NamedTuple):
    """A name, the stems of its words and the place of its office."""

    name: _Candidate
    stems: tuple[str, ...]
    office: tuple[int, int] | None


_People = dict[str, dict[tuple[str, ...], _Candidate]]
SCHEMA = {
    "row": pl.UInt32,
    "kind": pl.String,
    "char_start": pl.Int64,
    "char_end": pl.Int64,
    "name_key": pl.String,
    "office_start": pl.Int64,
    "office_end": pl.Int64,
    "resolved_start": pl.Int64,
    "resolved_end": pl.Int64,
}


def person_mentions(
    texts: Sequence[str], words: pl.DataFrame, places: pl.DataFrame, sentences: Sentences, lexicon: NameLexicon
) -> pl.DataFrame:
    """People and eponyms: the columns of a mention that names, offices and the fullest mention fill."""
    names = _with_bounds(candidates(name_runs(words, places), words, lexicon), words, texts, sentences)
    spelling = words["word"].to_list()
    spelled = [
        tuple(spelling[at : last + 1]) for at, last in zip(names["at"].to_list(), names["last"].to_list(), strict=True)
    ]
    columns = (names[name].to_list() for name in _Candidate._fields[:-1])
    judged = map(_Candidate._make, zip(*columns, spelled, strict=True))
    found: list[tuple[object, ...]] = []
    for row, group in groupby(judged, attrgetter("row")):
        found += _resolve(list(group), _Passage(texts[row], lexicon))
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def _with_bounds(names: pl.DataFrame, words: pl.DataFrame, texts: Sequence[str], sentences: Sentences) -> pl.DataFrame:
    """The candidates with their places, in the order of `_Candidate`, numbers of words instead of `words`."""
    at, last = names["at"], names["last"]
    gap, behind = words["before"].gather(at), words["after"].gather(last)
    start = words["start"].gather(at)
    doubtful = (gap.str.contains(_MAY_END_IN_PARTICLE) & (names["strength"] != "eponym")).arg_true()
    places = zip(names["row"].gather(doubtful), start.gather(doubtful), strict=True)
    start = start.scatter(doubtful, [_with_particle(texts[row], place) for row, place in places])
    end = words["end"].gather(last) - words["possessive"].gather(last)
    is_stopped = pl.col("pattern").str.ends_with("i") & behind.str.starts_with(".") & (end == words["end"].gather(last))
    frame = names.with_columns(
        start=start, end=end + is_stopped.cast(pl.Int64), is_joined=(behind == " ") | (is_stopped & (behind == ". "))
    )
    sentence_start, next_start = sentences.around(frame)
    is_followed = (pl.col("row").shift(-1) == pl.col("row")) & (pl.col("strength").shift(-1) == "sure")
    return frame.select(
        *("row", "at", "last", "start", "end", "pattern", "strength"),
        least=pl.max_horizontal(pl.col("start") - WINDOW, sentence_start),
        most=pl.min_horizontal(
            pl.col("end") + WINDOW, next_start, pl.when(is_followed).then(pl.col("start").shift(-1))
        ),
        is_joined="is_joined",
    )


def _with_particle(text: str, start: int) -> int:
    """Where a name begins with the particle before it: `van Gogh`, `al-Farabi`."""
    particle = _PARTICLES_BEFORE.search(text, max(start - 12, 0), start)
    return particle.start() if particle else start


def _resolve(names: list[_Candidate], passage: _Passage) -> list[tuple[object, ...]]:
    """The mentions among the candidates of one text, surnames and first names that stand alone resolved."""
    people: _People = {}
    accepted: list[_Mention] = []
    previous = 0
    for each, following in zip(names, (*names[1:], None), strict=True):
        if not (mention := _judge(each, following, previous, people, passage)):
            continue
        accepted.append(mention)
        if len(each.words) > 1 and mention.name.strength in ("sure", "maybe"):
            previous = each.end
            for stem in mention.stems:
                known = people.setdefault(stem, {})
                # The first mention stands for all of its spelling; many namesakes are left apart.
                if len(known) < MOST_NAMESAKES:
                    known.setdefault(mention.stems, each)
    return [row for mention in accepted if (row := _row(mention, people))]


def _judge(
    each: _Candidate, following: _Candidate | None, previous: int, people: _People, passage: _Passage
) -> _Mention | None:
    """A candidate with its stems and office; None where nothing says that it is a name."""
    text, lexicon = passage
    stems = _stems(each.words, each.pattern, lexicon)
    if each.strength == "eponym" or _is_in_name_of_institution(each, following, text, lexicon):
        return _Mention(each._replace(strength="eponym"), stems, None)
    office = _office(each, previous, text, lexicon)
    if each.strength != "maybe" or office or _speaks(each, text, lexicon):
        return _Mention(each, stems, office)
    # `Финалда Шамшадин`: the last word is a name, if somebody named before has it.
    if stems[-1] not in people or len(each.words[-1]) < 3:
        return None
    alone = each._replace(start=each.end - len(each.words[-1]), words=each.words[-1:], pattern=each.pattern[-1])
    return _Mention(alone._replace(strength="bare"), stems[-1:], None)


def _row(mention: _Mention, people: _People) -> tuple[object, ...] | None:
    """A row of what `person_mentions` returns; None for a word that nobody of the text is named by."""
    name, stems, office = mention
    if name.strength == "eponym":
        return (name.row, "eponym", name.start, name.end, " ".join(stems), None, None, None, None)
    full = _fullest(name, stems, people)
    if name.strength == "bare" and full is None:
        return None
    whole, whole_stems = full or (name, stems)
    start, end = office or (None, None)
    return (name.row, "person", name.start, name.end, " ".join(whole_stems), start, end, whole.start, whole.end)


_INSTITUTION = re.compile(
    r" (?:[A-Z][\w-]+ ){0,4}(?:University|Institute|Academy|Hospital|School|Lyceum|College|Gymnasium|Museum|Library"
    r"|Theat(?:er|re)|Opera|Philharmonic|Conservatory|Airport|Street|Avenue|Square|Prize|Foundation|Center|Centre)\b"
)
_SAYING = frozenset("said says noted stressed emphasized added told thanked stated".split())
_ONLY_TITLES = frozenset("professor academician doctor dr mr ms mrs профессор академик доктор господин госпожа".split())
_AND = re.compile(r" (?:and|и|және|мен) |, ")


def _is_in_name_of_institution(each: _Candidate, following: _Candidate | None, text: str, lexicon: NameLexicon) -> bool:
    """Whether a name is part of an institution's (`Nazarbayev University`) or of `X and Y streets`."""
    if lexicon.language != "en":
        return False
    if following and following.strength == "eponym" and following.start - each.end < 6:
        is_street = "street" in text[following.end : following.end + 9]
        return is_street and _AND.fullmatch(text[each.end : following.start]) is not None
    if not each.is_joined or each.strength == "maybe" or each.pattern == "u" or len(each.pattern.replace("i", "")) > 2:
        return False
    return _INSTITUTION.match(text, each.end, each.end + 80) is not None


@lru_cache(maxsize=65536)
def _stems(words: tuple[str, ...], pattern: str, lexicon: NameLexicon) -> tuple[str, ...]:
    """The stems of a name's words, a surname that stands first behind the rest."""
    stems = tuple(
        fold(word)[:1] if kind == "i" else stem_of(word, lexicon) for word, kind in zip(words, pattern, strict=True)
    )
    if len(pattern) > 1 and pattern[0] in "suk" and (pattern[1] in "fwi") and not pattern.endswith("s"):
        return (*stems[1:], stems[0])
    return stems


def _fullest(each: _Candidate, stems: tuple[str, ...], people: _People) -> tuple[_Candidate, tuple[str, ...]] | None:
    """The mention of the most words whose name has all the stems of this one; None where there is no other."""
    known = people.get(stems[-1]) or people.get(stems[0])
    if not known:
        return None
    if len(known) == 1 and stems in known:
        return known[stems], stems
    fitting = ((other, names) for names, other in known.items() if _covers(each, stems, other, names))
    return max(fitting, key=lambda found: len(found[1]), default=None)


def _covers(each: _Candidate, stems: tuple[str, ...], other: _Candidate, other_stems: tuple[str, ...]) -> bool:
    """Whether the other name has all words of this one, its initials among the other's words."""
    if each is other or stems == other_stems:
        return True
    named = [stem for stem in stems if len(stem) > 1]
    rest = [stem for stem in other_stems if stem not in named]
    initials = [fold(stem)[:1] for stem in stems if len(stem) == 1]
    return all(stem in other_stems for stem in named) and all(
        any(word.startswith(initial) for word in rest) for initial in initials
    )


def _office(each: _Candidate, previous: int, text: str, lexicon: NameLexicon) -> tuple[int, int] | None:
    """The office's place in the text: directly before the name, else behind it, else before a comma."""
    least = max(each.least, previous)
    left = office_before(text[least : each.start], lexicon)
    right = None
    if text[each.end : each.end + 2].strip(" \u00a0")[:1] in (*",–—-(",):
        right = office_after(text[each.end : each.most], lexicon)
    if right and not (left and left[2] and text[least + left[0] : least + left[1]].lower() not in _ONLY_TITLES):
        return each.end + right[0], each.end + right[1]
    return (least + left[0], least + left[1]) if left else None


def _speaks(each: _Candidate, text: str, lexicon: NameLexicon) -> bool:
    """Whether a verb of saying stands directly beside the name."""
    verbs = lexicon.contexts["verb"]
    if lexicon.language == "en":
        verbs &= _SAYING
    after = _FIRST_WORD.match(text[each.end : each.end + 24])
    before = _LAST_WORD.search(text[max(0, each.start - 24) : each.start])
    return bool(after and after[1] in verbs) or bool(before and before[1] in verbs)
