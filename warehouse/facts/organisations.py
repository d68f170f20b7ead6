"""Find the organisations of texts: names that are known, companies in quotation marks, universities."""

import re
from collections.abc import Sequence
from functools import lru_cache

import polars as pl

from warehouse.facts.folding import fold
from warehouse.facts.lexicons import NameLexicon

WINDOW = 140
"""Characters of an organisation's name at most."""

_COMPANY = (
    "АО НАО ТОО ОАО ЗАО ООО ПАО РГП РГУ КГП КГУ ГКП ГУ НПП НК КХ ИП ПК ОО ОЮЛ ЧУ ФК КФ "
    "АҚ КЕАҚ ЖШС РМК ММ КММ МКК КМК МКҚК ҚБ ШҚ ҰК ҚҚ БҚ JSC LLP LLC NJSC RSE NGO PLC LTD"
).split()
_QUOTED = re.compile(
    rf"(?:{'|'.join(_COMPANY)})\s?(?:[«“\"][^«»“”\"\n]{{2,80}}[»”\"])(?:\s?(?:{'|'.join(_COMPANY)})\b)?[»”\"]?"
)
_BEFORE_FORM = re.compile(
    rf"[«“\"]([^«»“”\"\n]{{2,60}})[»”\"]\s?(?:{'|'.join(_COMPANY)})(?![А-ЯӘҒҚҢӨҰҮҺІA-Z])(?:-[а-яәғқңөұүһі]+)?"
)
_OPENING = '«“"'
_KINDS = ("University", "Institute", "Academy", "Corporation", "Foundation", "Association")
_SMALL_WORDS = re.compile(r"^(?:(?:The|At|In|From|For|With|By|To|This|Our|A|An|And|Of|On) )*")
_UNIVERSITY = re.compile(
    rf"(?:[A-Z][\w'’-]+ ){{1,5}}(?:{'|'.join(_KINDS)})\b"
    r"|University of [A-Z]\w+(?: [A-Z]\w+)*"
)


def organisation_mentions(texts: Sequence[str], words: pl.DataFrame, lexicon: NameLexicon) -> pl.DataFrame:
    """The organisations: `row`, `kind`, `char_start`, `char_end`, `name_key` (slug or folded name)."""
    heads = pl.Series(sorted({*_forms_by_head(lexicon), *_COMPANY}), dtype=pl.String).implode()
    word = pl.col("word")
    chosen = (
        words.with_row_index("at")
        .select(
            *("at", "row", "start", "word"),
            is_head=pl.col("bare").is_in(heads) | word.is_in(heads),
            is_quoted=pl.col("before").str.tail(1).is_in(list(_OPENING)),
            is_university=word.is_in(_KINDS),
            beginning=word + pl.col("after").str.head(8),
        )
        .filter(pl.col("is_head") | pl.col("is_quoted") | pl.col("is_university"))
    )
    beginnings = chosen.select("word", "beginning").unique()
    possible = [beginning for word, beginning in beginnings.iter_rows() if _may_begin(word, beginning, lexicon)]
    chosen = chosen.filter(pl.col("is_quoted") | pl.col("is_university") | pl.col("beginning").is_in(possible))
    begins = _begin_of_capitals(words) if lexicon.language == "en" else pl.Series(range(words.height), dtype=pl.Int64)
    chosen = chosen.select(
        "row", "start", "word", begin=words["start"].gather(begins.gather(chosen["at"])), is_university="is_university"
    )
    found: list[tuple[int, str, int, int, str, bool]] = []
    last = (-1, -1)
    for row, start, word, begin, is_university in chosen.iter_rows():
        if (row, start) < last:
            continue
        text = texts[row]
        if match := _match_university(text, begin) if is_university else _match(text, start, word, lexicon):
            first, stop, key = match
            in_quotes = any(mark in text[first:stop] for mark in _OPENING)
            found.append((row, "organisation", first, stop, key, in_quotes))
            last = (row, stop)
    return pl.DataFrame(
        found,
        schema={
            "row": pl.UInt32,
            "kind": pl.String,
            "char_start": pl.Int64,
            "char_end": pl.Int64,
            "name_key": pl.String,
            "is_quoted": pl.Boolean,
        },
        orient="row",
    )


def _begin_of_capitals(words: pl.DataFrame) -> pl.Series:
    """The number of the word that begins the run of capital words that each word is in."""
    row = pl.col("row")
    joins = (pl.col("after").shift(1) == " ") & (row == row.shift(1)) & ~pl.col("is_start")
    number = pl.int_range(pl.len(), dtype=pl.Int64)
    begin = pl.when(~joins.fill_null(value=False)).then(number).forward_fill().fill_null(0)
    return words.select(begin=begin)["begin"]


def _match_university(text: str, start: int) -> tuple[int, int, str] | None:
    """Where the name of a university or the like stands in a text from a place on, and its key."""
    window = text[start : start + WINDOW]
    first = len(window) - len(_SMALL_WORDS.sub("", window, count=1))
    match = _UNIVERSITY.match(window, first)
    return match and (start + first, start + match.end(), fold(match[0]))


def _may_begin(word: str, beginning: str, lexicon: NameLexicon) -> bool:
    """Whether a known name can begin with a word and the letters behind it, or a company's form is the word."""
    if word in _COMPANY:
        return True
    known = _forms_by_head(lexicon)
    forms = known.get(word, ()) or known.get(word.removesuffix("'s").removesuffix("’s"), ())
    return any(form.startswith(beginning) or beginning.startswith(form) for form, _ in forms)


def _match(text: str, start: int, word: str, lexicon: NameLexicon) -> tuple[int, int, str] | None:
    """Where an organisation stands in a text that has a word at a place, and its key."""
    known = _forms_by_head(lexicon)
    for form, key in known.get(word, ()) or known.get(word.removesuffix("'s").removesuffix("’s"), ()):
        end = start + len(form)
        if text.startswith(form, start) and not text[end : end + 1].isalpha():
            return start, end, key
    if word in _COMPANY and (match := _QUOTED.match(text, start, start + WINDOW)):
        return start, match.end(), fold(re.sub('[«»“”"]', " ", match[0].removeprefix(word)))
    if start and text[start - 1] in _OPENING and (match := _BEFORE_FORM.match(text, start - 1, start + WINDOW)):
        return start - 1, match.end(), fold(match[1])
    return None


@lru_cache(maxsize=8)
def _forms_by_head(lexicon: NameLexicon) -> dict[str, list[tuple[str, str]]]:
    """The known names by their first word, the longest first."""
    heads: dict[str, list[tuple[str, str]]] = {}
    for form, key in lexicon.organisations.items():
        heads.setdefault(form.partition(" ")[0], []).append((form, key))
    return {head: sorted(forms, key=lambda each: -len(each[0])) for head, forms in heads.items()}
