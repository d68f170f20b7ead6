"""Tell the language of a title or a body from its letters and small words, and ask a library about the rest.

A text is looked at through windows: all of it up to `WHOLE` characters, else `WINDOWS` short ones spread
evenly over it. Where these agree by script, Kazakh letters and function words, that is the answer. The
texts left over are cut into sentences, each sentence gets a language (lingua judges those that the rules do
not), and the letters of each language are added up.

Decisions
- Kazakh is `kk` in Cyrillic and in Latin script ("Ulttyq ónim kórmesi"): the code names a language.
- A few Latin words that say nothing (names, `QARMET JSC`) are `en`, a few Cyrillic ones `ru`, because the
  portal publishes in three languages; `other` takes positive evidence.
- `mixed` sees all of a text up to `SAMPLED` characters and evenly spread windows of a longer one: a part of
  20 % or more that stands together is found, crumbs strewn over a long text are not.

Memory: lingua in low-accuracy mode adds 40 MB once asked about both scripts (high accuracy: over 300 MB) and
takes 0.09 ms of CPU per sentence. Clear text never loads it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from warehouse.script import FOREIGN_CYRILLIC, KAZAKH_LETTERS, ONLY_KAZAKH

if TYPE_CHECKING:
    from lingua import LanguageDetector

WHOLE = 320
WINDOWS = 6
WINDOW = 80
SAMPLED = 4000
MIXED_SHARE = 0.2
MIXED_LETTERS, LONG_PHRASE = 15, 32

# Words and endings that only English has among the languages that reach the portal. Left out on purpose: names, and
# what German, French, Turkish or Dutch write alike (in, a, was, on, minister, -ing as in Beijing, -ed as in Mohammed).
ENGLISH = (
    " the ; of ; and ; with ; from ; by ; for ; to ; at ; is ; are ; were ; been ; has ; have ; had ;"
    " will ; that ; this ; these ; their ; its ; it ; which ; who ; between ; during ; through ; under ;"
    " after ; within ; into ; than ; new ; year ; years ; held ; holds ; hold ; took ; meets ; visit;"
    " signs ; people ; health ; children; works ; working ; state ; law ; affairs ; opens ; opened ;"
    " hosts ; launch; discuss; deputy ; foreign ; government; agreement; growth ; cooperation ; trade ;"
    " border ; armed ; forces ; road; young ;'s ;’s ;s’ ;s' ;ting ;ning ;ding ;sing ;ving ;ling ;ring ;"
    "ting,;ning,;ding,;ting.;ning.;ding.;ted ;ded ;ned ;ved ;ced ;shed ;ssed ;ted,;ted.;ght ;ness ;ship ;"
    "ships ;ously ;ally ; since ;ed in ;ed at ; exercise; campaign ; begins ; continue; results ; tax ; students ;"
    " officers ; citizens ; workers ; housing ; increase; support; strengthen; safety ; flood ; harvest ; joint ;"
    " measures ; services "
).split(";")
FOREIGN = (
    " le ; la ; les ; des ; de ; du ; et ; est ; une ; dans ; avec ; au ; aux ; sur ; l'; d'; l’; d’;"
    " qu'; der ; das ; und ; den ; dem ; ein ; eine ; mit ; von ; zu ; zur ; zum ; im ; für ; auf ; ist ;"
    " ve ; ile ; için ; bir ; bu ; da ; olarak ; el ; los ; las ; del ; y ; con ; por ; para ; una ; il ;"
    " di ; della ; dei ; che ; nel ; gli ; w ; z ; na ; się ; het ; een ; och ; att ; og ; az ; egy ;"
    " és ; os ; um ; uma ; dos ; va ; uchun ; bilan ; yang ; untuk ; dengan ; jáne ; jäne ; úshin ; üşin "
).split(";")
RUSSIAN = (
    " в ; на ; и ; с ; по ; о ; об ; из ; для ; за ; со ; при ; к ; что ; как ; это; был; или ; его ;"
    " их ;ным ;ании ;ого ;ого,;ого.;его ;ых ;ый ;ые ;ыми ;тся ;лся ;лась ;лись ;ться ;ную ;ции ;ение ;"
    "ения ;ении ;ской ;ский ;ские ;ости ;шла ;шли ;шел ;шёл ;ает ;или ;ила ;ало "
).split(";")
# Bulgarian, Serbian and Belarusian share small words with Russian; these they do not share.
NOT_RUSSIAN = " се ; са ;ът ; ще ; във ; със ; че ; је ; су ; што ; ва ; мен ; бен ; пен ".split(";")
NEVER_RUSSIAN = NOT_RUSSIAN + FOREIGN_CYRILLIC + list("іңөүІҢӨҮ")
KAZAKH_LATIN = (
    r" (?:jáne|jäne|úshin|üşin|týraly|turaly|boıynsha|boiynşa|ulttyq|qazaq|qazaqstan\w+|respýblıka\w*) |ǵ"
    r"|\w*q(?:[^u\w]|$)| q[aoyiäáıū]"
)
_SENTENCE_END = r"[.!?;|/\n\r⸻…]+[\s\"»”’)]*|\s[–—-]\s"
_LIBRARY = (
    "ENGLISH RUSSIAN KAZAKH FRENCH GERMAN TURKISH SPANISH ITALIAN POLISH PORTUGUESE DUTCH HUNGARIAN "
    "AZERBAIJANI INDONESIAN UKRAINIAN BELARUSIAN BULGARIAN SERBIAN MONGOLIAN"
).split()


@cache
def _detector() -> LanguageDetector:
    from lingua import Language, LanguageDetectorBuilder

    languages = [getattr(Language, name) for name in _LIBRARY]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


def _ask_library(sentences: pl.Series) -> pl.Series:
    """The library's word on each sentence, leaning to what the portal publishes."""
    asked = sentences.unique()
    confidences = [
        {value.language.name: value.value for value in values}
        for values in _detector().compute_language_confidence_values_in_parallel(asked.to_list())
    ]
    codes = {"kk": "KAZAKH", "ru": "RUSSIAN", "en": "ENGLISH"}
    # Names and phrases of two words tell a model of trigrams nothing.
    short = (asked.str.count_matches(r"\p{L}{2,}") <= 2) | ~asked.str.contains(r"\b\p{Ll}{4}")
    columns = {"short": short, "cyrillic": asked.str.contains(r"\p{Cyrillic}")}
    columns["foreign"] = _padded(asked.str.to_lowercase()).str.contains_any(FOREIGN)
    columns |= {code: pl.Series([each[name] for each in confidences]) for code, name in codes.items()}
    english = pl.when(pl.col.foreign).then(pl.col.en >= 0.5).otherwise((pl.col.en >= 0.05) | pl.col.short)
    answer = (
        pl.when(pl.col.cyrillic & (pl.col.kk > pl.col.ru) & (pl.col.kk >= 0.3))
        .then(pl.lit("kk"))
        .when(pl.col.cyrillic & ((pl.col.ru >= 0.1) | pl.col.short))
        .then(pl.lit("ru"))
        .when(~pl.col.cyrillic & english)
        .then(pl.lit("en"))
        .otherwise(pl.lit("other"))
    )
    return _looked_up(sentences, asked, pl.DataFrame(columns).select(answer).to_series())


def _looked_up(texts: pl.Series, distinct: pl.Series, answers: pl.Series) -> pl.Series:
    told = pl.DataFrame({"text": distinct, "answer": answers})
    return pl.DataFrame({"text": texts}).join(told, on="text", how="left", maintain_order="left")["answer"]


def _clear_latin(pieces: pl.Series, excess: pl.Series) -> pl.Series:
    """Mask of what is English: English words among no foreign ones, at most two letters beyond A to Z."""
    at = (excess > 2).arg_true()
    strange = at.filter(pieces.gather(at).str.count_matches(r"[\p{L}--[A-Za-z]]") > 2)
    english = pieces.str.contains_any(ENGLISH) & ~pieces.str.contains_any(FOREIGN)
    return english.scatter(strange, False)


def _clear_cyrillic(pieces: pl.Series) -> pl.Series:
    """`ru` for Russian words among few Kazakh letters (names), `kk` for many of these alone, else null."""
    answer = pl.Series([None], dtype=pl.String).new_from_index(0, len(pieces))
    mask = pieces.str.contains_any(ONLY_KAZAKH)
    at, without = mask.arg_true(), (~mask).arg_true()
    plain, lettered = pieces.gather(without), pieces.gather(at)
    # Hardly any Kazakh phrase of this length does without the letters that only Kazakh has.
    long_phrase = (plain.str.len_chars() >= LONG_PHRASE) & plain.str.contains(r"\p{Cyrillic}")
    russian = (plain.str.contains_any(RUSSIAN) | long_phrase) & ~plain.str.contains_any(NEVER_RUSSIAN)
    count = lettered.str.count_matches(KAZAKH_LETTERS).cast(pl.Int64)
    much = count * 20 >= lettered.str.len_chars()
    foreign, worded = lettered.str.contains_any(FOREIGN_CYRILLIC), lettered.str.contains_any(RUSSIAN)
    return (
        answer.scatter(without.filter(russian), "ru")
        .scatter(at.filter(much & ~worded & ~foreign), "kk")
        .scatter(at.filter((count <= 2) & worded & ~foreign & ~much), "ru")
    )


def _clear(pieces: pl.Series) -> pl.Series:
    """`en`, `ru`, `kk` or `und` (no letters) for pieces that leave no doubt, null for the others.

    Pieces begin and end with a space where a word may begin and end.
    """
    chars = pieces.str.len_chars().cast(pl.Int64)
    # A Cyrillic letter takes two bytes, so bytes beyond characters count them without reading; 70 % of the
    # characters leave less than MIXED_SHARE for Latin letters. Curly quotes and dashes count double.
    excess = pieces.str.len_bytes().cast(pl.Int64) - chars
    answer = pl.Series([None], dtype=pl.String).new_from_index(0, len(pieces))
    latin = (excess * 4 <= chars).arg_true()
    answer = answer.scatter(latin.filter(_clear_latin(pieces.gather(latin), excess.gather(latin))), "en")
    cyrillic = ((excess * 10 >= chars * 7) & (excess * 10 <= chars * 11)).arg_true()
    answer = answer.scatter(cyrillic, _clear_cyrillic(pieces.gather(cyrillic)))
    left = answer.is_null().arg_true()
    return answer.scatter(left.filter(~pieces.gather(left).str.contains(r"\p{L}")), "und")


def _padded(pieces: pl.Series) -> pl.Series:
    return pl.select(pl.concat_str(pl.lit(" "), pieces, pl.lit(" "))).to_series()


def _window(texts: pl.Series, chars: pl.Series, number: int, size: int) -> pl.Series:
    return texts.str.slice((chars - size) * number // (WINDOWS - 1), size)


def _by_windows(texts: pl.Series, size: int) -> pl.Series:
    """The answer for long texts whose windows agree (one of them may be silent), null for the others."""
    chars = texts.str.len_chars().cast(pl.Int64)
    verdicts = _clear(pl.concat([_window(texts, chars, number, size) for number in range(WINDOWS)]))
    count = len(texts)
    columns = {str(number): verdicts.slice(number * count, count) for number in range(WINDOWS)}
    votes = {
        verdict: pl.sum_horizontal(pl.all().eq_missing(pl.lit(verdict)).cast(pl.Int8))
        for verdict in ("en", "ru", "kk", "und")
    }
    agreed = pl.DataFrame(columns).select(
        pl.coalesce(
            pl.when(
                (votes[language] + votes["und"] >= WINDOWS - 1)
                & (votes[language] >= WINDOWS // 2)
                & (pl.sum_horizontal(votes["en"], votes["ru"], votes["kk"]) == votes[language])
            ).then(pl.lit(language))
            for language in ("en", "ru", "kk")
        )
    )
    return agreed.to_series()


def _sentences(texts: pl.Series) -> pl.DataFrame:
    """`text` (row number), `sentence`: the pieces with a letter in them, a few hundred characters at most."""
    chars = texts.str.len_chars().cast(pl.Int64)
    long = (chars > SAMPLED).arg_true()
    taken, length = texts.gather(long), chars.gather(long)
    windows = [_window(taken, length, number, SAMPLED // WINDOWS) for number in range(WINDOWS)]
    # `scatter` writes into the series it is called on, and this one is the caller's.
    sampled = texts.clone().scatter(long, pl.select(pl.concat_str(windows, separator="\n")).to_series())
    return (
        pl.DataFrame({"sentence": sampled})
        .with_row_index("text")
        .with_columns(
            pl.col("sentence")
            .str.replace_all(_SENTENCE_END, "\n")
            # Paragraphs lost their breaks: "was heldВстреча", "infrastructureOne".
            .str.replace_all(r"(\p{Ll})(\p{Lu})", "$1\n$2")
            .str.replace_all(r"([^\n]{160}[^\n\s]{0,40})\s", "$1\n")
            .str.split("\n")
        )
        .explode("sentence")
        .filter(pl.col("sentence").str.contains(r"\p{L}"))
    )


def _judged(sentences: pl.DataFrame) -> pl.DataFrame:
    """The sentences with `language`, `letters` and `words`; what rules leave open the library judges."""
    said = pl.col.said
    counted = sentences.with_columns(said=_padded(sentences["sentence"].str.to_lowercase())).with_columns(
        latin=said.str.count_matches(r"\p{Latin}"),
        cyrillic=said.str.count_matches(r"\p{Cyrillic}"),
        letters=said.str.count_matches(r"\p{L}"),
        words=said.str.count_matches(r"\p{L}{2,}"),
        # Words that begin small are the sentence, others may be names: "Делегация United Nations … посетила".
        small_latin=pl.col.sentence.str.count_matches(r" [\p{Ll}&&\p{Latin}]\p{L}"),
        small_cyrillic=pl.col.sentence.str.count_matches(r" [\p{Ll}&&\p{Cyrillic}]\p{L}"),
        kazakh=said.str.count_matches(KAZAKH_LETTERS),
        only_kazakh=said.str.contains_any(ONLY_KAZAKH),
        kazakh_words=said.str.count_matches(r"[\p{L}-]*[әғқңөұүһі][\p{L}-]*"),
        kazakh_latin=said.str.count_matches(KAZAKH_LATIN),
        kazakh_vowels=said.str.contains(r"[áäóöúüýığǵñńūş]"),
        not_kazakh_latin=said.str.contains(r"[əʻ]|[og][‘'’]\p{L}"),
        foreign_letters=said.str.contains_any(FOREIGN_CYRILLIC),
        english=said.str.find_many(ENGLISH, overlapping=True).list.len(),
        foreign=said.str.find_many(FOREIGN, overlapping=True).list.len(),
        russian=said.str.find_many(RUSSIAN, overlapping=True).list.len(),
        not_russian=said.str.contains_any(NOT_RUSSIAN),
    )
    frame = (pl.col.small_cyrillic > pl.col.small_latin) & (pl.col.cyrillic * 4 >= pl.col.letters)
    cyrillic = (pl.col.cyrillic * 2 > pl.col.letters) | frame
    latin = ~cyrillic & (pl.col.latin >= pl.col.cyrillic) & (pl.col.latin * 2 >= pl.col.letters)
    foreign = pl.col.foreign_letters & (pl.col.kazakh_words * 3 < pl.col.words)
    kazakh = pl.col.only_kazakh & (pl.col.kazakh * 20 >= pl.col.cyrillic) & (pl.col.russian <= 1)
    kazakh &= pl.col.kazakh_words * 5 >= pl.col.words * 2
    russian = (pl.col.russian > 0) & ~pl.col.not_russian & (pl.col.kazakh_words * 4 <= pl.col.words)
    kazakh_latin = pl.col.kazakh_vowels & (pl.col.kazakh_latin * 6 >= pl.col.words) & (pl.col.latin > 8)
    kazakh_latin &= (pl.col.english == 0) & ~pl.col.not_kazakh_latin
    ruled = counted.with_columns(
        language=pl.when(~cyrillic & ~latin | cyrillic & foreign)
        .then(pl.lit("other"))
        .when(cyrillic & kazakh | latin & kazakh_latin)
        .then(pl.lit("kk"))
        .when(cyrillic & russian)
        .then(pl.lit("ru"))
        .when(latin & (pl.col.english > pl.col.foreign * 2))
        .then(pl.lit("en"))
    )
    left = ruled["language"].is_null().arg_true()
    if len(left) == 0:
        return ruled
    return ruled.with_columns(ruled["language"].scatter(left, _ask_library(ruled["sentence"].gather(left))))


def _by_sentences(texts: pl.Series) -> pl.Series:
    """The answer for any text, from the letters of each language in its sentences."""
    # Names and headings of a word or two decide only where there is nothing else.
    weight = pl.when(pl.col("words") >= 3).then(pl.col("letters") * 1000).otherwise(pl.col("letters"))
    shares = (
        _judged(_sentences(texts))
        .group_by("text", "language")
        .agg(letters=weight.sum())
        .sort("text", "letters", "language", descending=[False, True, False])
        .with_columns(share=pl.col("letters") / pl.col("letters").sum().over("text"))
    )
    runner_up = pl.col.share.slice(1, 1).first(), pl.col.letters.slice(1, 1).first()
    second = (runner_up[0] >= MIXED_SHARE) & (runner_up[1] >= MIXED_LETTERS * 1000)
    decided = shares.group_by("text", maintain_order=True).agg(
        answer=pl.when(second.fill_null(False)).then(pl.lit("mixed")).otherwise(pl.col("language").first())
    )
    rows = pl.DataFrame({"text": range(len(texts))}, schema={"text": pl.UInt32})
    return rows.join(decided, on="text", how="left", maintain_order="left")["answer"].fill_null("und")


def detect(text: pl.Series) -> pl.Series:
    """The language of each text: `kk`, `ru`, `en`, `other`, `mixed`, or `und` where there are no letters.

    String → String of the same length and name; null gives null. No answer depends on the other rows.
    """
    chars = text.str.len_chars()
    answer = pl.Series(text.name, [None], dtype=pl.String).new_from_index(0, len(text))
    whole = (chars <= WHOLE).arg_true()
    answer = answer.scatter(whole, _clear(_padded(text.gather(whole).str.to_lowercase())))
    # Most texts show their language in short windows; wider ones settle most of those that did not.
    for size in (WINDOW, WHOLE):
        long = (answer.is_null() & (chars > WHOLE)).arg_true()
        answer = answer.scatter(long, _by_windows(text.gather(long), size))
    left = (answer.is_null() & text.is_not_null()).arg_true()
    distinct = text.gather(left).unique()
    return answer.scatter(left, _looked_up(text.gather(left), distinct, _by_sentences(distinct)))
