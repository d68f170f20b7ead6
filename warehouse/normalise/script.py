"""Letters of the wrong script inside a word, and what else letters say about the language of a text."""

import polars as pl

# Letters drawn alike in both scripts in upright type. The first of a pair is Cyrillic; ә/ə and і/i are what
# Kazakh typed on a foreign keyboard shows most.
_PAIRS = (
    "аa еe оo рp сc уy хx кk іi јj ѕs һh әə өɵ ԛq ԝw ёë їï "
    "АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЈJ ЅS ҺH ҮY ӘƏ ӨƟ ԚQ ԜW ЁË ЇÏ"
).split()
CYRILLIC_LOOKALIKES = "".join(pair[0] for pair in _PAIRS)
LATIN_LOOKALIKES = "".join(sorted({pair[1] for pair in _PAIRS}))
SAME_DRAWING = {ord(pair[0]): pair[1] for pair in _PAIRS}
"""Of Cyrillic letters drawn as Latin ones to these, for `str.translate`: the same drawing is then the same word."""

_SCRIPT_CHANGE = r"(?:\p{Latin}\p{M}*\p{Cyrillic}|\p{Cyrillic}\p{M}*\p{Latin})"
_RUN = rf"[\p{{Latin}}\p{{Cyrillic}}\p{{M}}]*{_SCRIPT_CHANGE}[\p{{Latin}}\p{{Cyrillic}}\p{{M}}]*"
# Paragraphs lost their breaks (`KondratyevaТеl`), so a capital after a small letter begins a word.
_WORD = r"[\p{Lu}\p{Lt}][\p{Lu}\p{Lt}\p{M}]*[^\p{Lu}\p{Lt}]*|[^\p{Lu}\p{Lt}]+"
_LATIN_STANDS_OUT = rf"[\p{{Latin}}--[{LATIN_LOOKALIKES}]]"
_CYRILLIC_STANDS_OUT = rf"[\p{{Cyrillic}}--[{CYRILLIC_LOOKALIKES}]]"

KAZAKH_LETTERS = "[әғқңөұүһіӘҒҚҢӨҰҮҺІ]"
# Without і, which Ukrainian has, and ң ө ү, which Kyrgyz and Mongolian have.
ONLY_KAZAKH = "[әғқұһӘҒҚҰҺ]"
FOREIGN_CYRILLIC = "їєґўђјљњћџѓќѕҳҷӣӯҙҫҡҗЇЄҐЎЂЈЉЊЋЏЃЌЅҲҶӢӮҘҪҠҖ"

# What bytes of UTF-8 every Cyrillic character begins with, so that finding one is a search for bytes. A little more
# than needed is harmless; a test holds this against the Unicode tables.
_CYRILLIC_BYTES = (b"\xd0", b"\xd1", b"\xd2", b"\xd3", b"\xd4", b"\xe1", b"\xe2\xb7", b"\xea", b"\xef", b"\xf0")


def _may_be_cyrillic(text: pl.Series) -> pl.Series:
    """Whether any character of each text may be Cyrillic."""
    starts = [pl.col("text").bin.contains(start) for start in _CYRILLIC_BYTES]
    return text.cast(pl.Binary).to_frame("text").select(pl.any_horizontal(starts)).to_series()


def lookalikes(text: pl.Series) -> pl.Series:
    """The words in which letters of one script stand for letters of the other (`Теl.` with Cyrillic Т and е).

    String → List[String], as they stand in the text and in its order, repeats kept; an empty list where
    there are none, null for null.

    A word is a run of Latin and Cyrillic letters and their marks, cut before a capital that follows a small
    letter: `KondratyevaТеl` gives `Теl`. Hyphens, digits and apostrophes end it, so `IT-компания` is two
    words. A word counts if it has letters of both scripts and those of one are all look-alikes: `бiлiм`
    with Latin i, `QARMЕT` with Cyrillic Е, but not `3Dмодель`, where nobody would read the D as Cyrillic.
    Two look-alikes glued without a change of case (`АКИМAT`) cannot be told from a wrong letter and count.
    """
    at = _may_be_cyrillic(text).arg_true()
    at = at.filter(text.gather(at).str.contains(_SCRIPT_CHANGE))
    none = pl.when(text.is_not_null()).then(pl.lit([], dtype=pl.List(pl.String)))
    if at.is_empty():
        return pl.select(none.alias(text.name)).to_series()
    word = pl.col("word")
    found = (
        pl.DataFrame({"row": at, "word": text.gather(at)}, schema={"row": pl.UInt32, "word": pl.String})
        .with_columns(word.str.extract_all(_RUN))
        .explode("word")
        .with_columns(word.str.extract_all(_WORD))
        .explode("word")
        .filter(word.str.contains(r"\p{Latin}") & word.str.contains(r"\p{Cyrillic}"))
        .filter(~(word.str.contains(_LATIN_STANDS_OUT) & word.str.contains(_CYRILLIC_STANDS_OUT)))
        .group_by("row", maintain_order=True)
        .agg("word")
    )
    rows = pl.DataFrame({"row": pl.int_range(len(text), dtype=pl.UInt32, eager=True)})
    words = rows.join(found, on="row", how="left", maintain_order="left")
    return words.select(pl.coalesce("word", none).alias(text.name)).to_series()
