"""Tell the language of a title or a body from its letters and small words.

A text is looked at through windows: all of it up to `WHOLE` characters, else `WINDOWS` short ones spread
evenly over it. Where these agree by script, Kazakh letters and function words, that is the answer. The
texts left over are judged by their sentences, which is slower and may ask a library.

Decisions
- Kazakh is `kk` in Cyrillic and in Latin script ("Ulttyq ónim kórmesi"): the code names a language.
- A few Latin words that say nothing (names, `QARMET JSC`) are `en`, a few Cyrillic ones `ru`, because the
  portal publishes in three languages; `other` takes positive evidence.
- `mixed` sees all of a text up to `SAMPLED` characters and evenly spread windows of a longer one: a part of
  20 % or more that stands together is found, crumbs strewn over a long text are not.

For a digest of twenty releases the number of expressions costs, not the text, so none is evaluated on no rows.
"""

import polars as pl

from warehouse.normalise.lexicon import SmallWords, pad, set_of
from warehouse.normalise.script import FOREIGN_CYRILLIC, KAZAKH_LETTERS, ONLY_KAZAKH
from warehouse.normalise.sentences import language_by_sentences

WHOLE = 320
WINDOWS = 6
WINDOW = 80
SAMPLED = 4000
LONG_PHRASE = 32
COMMONEST = 8
_NEVER_RUSSIAN = FOREIGN_CYRILLIC + "іңөүІҢӨҮ"


def _nulls(count: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, count)


def _clear_latin(pieces: pl.Series, excess: pl.Series, words: SmallWords) -> pl.Series:
    """Mask of what is English: English words among no foreign ones, at most two letters beyond A to Z."""
    # The commonest words are found sooner than all of them.
    english = pieces.str.contains("|".join(words.english[:COMMONEST]))
    rest = (~english).arg_true()
    english = english.scatter(rest, pieces.gather(rest).str.contains_any(set_of(words.english)))
    english &= ~pieces.str.contains_any(set_of(words.not_english))
    at = (english & (excess > 2)).arg_true()
    strange = at.filter(pieces.gather(at).str.count_matches(r"[\p{L}--[A-Za-z]]") > 2)
    return english.scatter(strange, False)


def _clear_cyrillic(pieces: pl.Series, words: SmallWords) -> pl.Series:
    """`ru` for Russian words among few Kazakh letters (names), `kk` for many of these alone, else null."""
    answer = _nulls(len(pieces))
    mask = pieces.str.contains(ONLY_KAZAKH)
    if len(without := (~mask).arg_true()):
        plain = pieces.gather(without)
        # Hardly any Kazakh phrase of this length does without the letters that only Kazakh has.
        long_phrase = (plain.str.len_chars() >= LONG_PHRASE) & plain.str.contains(r"\p{Cyrillic}")
        never_russian = plain.str.contains_any(set_of((*words.not_russian, *_NEVER_RUSSIAN)))
        russian = (plain.str.contains_any(set_of(words.russian)) | long_phrase) & ~never_russian
        answer = answer.scatter(without.filter(russian), "ru")
    if len(at := mask.arg_true()):
        lettered = pieces.gather(at)
        count = lettered.str.count_matches(KAZAKH_LETTERS).cast(pl.Int64)
        much = count * 20 >= lettered.str.len_chars()
        foreign, russian = (
            lettered.str.contains_any(set_of(FOREIGN_CYRILLIC)),
            lettered.str.contains_any(set_of(words.russian)),
        )
        answer = answer.scatter(at.filter(much & ~russian & ~foreign), "kk")
        answer = answer.scatter(at.filter((count <= 2) & russian & ~foreign & ~much), "ru")
    return answer


def _clear(pieces: pl.Series, words: SmallWords) -> pl.Series:
    """`en`, `ru`, `kk` or `und` (no letters) for pieces that leave no doubt, null for the others.

    Pieces begin and end with a space where a word may begin and end.
    """
    chars = pieces.str.len_chars().cast(pl.Int64)
    # A Cyrillic letter takes two bytes, so bytes beyond characters count them without reading; 70 % of the
    # characters leave less than `sentences.MIXED_SHARE` for Latin letters. Curly quotes and dashes count double.
    excess = pieces.str.len_bytes().cast(pl.Int64) - chars
    answer = _nulls(len(pieces))
    if len(latin := (excess * 4 <= chars).arg_true()):
        english = _clear_latin(pieces.gather(latin), excess.gather(latin), words)
        answer = answer.scatter(latin.filter(english), "en")
    if len(cyrillic := ((excess * 10 >= chars * 7) & (excess * 10 <= chars * 11)).arg_true()):
        answer = answer.scatter(cyrillic, _clear_cyrillic(pieces.gather(cyrillic), words))
    left = answer.is_null().arg_true()
    return answer.scatter(left.filter(~pieces.gather(left).str.contains(r"\p{L}")), "und")


def _windows(texts: pl.Series, size: int) -> pl.Series:
    """The windows of the texts: the first of each, then the second of each, and so on."""
    text = pl.col("text")
    room = text.str.len_chars().cast(pl.Int64) - size
    windows = (text.str.slice(room * number // (WINDOWS - 1), size).alias(str(number)) for number in range(WINDOWS))
    return pl.concat(texts.to_frame("text").select(windows).get_columns())


def _as_columns(windows: pl.Series) -> pl.DataFrame:
    """One row for each text, with its windows, or what is known of them, in the columns."""
    count = len(windows) // WINDOWS
    return pl.DataFrame({str(number): windows.slice(number * count, count) for number in range(WINDOWS)})


def _language_by_windows(texts: pl.Series, size: int, words: SmallWords) -> pl.Series:
    """The answer for long texts whose windows agree (one of them may be silent), null for the others."""
    answers = _as_columns(_clear(_windows(texts, size), words))
    language = pl.when(pl.all() != "und").then(pl.all())
    one = pl.min_horizontal(language) == pl.max_horizontal(language)
    silent = pl.sum_horizontal(pl.all().is_null())
    clear = pl.sum_horizontal(language.is_not_null())
    all_agree = one & (silent <= 1) & (clear >= WINDOWS // 2)
    return answers.select(pl.when(all_agree).then(pl.min_horizontal(language))).to_series()


def _sample(texts: pl.Series) -> pl.Series:
    """The texts, of long ones their windows."""
    long = (texts.str.len_chars() > SAMPLED).arg_true()
    if long.is_empty():
        return texts
    windows = _as_columns(_windows(texts.gather(long), SAMPLED // WINDOWS))
    # `scatter` writes into the series it is called on, and this one is the caller's.
    return texts.clone().scatter(long, windows.select(pl.concat_str(pl.all(), separator="\n")).to_series())


def detect(text: pl.Series, words: SmallWords) -> pl.Series:
    """The language of each text: `kk`, `ru`, `en`, `other`, `mixed`, or `und` where there are no letters.

    String → String of the same length and name; null gives null. No answer depends on the other rows.
    """
    chars = text.str.len_chars()
    answer = _nulls(len(text)).alias(text.name)
    if len(whole := (chars <= WHOLE).arg_true()):
        pieces = text.gather(whole).to_frame("text").select(pad(pl.col.text.str.to_lowercase()))
        answer = answer.scatter(whole, _clear(pieces.to_series(), words))
    # Most texts show their language in short windows; wider ones settle most of those that did not.
    for size in (WINDOW, WHOLE):
        if len(long := (answer.is_null() & (chars > WHOLE)).arg_true()):
            answer = answer.scatter(long, _language_by_windows(text.gather(long), size, words))
    if len(rest := (answer.is_null() & text.is_not_null()).arg_true()):
        doubtful = text.gather(rest).to_frame("text")
        distinct = doubtful.unique()
        distinct = distinct.with_columns(answer=language_by_sentences(_sample(distinct["text"]), words))
        answer = answer.scatter(rest, doubtful.join(distinct, on="text", how="left", maintain_order="left")["answer"])
    return answer
