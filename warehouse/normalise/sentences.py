"""Tell the language of a text from its sentences, by rules and, where these leave it open, by a library.

A text is cut into sentences, each sentence gets a language from the rules, and the letters of each language are added
up. Lingua judges the sentences that the rules leave open, where these could change what comes out.

Cost: lingua in low-accuracy mode adds 40 MB once asked about both scripts (high accuracy: over 300 MB). Its models take
0.1 s of CPU to load for Cyrillic and 0.15 s for Latin, a sentence then 0.04 ms.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from warehouse.normalise.lexicon import SmallWords, pad, set_of
from warehouse.normalise.script import FOREIGN_CYRILLIC, KAZAKH_LETTERS, ONLY_KAZAKH

if TYPE_CHECKING:
    from lingua import LanguageDetector

MIXED_SHARE = 0.2
MIXED_LETTERS = 15
LONG_SENTENCE, LONG_WORD = 160, 40

_SENTENCE_END = r"[.!?;|/\n\r⸻…]+[\s\"»”’)]*|\s[–—-]\s"
_END_OF_WORD = rf"^(\S{{0,{LONG_WORD}}})\s"
_ANY_LONG = rf"(.{{{LONG_SENTENCE}}}\S{{0,{LONG_WORD}}})\s"
_KAZAKH_LETTERS_IN_LATIN = r"ǵ|\w*q(?:[^u\w]|$)| q[aoyiäáıū]"
_LIBRARY = (
    "ENGLISH RUSSIAN KAZAKH FRENCH GERMAN TURKISH SPANISH ITALIAN POLISH PORTUGUESE DUTCH HUNGARIAN "
    "AZERBAIJANI INDONESIAN UKRAINIAN BELARUSIAN BULGARIAN SERBIAN MONGOLIAN"
).split()


def _sentences(texts: pl.Series) -> pl.DataFrame:
    """`text` (row number), `sentence`: the pieces with a letter in them, a few hundred characters at most."""
    sentence = pl.col.sentence
    # Paragraphs lost their breaks: "was heldВстреча", "infrastructureOne".
    lines = sentence.str.replace_all(_SENTENCE_END, "\n").str.replace_all(r"(\p{Ll})(\p{Lu})", "$1\n$2")
    pieces = pl.DataFrame({"sentence": texts}).with_row_index("text").with_columns(lines.str.split("\n"))
    return _cut(pieces.explode("sentence")).filter(sentence.str.contains(r"\p{L}"))


def _cut(pieces: pl.DataFrame) -> pl.DataFrame:
    """The pieces, those of more than `LONG_SENTENCE` characters in parts: that many, and on to the end of the word."""
    parts, rest, sentence = [pieces.clear()], pieces, pl.col.sentence
    while rest.height:
        rest = rest.with_columns(word=sentence.str.slice(LONG_SENTENCE).str.extract(_END_OF_WORD))
        parts.append(rest.filter(pl.col.word.is_null()).drop("word"))
        rest = rest.filter(pl.col.word.is_not_null())
        length = LONG_SENTENCE + pl.col.word.str.len_chars().cast(pl.Int64)
        parts.append(rest.select("text", sentence.str.slice(0, length)))
        rest = rest.select("text", sentence.str.slice(length + 1))
    short = pl.concat(parts)
    # A word that is too long passes with as much before it as it takes; the pattern for this is slow.
    is_long = short["sentence"].str.len_chars() > LONG_SENTENCE + LONG_WORD
    if not is_long.any():
        return short
    long = short.filter(is_long).with_columns(sentence.str.replace_all(_ANY_LONG, "$1\n").str.split("\n"))
    return pl.concat([short.filter(~is_long), long.explode("sentence")])


def _language_of_cyrillic(sentences: pl.DataFrame, words: SmallWords) -> pl.Series:
    """What the rules say about sentences in Cyrillic: `kk`, `ru`, `other`, or null."""
    padded = pl.col.padded
    counts = sentences.with_columns(
        kazakh=padded.str.count_matches(KAZAKH_LETTERS),
        only_kazakh=padded.str.contains(ONLY_KAZAKH),
        kazakh_words=padded.str.count_matches(r"[әғқңөұүһі][\p{L}-]*"),
        foreign_letters=padded.str.contains_any(set_of(FOREIGN_CYRILLIC)),
        russian=padded.str.find_many(set_of(words.russian), overlapping=True).list.len(),
        not_russian=padded.str.contains_any(set_of(words.not_russian)),
    )
    foreign = pl.col.foreign_letters & (pl.col.kazakh_words * 3 < pl.col.words)
    kazakh = pl.col.only_kazakh & (pl.col.kazakh * 20 >= pl.col.cyrillic) & (pl.col.russian <= 1)
    kazakh &= pl.col.kazakh_words * 5 >= pl.col.words * 2
    russian = (pl.col.russian > 0) & ~pl.col.not_russian & (pl.col.kazakh_words * 4 <= pl.col.words)
    answer = pl.when(foreign).then(pl.lit("other")).when(kazakh).then(pl.lit("kk")).when(russian).then(pl.lit("ru"))
    return counts.select(answer).to_series()


def _language_of_latin(sentences: pl.DataFrame, words: SmallWords) -> pl.Series:
    """What the rules say about sentences in Latin: `kk`, `en`, or null."""
    padded = pl.col.padded
    counts = sentences.with_columns(
        kazakh_vowels=padded.str.contains(r"[áäóöúüýığǵñńūş]"),
        english=padded.str.find_many(set_of(words.english), overlapping=True).list.len(),
        foreign=padded.str.find_many(set_of(words.not_english), overlapping=True).list.len(),
    ).with_row_index("at")
    answer = counts.select(pl.when(pl.col.english > pl.col.foreign * 2).then(pl.lit("en"))).to_series()
    maybe_kazakh = counts.filter(pl.col.kazakh_vowels & (pl.col.latin > 8) & (pl.col.english == 0))
    if maybe_kazakh.height:
        signs = f" (?:{'|'.join(words.kazakh)}) |{_KAZAKH_LETTERS_IN_LATIN}"
        kazakh = padded.str.count_matches(signs) * 6 >= pl.col.words
        kazakh &= ~padded.str.contains(r"[əʻ]|[og][‘'’]\p{L}")
        answer = answer.scatter(maybe_kazakh.filter(kazakh)["at"], "kk")
    return answer


def _language_by_rules(sentences: pl.DataFrame, words: SmallWords) -> pl.DataFrame:
    """The sentences with `letters`, `words` and `language`, which is null where the rules leave it open."""
    padded = pl.col.padded
    counts = sentences.with_columns(padded=pad(pl.col.sentence.str.to_lowercase())).with_columns(
        latin=padded.str.count_matches(r"\p{Latin}"),
        cyrillic=padded.str.count_matches(r"\p{Cyrillic}"),
        letters=padded.str.count_matches(r"\p{L}"),
        words=padded.str.count_matches(r"\p{L}{2,}"),
    )
    is_cyrillic = counts["cyrillic"] * 2 > counts["letters"]
    if len(at := (~is_cyrillic & (counts["cyrillic"] * 4 >= counts["letters"])).arg_true()):
        # Words that begin small are the sentence, others may be names: "Делегация United Nations … посетила".
        sentence = counts["sentence"].gather(at)
        cyrillic = sentence.str.count_matches(r" [\p{Ll}&&\p{Cyrillic}]\p{L}")
        is_cyrillic = is_cyrillic.scatter(at, cyrillic > sentence.str.count_matches(r" [\p{Ll}&&\p{Latin}]\p{L}"))
    is_latin = (counts["latin"] >= counts["cyrillic"]) & (counts["latin"] * 2 >= counts["letters"]) & ~is_cyrillic
    language = pl.Series(["other"]).new_from_index(0, counts.height)
    if len(at := is_cyrillic.arg_true()):
        language = language.scatter(at, _language_of_cyrillic(counts[at], words))
    if len(at := is_latin.arg_true()):
        language = language.scatter(at, _language_of_latin(counts[at], words))
    return counts.select("text", "sentence", "letters", "words", language=language)


@cache
def _detector() -> LanguageDetector:
    from lingua import Language, LanguageDetectorBuilder

    languages = [getattr(Language, name) for name in _LIBRARY]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


def _ask_library(sentences: pl.Series) -> pl.DataFrame:
    """`sentence`, `kk`, `ru`, `en`: how sure the library is of each, from 0 to 1."""
    codes = {"KAZAKH": "kk", "RUSSIAN": "ru", "ENGLISH": "en"}
    answers: dict[str, list[float]] = {code: [] for code in codes.values()}
    # One after the other: threads of the library load the same model more than once.
    for sentence in sentences:
        for confidence in _detector().compute_language_confidence_values(sentence):
            if confidence.language.name in codes:
                answers[codes[confidence.language.name]].append(confidence.value)
    return pl.DataFrame({"sentence": sentences, **answers}, schema_overrides=dict.fromkeys(answers, pl.Float64))


def _judge(sentences: pl.Series, words: SmallWords) -> pl.Series:
    """The language of sentences that the rules leave open, leaning to what the portal publishes."""
    sentence = pl.col.sentence
    distinct = pl.DataFrame({"sentence": sentences.unique()}).with_columns(
        # Names and phrases of two words tell a model of trigrams nothing.
        short=(sentence.str.count_matches(r"\p{L}{2,}") <= 2) | ~sentence.str.contains(r"(?:^|\W)\p{Ll}{4}"),
        cyrillic=sentence.str.contains(r"\p{Cyrillic}"),
        foreign=pad(sentence.str.to_lowercase()).str.contains_any(set_of(words.not_english)),
    )
    names = ~pl.col.cyrillic & pl.col.short & ~pl.col.foreign
    confidences = _ask_library(distinct.filter(~names)["sentence"])
    english = pl.when(pl.col.foreign).then(pl.col.en >= 0.5).otherwise(pl.col.en >= 0.05)
    answer = (
        pl.when(pl.col.cyrillic & (pl.col.kk > pl.col.ru) & (pl.col.kk >= 0.3))
        .then(pl.lit("kk"))
        .when(pl.col.cyrillic & ((pl.col.ru >= 0.1) | pl.col.short))
        .then(pl.lit("ru"))
        .when(names | ~pl.col.cyrillic & english)
        .then(pl.lit("en"))
        .otherwise(pl.lit("other"))
    )
    answers = distinct.join(confidences, on="sentence", how="left").select("sentence", answer=answer)
    return sentences.to_frame("sentence").join(answers, on="sentence", how="left", maintain_order="left")["answer"]


def _add_up(sentences: pl.DataFrame) -> pl.DataFrame:
    """`text`, `answer` from the letters of each language, and whether sentences without one could change it."""
    # Names and headings of a word or two decide only where there is nothing else.
    weight = pl.when(pl.col.words >= 3).then(pl.col.letters * 1000).otherwise(pl.col.letters)
    known = pl.col.letters.filter(pl.col.language.is_not_null())
    first, second, open_ = known.first(), known.slice(1, 1).first().fill_null(0), pl.col.letters.sum() - known.sum()
    sums = (
        sentences.group_by("text", "language")
        .agg(letters=weight.cast(pl.Int64).sum())
        .sort("text", "letters", "language", descending=[False, True, False])
        .group_by("text", maintain_order=True)
        .agg(
            language=pl.col.language.drop_nulls().first(),
            all=pl.col.letters.sum(),
            first=first,
            second=second,
            open=open_,
        )
    )

    def mixed(letters: pl.Expr) -> pl.Expr:
        return (letters / pl.col.all >= MIXED_SHARE) & (letters >= MIXED_LETTERS * 1000)

    most = pl.col.second + pl.col.open
    return sums.select(
        "text",
        answer=pl.when(mixed(pl.col.second)).then(pl.lit("mixed")).otherwise("language"),
        is_open=(pl.col.open > 0) & ~mixed(pl.col.second) & (mixed(most) | (most >= pl.col.first).fill_null(True)),
    )


def language_by_sentences(texts: pl.Series, words: SmallWords) -> pl.Series:
    """The language of each text, from the letters of each language in its sentences; `und` where it has no letters.

    String → String: `kk`, `ru`, `en`, `other`, `mixed` or `und`. A text is a few thousand characters at most.
    """
    sentences = _language_by_rules(_sentences(texts), words)
    sums = _add_up(sentences)
    is_open = sums["is_open"]
    if is_open.any():
        doubtful = sentences.filter(pl.col.text.is_in(sums.filter(is_open)["text"].implode()))
        at = doubtful["language"].is_null().arg_true()
        language = doubtful["language"].scatter(at, _judge(doubtful["sentence"].gather(at), words))
        sums = pl.concat([sums.filter(~is_open), _add_up(doubtful.with_columns(language))])
    rows = pl.DataFrame({"text": pl.int_range(len(texts), dtype=pl.UInt32, eager=True)})
    return rows.join(sums, on="text", how="left", maintain_order="left")["answer"].fill_null("und")
