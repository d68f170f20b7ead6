"""Tell the language of a title or a body from its letters and small words, and ask a library about the rest.

A text is looked at through windows: all of it up to `WHOLE` characters, else `WINDOWS` short ones spread
evenly over it. Where these agree by script, Kazakh letters and function words, that is the answer. The
texts left over are cut into sentences, each sentence gets a language from the rules, and the letters of each
language are added up. Where the sentences that the rules leave open could change the sum's answer, lingua judges them.

Decisions
- Kazakh is `kk` in Cyrillic and in Latin script ("Ulttyq ónim kórmesi"): the code names a language.
- A few Latin words that say nothing (names, `QARMET JSC`) are `en`, a few Cyrillic ones `ru`, because the
  portal publishes in three languages; `other` takes positive evidence.
- `mixed` sees all of a text up to `SAMPLED` characters and evenly spread windows of a longer one: a part of
  20 % or more that stands together is found, crumbs strewn over a long text are not.

Cost: lingua in low-accuracy mode adds 40 MB once asked about both scripts (high accuracy: over 300 MB); its models
take 0.1 s of CPU to load for Cyrillic and 0.15 s for Latin, a sentence 0.04 ms. Clear text never loads it. A digest
of twenty releases pays what an expression costs, not what text costs, so nothing is done for no rows.
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
MIXED_LETTERS, LONG_PHRASE, LONG_SENTENCE = 15, 32, 160

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
# Found sooner than all of them.
_FREQUENT = "|".join(ENGLISH[:8])
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
_LONG_SENTENCE = rf"([^\n]{{{LONG_SENTENCE}}}[^\n\s]{{0,40}})\s"
_LIBRARY = (
    "ENGLISH RUSSIAN KAZAKH FRENCH GERMAN TURKISH SPANISH ITALIAN POLISH PORTUGUESE DUTCH HUNGARIAN "
    "AZERBAIJANI INDONESIAN UKRAINIAN BELARUSIAN BULGARIAN SERBIAN MONGOLIAN"
).split()


def _padded(pieces: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(" "), pieces, pl.lit(" "))


def _repeated(answer: str | None, count: int) -> pl.Series:
    return pl.Series([answer], dtype=pl.String).new_from_index(0, count)


def _clear_latin(pieces: pl.Series, excess: pl.Series) -> pl.Series:
    """Mask of what is English: English words among no foreign ones, at most two letters beyond A to Z."""
    english = pieces.str.contains(_FREQUENT)
    rest = (~english).arg_true()
    english = english.scatter(rest, pieces.gather(rest).str.contains_any(ENGLISH)) & ~pieces.str.contains_any(FOREIGN)
    at = (english & (excess > 2)).arg_true()
    strange = at.filter(pieces.gather(at).str.count_matches(r"[\p{L}--[A-Za-z]]") > 2)
    return english.scatter(strange, False)


def _clear_cyrillic(pieces: pl.Series) -> pl.Series:
    """`ru` for Russian words among few Kazakh letters (names), `kk` for many of these alone, else null."""
    answer = _repeated(None, len(pieces))
    mask = pieces.str.contains(ONLY_KAZAKH)
    if len(without := (~mask).arg_true()):
        plain = pieces.gather(without)
        # Hardly any Kazakh phrase of this length does without the letters that only Kazakh has.
        long_phrase = (plain.str.len_chars() >= LONG_PHRASE) & plain.str.contains(r"\p{Cyrillic}")
        russian = (plain.str.contains_any(RUSSIAN) | long_phrase) & ~plain.str.contains_any(NEVER_RUSSIAN)
        answer = answer.scatter(without.filter(russian), "ru")
    if len(at := mask.arg_true()):
        lettered = pieces.gather(at)
        count = lettered.str.count_matches(KAZAKH_LETTERS).cast(pl.Int64)
        much = count * 20 >= lettered.str.len_chars()
        foreign, worded = lettered.str.contains_any(FOREIGN_CYRILLIC), lettered.str.contains_any(RUSSIAN)
        answer = answer.scatter(at.filter(much & ~worded & ~foreign), "kk")
        answer = answer.scatter(at.filter((count <= 2) & worded & ~foreign & ~much), "ru")
    return answer


def _clear(pieces: pl.Series) -> pl.Series:
    """`en`, `ru`, `kk` or `und` (no letters) for pieces that leave no doubt, null for the others.

    Pieces begin and end with a space where a word may begin and end.
    """
    chars = pieces.str.len_chars().cast(pl.Int64)
    # A Cyrillic letter takes two bytes, so bytes beyond characters count them without reading; 70 % of the
    # characters leave less than MIXED_SHARE for Latin letters. Curly quotes and dashes count double.
    excess = pieces.str.len_bytes().cast(pl.Int64) - chars
    answer = _repeated(None, len(pieces))
    if len(latin := (excess * 4 <= chars).arg_true()):
        answer = answer.scatter(latin.filter(_clear_latin(pieces.gather(latin), excess.gather(latin))), "en")
    if len(cyrillic := ((excess * 10 >= chars * 7) & (excess * 10 <= chars * 11)).arg_true()):
        answer = answer.scatter(cyrillic, _clear_cyrillic(pieces.gather(cyrillic)))
    left = answer.is_null().arg_true()
    return answer.scatter(left.filter(~pieces.gather(left).str.contains(r"\p{L}")), "und")


def _windows(texts: pl.Series, size: int) -> pl.Series:
    """The windows of the texts: the first of each, then the second of each, and so on."""
    chars = texts.str.len_chars().cast(pl.Int64)
    starts = [(chars - size) * number // (WINDOWS - 1) for number in range(WINDOWS)]
    return pl.concat([texts] * WINDOWS).str.slice(pl.concat(starts), size)


def _beside(windows: pl.Series) -> pl.DataFrame:
    """What stands for the windows of a text, in the columns of its row."""
    count = len(windows) // WINDOWS
    return pl.DataFrame({str(number): windows.slice(number * count, count) for number in range(WINDOWS)})


def _by_windows(texts: pl.Series, size: int) -> pl.Series:
    """The answer for long texts whose windows agree (one of them may be silent), null for the others."""
    verdicts = _beside(_clear(_windows(texts, size)))
    language = pl.when(pl.all() != "und").then(pl.all())
    one = pl.min_horizontal(language) == pl.max_horizontal(language)
    silent = pl.sum_horizontal(pl.all().is_null())
    told = pl.sum_horizontal(language.is_not_null())
    agreed = one & (silent <= 1) & (told >= WINDOWS // 2)
    return verdicts.select(pl.when(agreed).then(pl.min_horizontal(language))).to_series()


def _sentences(texts: pl.Series) -> pl.DataFrame:
    """`text` (row number), `sentence`: the pieces with a letter in them, a few hundred characters at most."""
    sampled = texts
    if len(long := (texts.str.len_chars() > SAMPLED).arg_true()):
        windows = _beside(_windows(texts.gather(long), SAMPLED // WINDOWS))
        # `scatter` writes into the series it is called on, and this one is the caller's.
        sampled = texts.clone().scatter(long, windows.select(pl.concat_str(pl.all(), separator="\n")).to_series())
    sentence = pl.col.sentence
    # Paragraphs lost their breaks: "was heldВстреча", "infrastructureOne".
    parted = sentence.str.replace_all(_SENTENCE_END, "\n").str.replace_all(r"(\p{Ll})(\p{Lu})", "$1\n$2")
    pieces = (
        pl.DataFrame({"sentence": sampled})
        .with_row_index("text")
        .with_columns(parted.str.split("\n"))
        .explode("sentence")
        .filter(sentence.str.contains(r"\p{L}"))
    )
    # A pattern this long is slow: it looks only at what it may cut.
    is_long = pieces["sentence"].str.len_chars() > LONG_SENTENCE
    if not is_long.any():
        return pieces
    cut = pieces.filter(is_long).with_columns(sentence.str.replace_all(_LONG_SENTENCE, "$1\n").str.split("\n"))
    return pl.concat([pieces.filter(~is_long), cut.explode("sentence").filter(sentence.str.contains(r"\p{L}"))])


def _ruled_cyrillic(sentences: pl.DataFrame) -> pl.Series:
    """What the rules say about sentences that are Cyrillic: `kk`, `ru`, `other`, or null."""
    said = pl.col.said
    counted = sentences.with_columns(
        kazakh=said.str.count_matches(KAZAKH_LETTERS),
        only_kazakh=said.str.contains(ONLY_KAZAKH),
        kazakh_words=said.str.count_matches(r"[әғқңөұүһі][\p{L}-]*"),
        foreign_letters=said.str.contains_any(FOREIGN_CYRILLIC),
        russian=said.str.find_many(RUSSIAN, overlapping=True).list.len(),
        not_russian=said.str.contains_any(NOT_RUSSIAN),
    )
    foreign = pl.col.foreign_letters & (pl.col.kazakh_words * 3 < pl.col.words)
    kazakh = pl.col.only_kazakh & (pl.col.kazakh * 20 >= pl.col.cyrillic) & (pl.col.russian <= 1)
    kazakh &= pl.col.kazakh_words * 5 >= pl.col.words * 2
    russian = (pl.col.russian > 0) & ~pl.col.not_russian & (pl.col.kazakh_words * 4 <= pl.col.words)
    ruled = pl.when(foreign).then(pl.lit("other")).when(kazakh).then(pl.lit("kk")).when(russian).then(pl.lit("ru"))
    return counted.select(ruled).to_series()


def _ruled_latin(sentences: pl.DataFrame) -> pl.Series:
    """What the rules say about sentences that are Latin: `kk`, `en`, or null."""
    said = pl.col.said
    counted = sentences.with_columns(
        kazakh_vowels=said.str.contains(r"[áäóöúüýığǵñńūş]"),
        english=said.str.find_many(ENGLISH, overlapping=True).list.len(),
        foreign=said.str.find_many(FOREIGN, overlapping=True).list.len(),
    ).with_row_index("at")
    answer = counted.select(pl.when(pl.col.english > pl.col.foreign * 2).then(pl.lit("en"))).to_series()
    maybe_kazakh = counted.filter(pl.col.kazakh_vowels & (pl.col.latin > 8) & (pl.col.english == 0))
    if maybe_kazakh.height:
        kazakh = said.str.count_matches(KAZAKH_LATIN) * 6 >= pl.col.words
        kazakh &= ~said.str.contains(r"[əʻ]|[og][‘'’]\p{L}")
        answer = answer.scatter(maybe_kazakh.filter(kazakh)["at"], "kk")
    return answer


def _ruled(sentences: pl.DataFrame) -> pl.DataFrame:
    """The sentences with `letters`, `words` and `language`, which is null where the rules leave it open."""
    said = pl.col.said
    counted = sentences.with_columns(said=_padded(pl.col.sentence.str.to_lowercase())).with_columns(
        latin=said.str.count_matches(r"\p{Latin}"),
        cyrillic=said.str.count_matches(r"\p{Cyrillic}"),
        letters=said.str.count_matches(r"\p{L}"),
        words=said.str.count_matches(r"\p{L}{2,}"),
    )
    is_cyrillic = counted["cyrillic"] * 2 > counted["letters"]
    if len(at := (~is_cyrillic & (counted["cyrillic"] * 4 >= counted["letters"])).arg_true()):
        # Words that begin small are the sentence, others may be names: "Делегация United Nations … посетила".
        sentence = counted["sentence"].gather(at)
        cyrillic = sentence.str.count_matches(r" [\p{Ll}&&\p{Cyrillic}]\p{L}")
        is_cyrillic = is_cyrillic.scatter(at, cyrillic > sentence.str.count_matches(r" [\p{Ll}&&\p{Latin}]\p{L}"))
    is_latin = (counted["latin"] >= counted["cyrillic"]) & (counted["latin"] * 2 >= counted["letters"]) & ~is_cyrillic
    language = _repeated("other", counted.height)
    if len(at := is_cyrillic.arg_true()):
        language = language.scatter(at, _ruled_cyrillic(counted[at]))
    if len(at := is_latin.arg_true()):
        language = language.scatter(at, _ruled_latin(counted[at]))
    return counted.select("text", "sentence", "letters", "words", language=language)


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


def _judged(sentences: pl.Series) -> pl.Series:
    """The language of sentences that the rules leave open, leaning to what the portal publishes."""
    sentence = pl.col.sentence
    asked = pl.DataFrame({"sentence": sentences.unique()}).with_columns(
        # Names and phrases of two words tell a model of trigrams nothing.
        short=(sentence.str.count_matches(r"\p{L}{2,}") <= 2) | ~sentence.str.contains(r"(?:^|\W)\p{Ll}{4}"),
        cyrillic=sentence.str.contains(r"\p{Cyrillic}"),
        foreign=_padded(sentence.str.to_lowercase()).str.contains_any(FOREIGN),
    )
    names = ~pl.col.cyrillic & pl.col.short & ~pl.col.foreign
    confidences = _ask_library(asked.filter(~names)["sentence"])
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
    told = asked.join(confidences, on="sentence", how="left").select("sentence", answer=answer)
    return _looked_up(sentences, told)


def _looked_up(texts: pl.Series, told: pl.DataFrame) -> pl.Series:
    """The second column of `told` for each text, which its first column has once."""
    text, answer = told.columns
    return texts.to_frame(text).join(told, on=text, how="left", maintain_order="left")[answer]


def _added_up(sentences: pl.DataFrame) -> pl.DataFrame:
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
            all=pl.col.letters.sum(), first=first, second=second, open=open_,
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


def _by_sentences(texts: pl.Series) -> pl.Series:
    """The answer for any text, from the letters of each language in its sentences."""
    sentences = _ruled(_sentences(texts))
    decided = _added_up(sentences)
    is_open = decided["is_open"]
    if is_open.any():
        doubtful = sentences.filter(pl.col.text.is_in(decided.filter(is_open)["text"].implode()))
        left = doubtful["language"].is_null().arg_true()
        judged = doubtful["language"].scatter(left, _judged(doubtful["sentence"].gather(left)))
        decided = pl.concat([decided.filter(~is_open), _added_up(doubtful.with_columns(judged))])
    rows = pl.Series("text", range(len(texts)), dtype=pl.UInt32)
    return _looked_up(rows, decided.select("text", "answer")).fill_null("und")


def detect(text: pl.Series) -> pl.Series:
    """The language of each text: `kk`, `ru`, `en`, `other`, `mixed`, or `und` where there are no letters.

    String → String of the same length and name; null gives null. No answer depends on the other rows.
    """
    chars = text.str.len_chars()
    answer = _repeated(None, len(text)).alias(text.name)
    if len(whole := (chars <= WHOLE).arg_true()):
        pieces = text.gather(whole).to_frame("text").select(_padded(pl.col.text.str.to_lowercase()))
        answer = answer.scatter(whole, _clear(pieces.to_series()))
    # Most texts show their language in short windows; wider ones settle most of those that did not.
    for size in (WINDOW, WHOLE):
        if len(long := (answer.is_null() & (chars > WHOLE)).arg_true()):
            answer = answer.scatter(long, _by_windows(text.gather(long), size))
    if len(left := (answer.is_null() & text.is_not_null()).arg_true()):
        distinct = text.gather(left).unique()
        told = pl.DataFrame({"text": distinct, "answer": _by_sentences(distinct)})
        answer = answer.scatter(left, _looked_up(text.gather(left), told))
    return answer
