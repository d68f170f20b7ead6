"""Judge one word beside a name: whether it is an office, and whether an office ends there."""

import re
from functools import lru_cache

from warehouse.facts.lexicons import NameLexicon

LOOSE = {
    "en": frozenset("of the for and on in to at a an s with as".split()),
    "ru": frozenset("и в во на по при за у".split()),
    "kk": frozenset("және мен".split()),
}
"""Words that join the parts of an office and neither begin nor end one."""

_PREFIXES = {"en": ("co-", "ex-"), "ru": ("спец", "зам", "экс-", "глав", "гос", "со"), "kk": ("экс-",)}
_NO_TRADE = "ther|fter|nder|over|ever|ather|ormer|ater|arlier|umber|ether|aster|ister|river|silver"
_TRADES = {
    "en": re.compile(rf"(?!.*(?:{_NO_TRADE})$)[a-z]{{2,}}(?:er|or|ist|eer|smith|woman)"),
    "ru": re.compile(
        r"(?!жител|родител)[а-яё]{3,}(?:тель|ник|ница|ист|истка|лог|вод|тор|лаз|як|чик|щик|щица)"
        r"(?:я|ю|ем|е|а|у|ом|и|ы|цы|цу|цей|ей)?"
    ),
    "kk": re.compile(r"[\w-]{3,}(?:шы|ші)(?:сы|сі|лар|лер|ның|нің|ға|ге)?"),
}
_ENGLISH_PAST = re.compile(r"[a-z]{3,}ed")
_ENGLISH_ADJECTIVES = frozenset(
    "united limited appointed honored honoured authorized authorised elected distinguished advanced".split()
)
_RUSSIAN_VERB = re.compile(r"[а-яё]+(?:лся|лась|лись|лось|[аияеыу]л[аи]?|ется|ются|ится|атся|ятся)")
_RUSSIAN_NOUN = re.compile(
    r"(?:от|раз|пре|не)?дел[аы]?|\w*(?:школ|канал|филиал|капитал|персонал|материал|генерал|футбол|волейбол|баскетбол"
    r"|протокол|металл|журнал|вокзал|урал|арал|портал|квартал|потенциал|терминал|трибунал|рубл|акционер|специал|музыкал"
    r"|кабул|стамбул|сеул|село|сил|тыл|зал|начал)[аи]?"
)
_KAZAKH_CASE = re.compile(
    r".{2,}(?:да|де|та|те|ға|ге|қа|ке|нан|нен|дан|ден|(?<!с)тан|тен|мен|ды|ді|ты|ті|ып|іп|ған|ген|қан|кен|ады|еді|йды|йді"
    r"|[ыі]н[ае])"
)
_KAZAKH_OFFICE_CASE = re.compile(r".*(?:нда|нде|ға|ге|на|не|мен)")
_KAZAKH_GENITIVE = ("ның", "нің", "дың", "дің", "тың", "тің", "дағы", "дегі", "тағы", "тегі")
_KAZAKH_ACCUSATIVE = ("ды", "ді", "ты", "ті", "ны", "ні")
_KAZAKH_BARE = frozenset(
    "біріккен аудан палата газета дене гвардия ақпан арнаулы бастапқы сауда қызылорда алматы құрметті өкілетті атақты "
    "халықты және істері жөніндегі тарату орталығы астана қостанай маңғыстау ана бала қоғамдық аға мәселелері қорғаныс "
    "ішкі сыртқы отан ақпараттандыру орта мемлекетті қала болашақ одағы орда".split()
)


@lru_cache(maxsize=65536)
def is_office(word: str, lexicon: NameLexicon) -> str | None:
    """`head`, `plural`, `modifier` or `honorific` where the word is one in that language."""
    lower = word.lower().replace("–", "-").replace("’", "'").removesuffix("'s").rstrip(".")
    offices = lexicon.offices
    if key := offices.get(lower):
        return key
    if any(
        lower.startswith(each) and offices.get(lower.removeprefix(each)) == "head"
        for each in _PREFIXES[lexicon.language]
    ):
        return "head"
    first, _, last = lower.partition("-")
    if last and (offices.get(last) == "head" or (lexicon.language != "en" and offices.get(first) == "head")):
        return "head"
    return None


def is_trade(word: str, lexicon: NameLexicon) -> bool:
    """Whether a small word directly before a name is a trade by its ending: `diver Alexey Pak`, `балықшы Марат`."""
    return word.islower() and _TRADES[lexicon.language].fullmatch(word) is not None


@lru_cache(maxsize=65536)
def is_stop(word: str, following: str, lexicon: NameLexicon) -> bool:
    """Whether an office before a name cannot hold the word; `following` stands behind it."""
    lower, contexts = word.lower(), lexicon.contexts
    if lower in contexts["stop"]:
        return True
    if word[0].isdigit():
        return len(word) == 4 and word.isdigit()
    if key := is_office(word, lexicon):
        return lexicon.language == "kk" and key == "head" and _KAZAKH_OFFICE_CASE.fullmatch(lower) is not None
    if lexicon.language == "kk":
        return _is_kazakh_stop(lower, following.lower(), contexts["verb"])
    return word[0].islower() and is_verb(lower, lexicon)


@lru_cache(maxsize=65536)
def ends_office(word: str, lexicon: NameLexicon) -> bool:
    """Whether an office behind a name is over before the word."""
    lower, contexts = word.lower(), lexicon.contexts
    if lexicon.language == "kk":
        return lower in contexts["verb"] or lower in contexts["stop"]
    if lexicon.language == "en":
        stop = lower in contexts["stop"] and lower not in LOOSE["en"]
    else:
        stop = lower in ("который", "которая", "которые", "что", "а", "но", "также", "где", "когда")
    is_small = word[0].islower() and not is_office(word, lexicon)
    return word[0].islower() and (stop or (is_small and is_verb(lower, lexicon)))


def is_verb(lower: str, lexicon: NameLexicon) -> bool:
    """Whether an English or Russian word is a verb of a release, in the past by its ending."""
    if lower in lexicon.contexts["verb"]:
        return True
    if lexicon.language == "en":
        return _ENGLISH_PAST.fullmatch(lower) is not None and lower not in _ENGLISH_ADJECTIVES
    return len(lower) > 3 and bool(_RUSSIAN_VERB.fullmatch(lower)) and not _RUSSIAN_NOUN.fullmatch(lower)


def _is_kazakh_stop(lower: str, following: str, verbs: frozenset[str]) -> bool:
    """Whether a Kazakh word is a verb or in a case that stands outside of an office: all but the genitive."""
    if lower in verbs or lower.endswith("-мен"):
        return True
    if lower in _KAZAKH_BARE or lower.endswith(_KAZAKH_GENITIVE):
        return False
    # `халықты қорғау министрі`: what is protected belongs to the office.
    if lower.endswith(_KAZAKH_ACCUSATIVE) and following.endswith("у"):
        return False
    return _KAZAKH_CASE.fullmatch(lower) is not None
