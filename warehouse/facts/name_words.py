"""Judge one word by itself: what part of a name it can be, and the stem that its cases share."""

import re
from functools import lru_cache

from warehouse.facts.folding import fold
from warehouse.facts.lexicons import NameLexicon
from warehouse.facts.words import LONG_INITIALS

LONGEST_WORD = 40
"""Characters of a word that can be a name."""

_KAZAKH_CASES = (
    "ның нің дың дің тың тің ға ге қа ке на не да де та те нда нде дан ден тан тен нан нен ды ді ты ті ны ні мен бен "
    "пен дағы дегі тағы тегі ндағы ндегі"
).split()
_KAZAKH_POSSESSED = "ын ін н ы і а е".split()
# What a folded Russian form ends with, and what its nominative does instead.
_RUSSIAN_CASES = tuple(
    (end, instead)
    for instead, ends in {
        "": "a u e om em i iu ei am ami",
        "a": "i u e oi ei",
        "ia": "i u ei iu",
        "i": "ia iu em",
    }.items()
    for end in ends.split()
)
_FAMILY = re.compile(r"(.{2,}?(?:[oe]v|[^aeou]iov))(?:a|u|im|om|e|oi|ih|i|imi|ami)?")
_FAMILY_IN = re.compile(r"(.{3,}in)(?:a|u|im|e|oi|ih|i)?")
_FAMILY_SKI = re.compile(r"(.{2,}sk)(?:i|ogo|omu|im|om|aia|oi|uiu|ih)")
_FAMILY_SURE = re.compile(r".{2,}(?:enko|chuk|shvili)")
_FAMILY_OTHER = re.compile(
    r"(.{2,}(?:enk|[cs]huk|ovich|iuk|ian|shvili|dze|ets|man|berg|shtein|stein|nik|chik|iak|aite))(?:o|a|u|om|em|e|i|oi)?"
)
_PATRONYMIC = re.compile(
    r"(.{2,}?(?:ovich|evich|ich))(?:a|u|em|e)?|(.{2,}?(?:ovn|evn|ichn|inichn))(?:a|i|u|e|oi)"
    r"|(.{2,}?(?:uli|kizi|ugli|ogli|uulu|tegi))(?:ning|ding|ni|di|ne|ge|ga|nan|nen|men|na)?"
)
_COMPOUND = re.compile(r".{3,}(?:bek|bai|jan|han|gali|gul|murat|bolat|sultan|mohamed|muhamed|bergen|gazi|kali|hat)")
_RUSSIAN_ADJECTIVE = re.compile(r".+[ое]в(?:ой|ая|ое|ые|ый|ого|ому|ую)")
_POSSESSIVE = re.compile(r"['’ʼ]s?$")
_COMMON = {
    "en": re.compile(
        r".{2,}(?:tion|tions|ment|ments|ness|ing|ings|ity|ities|ism|ship|ships|ance|ence|ency|tional|cial|tial|ical"
        r"|ology|ics|ive|ous|able|ible|ally|ized|ised|izing|ture|tures|ies|logy|graphy|ward|wide|hood|less|ful|ual|ral"
        r"|ected|ated)"
    ),
    "ru": re.compile(
        r".{2,}(?:ность|ности|ностью|ение|ения|ению|ением|ании|ание|ания|анию|анием|ство|ства|ству|ством|стве|ческий"
        r"|ческая|ческое|ческие|ческого|ческой|ческих|ация|ации|ацию|ацией|ельный|ельная|ельное|ельные|ный|ная|ное|ные"
        r"|ного|ной|ных|ным|ными|ную|ший|шие|ющий|ющие|ющая|ющих|вший|вшие|лись|лось|ться|тся|ующий|альный|альная|ами"
        r"|ями|ости|ость|изм|изма)"
    ),
    "kk": re.compile(
        r".{2,}(?:лық|лік|дық|дік|тық|тік|лығы|лігі|дығы|дігі|тығы|тігі|шылық|шілік|лар|лер|дар|дер|тар|тер|лары|лері"
        r"|дары|дері|тары|тері|ларының|лерінің|дарының|дерінің|тарының|терінің|уы|уі|ған|ген|қан|кен|ып|іп|ады|еді|йды"
        r"|йді|ушы|уші|ландыру|лендіру|дыру|діру|тыру|тіру|лау|леу|дау|деу|тау|теу|ттық|ттік|ттықты|лігінің|лығының"
        r"|ында|інде|ына|іне|асы|есі|асының|есінің)"
    ),
}
"""Endings that common words have and names seldom do."""


def bare(word: str) -> str:
    """The word without an English possessive ending."""
    return _POSSESSIVE.sub("", word)


@lru_cache(maxsize=200_000)
def judge_word(word: str, lexicon: NameLexicon) -> str:
    """What a capital word can be in a name.

    `i` an initial, `o` an office, `c` a common word, `f` a first name, `w` a first name that is a word as well,
    `p` a patronymic, `s` a surname by its ending, `t` a word that ends as some surnames do, `k` a surname that looks
    like an adjective, `u` unknown, `a` an acronym.
    """
    if word.isascii():
        lexicon = lexicon.latin
    word = bare(word)
    if len(word) == 1 or word in LONG_INITIALS:
        return "i"
    if (lower := word.lower()) in lexicon.offices:
        return "o"
    name = first_name(word, lexicon)
    if word.isupper() and (len(word) <= 3 or (len(word) == 4 and name not in lexicon.first_names)):
        return "a"
    if lower in lexicon.common or len(word) > LONGEST_WORD:
        return "c"
    if name:
        return "w" if name in lexicon.weak_names else "f"
    return _judge_compound(word, lexicon) if "-" in word else _judge_shape(lower, lexicon)


def _judge_compound(word: str, lexicon: NameLexicon) -> str:
    """What a word with hyphens can be, by its parts; what is small in it (`АҚШ-тың`) is an ending."""
    parts = [judge_word(part, lexicon) for part in word.split("-") if part[:1].isupper()]
    if "a" in parts:
        return "a"
    if "o" in parts or "c" in parts:
        return "c"
    if len(parts) < 2:
        return _judge_shape(word.lower(), lexicon)
    return parts[-1] if parts[-1] in "sptk" else "f" if "f" in parts or "w" in parts else "u"


def _judge_shape(lower: str, lexicon: NameLexicon) -> str:
    """What a word that no lexicon knows can be, by its ending."""
    folded = fold(lower)
    root = _kazakh_root(lower) if lexicon.language == "kk" else folded
    if _PATRONYMIC.fullmatch(folded):
        kind = "p"
    elif _FAMILY.fullmatch(root if lexicon.language == "ru" else root.removesuffix("a")):
        kind = "t" if lexicon.language == "ru" and _RUSSIAN_ADJECTIVE.fullmatch(lower) else "s"
    elif lexicon.language != "en" and _FAMILY_SKI.fullmatch(folded):
        kind = "k"
    elif _COMMON[lexicon.language].fullmatch(lower):
        kind = "c"
    elif _FAMILY_SKI.fullmatch(folded):
        kind = "k"
    elif _FAMILY_SURE.fullmatch(root):
        kind = "s"
    elif _FAMILY_IN.fullmatch(root) or _FAMILY_OTHER.fullmatch(root):
        kind = "t"
    else:
        kind = "f" if _COMPOUND.fullmatch(root) else "u"
    return kind


def _kazakh_root(lower: str) -> str:
    """The folded word without its case, if it is a surname or a compound name then."""
    for end in _KAZAKH_CASES:
        rest = lower.removesuffix(end)
        if rest != lower and len(rest) >= 4:
            root = fold(rest)
            if _FAMILY.fullmatch(root.removesuffix("a")) or _FAMILY_IN.fullmatch(root) or _COMPOUND.fullmatch(root):
                return root
    return fold(lower)


@lru_cache(maxsize=200_000)
def first_name(word: str, lexicon: NameLexicon) -> str | None:
    """The folded first name that a word is a form of, None where it is none that is known."""
    folded = fold(word)
    if folded in lexicon.first_names or folded in lexicon.weak_names:
        return folded
    if lexicon.language == "ru":
        nominatives = (
            folded.removesuffix(end) + instead
            for end, instead in _RUSSIAN_CASES
            if folded.endswith(end) and len(folded) > len(end) + 2
        )
    elif lexicon.language == "kk":
        lower = word.lower()
        ends = (*_KAZAKH_CASES, *_KAZAKH_POSSESSED)
        nominatives = (
            fold(lower.removesuffix(end)) for end in ends if lower.endswith(end) and len(lower) - len(end) > 3
        )
    else:
        return None
    return next(
        (name for name in nominatives if name in lexicon.first_names or (len(name) > 3 and name in lexicon.weak_names)),
        None,
    )


@lru_cache(maxsize=200_000)
def stem_of(word: str, lexicon: NameLexicon) -> str:
    """The folded stem that all cases of a name and both genders of a surname share."""
    word = bare(word)
    if name := first_name(word, lexicon):
        return name
    lower = word.lower()
    folded = _kazakh_root(lower) if lexicon.language == "kk" else fold(word)
    for pattern in (_FAMILY, _PATRONYMIC, _FAMILY_SKI, _FAMILY_IN, _FAMILY_OTHER):
        if match := pattern.fullmatch(folded):
            return next(group for group in match.groups() if group)
    if lexicon.language == "ru" and len(folded) > 4:
        return re.sub(r"(?:om|em|oi|ei|u|a|e|i|iu)$", "", folded)
    if lexicon.language == "kk":
        ends = (end for end in (*_KAZAKH_CASES, "ын", "ін", "н") if lower.endswith(end) and len(lower) - len(end) > 3)
        return fold(lower.removesuffix(next(ends, "")))
    return folded
