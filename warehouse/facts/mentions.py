"""Read the mentions of people with their offices, of places, organisations and eponyms out of texts."""

from collections.abc import Mapping, Sequence

import polars as pl

from warehouse.facts.lexicons import LANGUAGES, NameLexicon, load_name_lexicons
from warehouse.facts.name_words import bare, judge_word
from warehouse.facts.organisations import organisation_mentions
from warehouse.facts.people import person_mentions
from warehouse.facts.places import place_mentions
from warehouse.facts.words import Sentences, cut_words

SCHEMA = {
    "kind": pl.String,
    "char_start": pl.Int64,
    "char_end": pl.Int64,
    "surface": pl.String,
    "sentence_start": pl.Int64,
    "sentence_end": pl.Int64,
    "name_key": pl.String,
    "office": pl.String,
    "office_start": pl.Int64,
    "office_end": pl.Int64,
    "resolved_start": pl.Int64,
    "resolved_end": pl.Int64,
    "rule": pl.String,
}


def mentions(texts: pl.DataFrame, lexicons: Mapping[str, NameLexicon] | None = None) -> pl.DataFrame:
    """The mentions of each text, in order of place.

    `texts` has any columns that identify a text, kept as they are, and `language` (String: en, ru or kk; a text in
    another language or none has no mentions) and `text` (String, as received; null has none). Other columns, such as
    `field`, pass through. `lexicons` are by default those of the `seeds/` that come with the program.

    Returns the columns of `texts` but `text`, and those of SCHEMA: `kind` (person, organisation, place, eponym),
    `char_start` and `char_end` (code points of the text, half-open; cutting there gives `surface`), the sentence,
    `name_key` (joins to a dimension: folded name of a person, key of `gazetteer.csv` or `kind:folded name` of a place,
    slug or folded name of an organisation), for persons `office` as the text gives it and its place (null where
    none), and `resolved_start`, `resolved_end`: the fullest mention of the same person in that text. `rule` is
    `name@version`.
    """
    lexicons = lexicons or load_name_lexicons()
    texts = texts.with_row_index("text_at")
    parts = []
    for language in LANGUAGES:
        part = texts.filter((pl.col("language") == language) & pl.col("text").is_not_null() & (pl.col("text") != ""))
        if part.height:
            found = _mentions_of(part["text"], lexicons[language])
            parts.append(found.with_columns(text_at=part["text_at"].gather(found["row"])))
    if not parts:
        return (
            texts.drop("text", "text_at")
            .clear()
            .with_columns(**{name: pl.lit(None, dtype=kind) for name, kind in SCHEMA.items()})
        )
    result = pl.concat(parts).sort("text_at", "char_start", "char_end", "kind", maintain_order=True)
    return pl.concat(
        [texts.drop("text", "text_at")[result["text_at"]], result.drop("row", "text_at")], how="horizontal"
    )


def _mentions_of(texts: pl.Series, lexicon: NameLexicon) -> pl.DataFrame:
    """The mentions of texts of one language: `row` and the columns of SCHEMA."""
    words = judged_words(texts, lexicon)
    content = texts.to_list()
    sentences = Sentences(texts, words)
    organisations = organisation_mentions(content, words, lexicon)
    words = _without_quoted(words, organisations)
    places = place_mentions(words, lexicon)
    people = person_mentions(content, words, places, sentences, lexicon)
    found = pl.concat([people, _without_names(places, people), organisations], how="diagonal_relaxed")
    return _complete(found, content, sentences, lexicon)


def judged_words(texts: pl.Series, lexicon: NameLexicon) -> pl.DataFrame:
    """The capital words of `cut_words`, each distinct one judged once.

    Adds `bare` (without a possessive ending and in small letters but the first), `possessive` (Int64, characters of
    that ending), `is_latin` (Boolean, by the first letter) and `kind` (see `judge_word`).
    """
    words = cut_words(texts)
    distinct = words["word"].unique()
    number = words["word"].cast(pl.Enum(distinct)).to_physical()
    bares = [bare(word) if lexicon.language == "en" else word for word in distinct]
    judged = pl.DataFrame(
        {
            "bare": [_title(word) for word in bares],
            "kind": [judge_word(word, lexicon) for word in distinct],
            "possessive": [len(word) - len(rest) for word, rest in zip(distinct, bares, strict=True)],
            "is_latin": ["A" <= word[0] <= "Z" for word in distinct],
            "is_opener": [word in lexicon.openers for word in distinct],
        },
        schema={
            "bare": pl.String,
            "kind": pl.String,
            "possessive": pl.Int64,
            "is_latin": pl.Boolean,
            "is_opener": pl.Boolean,
        },
    )
    kind, before, after = pl.col("kind"), pl.col("before"), pl.col("after")
    # `KazMunayGas` is one name; `AstanaThe` is where a break was lost.
    is_inner = (before == "") & ~pl.col("is_first") & ~pl.col("is_opener")
    is_initial = after.str.starts_with(".") & ~pl.when(kind == "i").then(before).str.contains(r"[°/\d]$")
    is_letter = pl.col("word").str.len_chars() == 1
    return (
        words.hstack(judged.gather(number))
        .with_columns(
            is_start=pl.col("is_start") & ~is_inner,
            kind=pl.when((kind == "i") & ~is_initial)
            .then(pl.when(is_letter).then(pl.lit("c")).otherwise(pl.lit("u")))
            .otherwise("kind"),
        )
        .drop("is_opener")
    )


def _title(word: str) -> str:
    """A word all in capitals as it stands in other text: `АКТОБЕ` is `Актобе`; an acronym remains one."""
    return word.title() if len(word) > 4 and word.isupper() else word


def _without_quoted(words: pl.DataFrame, organisations: pl.DataFrame) -> pl.DataFrame:
    """The words, those in the names of companies common: `«Кокшетау Су Арнасы»` is neither a city nor a person."""
    quoted = organisations.filter("is_quoted").select("row", start="char_start", end="char_end")
    if quoted.is_empty():
        return words
    inside = _touch(words, quoted).arg_true()
    return words.with_columns(kind=words["kind"].scatter(inside, "c"), bare=words["bare"].scatter(inside, ""))


def _without_names(places: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The places that no person or eponym takes, in the columns of a mention."""
    names = people.select("row", start="char_start", end="char_end")
    return places.filter(~_touch(places, names)).select(
        "row", kind=pl.lit("place"), char_start="start", char_end="end", name_key="key"
    )


def _touch(spans: pl.DataFrame, others: pl.DataFrame) -> pl.Series:
    """Whether each span shares a character with one of the others, which do not overlap (`row`, `start`, `end`)."""
    if spans.is_empty() or others.is_empty():
        return pl.Series([False], dtype=pl.Boolean).new_from_index(0, spans.height)
    ends = [each["end"].max() for each in (spans, others)]
    size = max(int(end) for end in (*ends, 0) if isinstance(end, int)) + 1
    others = others.sort("row", "start")
    begin, end = (others["row"].cast(pl.Int64) * size + others[side] for side in ("start", "end"))
    base = spans["row"].cast(pl.Int64) * size
    # The last of the others that begins before the span ends reaches into it, or none does.
    before = begin.search_sorted(base + spans["end"], side="left").cast(pl.Int64)
    reach = pl.concat([pl.Series([-1], dtype=pl.Int64), end.cast(pl.Int64)]).gather(before)
    return reach > base + spans["start"]


def _complete(found: pl.DataFrame, texts: Sequence[str], sentences: Sentences, lexicon: NameLexicon) -> pl.DataFrame:
    """The mentions with surface, sentence and rule."""
    row, start, end = (found[name].to_list() for name in ("row", "char_start", "char_end"))
    surface = [texts[at][begin:stop] for at, begin, stop in zip(row, start, end, strict=True)]
    at_office = found["office_start"].is_not_null().arg_true()
    offices = found.select("row", "office_start", "office_end").gather(at_office)
    office = pl.Series([None], dtype=pl.String).new_from_index(0, found.height)
    office = office.scatter(at_office, [texts[at][begin:stop] for at, begin, stop in offices.iter_rows()])
    places = found.select("row", start="char_start", end="char_end")
    known = {
        "surface": pl.Series(surface, dtype=pl.String),
        "sentence_start": sentences.around(places)[0],
        "sentence_end": sentences.end(places),
        "office": office,
        "rule": pl.concat_str(pl.lit("name_"), pl.col("kind"), pl.lit(f"@{lexicon.sha256[:12]}")),
    }
    return found.with_columns(**known).select("row", *(pl.col(name).cast(kind) for name, kind in SCHEMA.items()))
