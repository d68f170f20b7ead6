"""Find the places among capital words: names that are known, and any name with a type word beside it."""

import re
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from warehouse.facts.folding import fold
from warehouse.facts.lexicons import NameLexicon

KIND_OF_TYPE = {
    "region": "region oblast oblys област обл край края крае облыс өңір",
    "district": "district raion rayon район аудан",
    "city": "city town город г гор қала қ",
    "village": "village settlement aul okrug сел с аул посел посёл пос деревн станци округ ауыл кент стансас",
    "state": "republic state kingdom республик штат провинци province королевств султанат эмират государств",
}
LEFT_NEEDS_KNOWN = tuple(
    "област район округ королевств султанат эмират государств kingdom республик штат провинци region district republic "
    "state province county".split()
)
_ADJECTIVE = r"(?:ская|ской|скую|ский|ского|скому|ским|ском|ские|ских|цкая|цкой|цкую|цкий|цкого|цкому|цким|цком)$"
_ADJECTIVE_END = r"(?:ая|ой|ую|ий|ого|ому|им|ом|ие|их)$"
LONGEST_NAME = 5


@lru_cache(maxsize=8192)
def kind_of_type(word: str) -> str | None:
    """The kind of place that a type word stands for."""
    lower = word.lower()
    for kind, stems in KIND_OF_TYPE.items():
        if any(lower == stem or (len(stem) > 2 and lower.startswith(stem)) for stem in stems.split()):
            return kind
    return None


@lru_cache(maxsize=8)
def _form_series(lexicon: NameLexicon) -> tuple[pl.Series, pl.Series, pl.Series]:
    """The forms of one word, those of several, and with what the latter begin."""
    single = [form for form in lexicon.places if " " not in form]
    several = [form for form in lexicon.places if " " in form]
    heads = sorted({re.split(r"[. ]", form)[0] for form in several})
    return pl.Series(single, dtype=pl.String), pl.Series(several, dtype=pl.String), pl.Series(heads, dtype=pl.String)


def known_places(words: pl.DataFrame, lexicon: NameLexicon) -> pl.DataFrame:
    """Names of `place_forms` that stand in the text: `at` (index of the first word), `length` (words), `form`."""
    single, several, heads = _form_series(lexicon)
    bare = words["bare"]
    at = bare.is_in(single.implode()).arg_true()
    found = [_forms(at, 1, bare.gather(at))]
    at = words["word"].is_in(heads.implode()).arg_true()
    known = several.implode()
    row, text, after = words["row"], words["word"], words["after"]
    name = text.gather(at)
    begin = row.gather(at)
    for length in range(2, LONGEST_NAME + 1):
        inside = at + length - 1 < words.height
        at, name, begin = at.filter(inside), name.filter(inside), begin.filter(inside)
        gap = after.gather(at + (length - 2))
        joined = (
            (row.gather(at + (length - 1)) == begin) & (gap.str.len_bytes() <= 12) & (gap.str.contains(r"^\.?[  ]"))
        )
        at, name, begin, gap = at.filter(joined), name.filter(joined), begin.filter(joined), gap.filter(joined)
        if at.is_empty():
            break
        ending = bare.gather(at + (length - 1))
        gap = gap.str.replace_all(" ", " ", literal=True)
        whole = (name + gap + ending).alias("form")
        is_known = whole.is_in(known)
        hits = at.filter(is_known)
        found.append(_forms(hits, length, whole.filter(is_known)))
        name = name + gap + text.gather(at + (length - 1))
    places = (
        pl.concat(found).sort("at", "length", descending=[False, True]).unique("at", keep="first", maintain_order=True)
    )
    end = pl.col("at").cast(pl.Int64) + pl.col("length")
    return (
        places.with_columns(end=end).filter((pl.col("at") >= end.shift(1).cum_max()).fill_null(value=True)).drop("end")
    )


def _forms(at: pl.Series, length: int, form: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"at": at, "length": pl.repeat(length, len(at), dtype=pl.Int64, eager=True), "form": form})


def typed_words(words: pl.DataFrame, at: pl.Series, lexicon: NameLexicon) -> pl.DataFrame:
    """The type words beside some of the capital words, given by their numbers.

    Returns `at`, `left`, `right` (the type word there, String or null) and `left_length`, `right_length` (Int64, the
    characters from the name to the type word's far end).
    """
    contexts = lexicon.contexts
    natural = contexts["not_place"]
    before_set = pl.Series(sorted(contexts["place_before"] | natural), dtype=pl.String).implode()
    after_set = pl.Series(sorted(contexts["place_after"] | natural), dtype=pl.String).implode()
    row = words["row"]
    back, ahead = (at - 1).clip(0), (at + 1).clip(None, words.height - 1)
    frame = pl.DataFrame(
        {
            "at": at,
            "before": words["before"].gather(at).str.tail(18),
            "after": words["after"].gather(at).str.head(24),
            "previous": words["word"].gather(back),
            "next": words["word"].gather(ahead),
            "has_previous": (row.gather(back) == row.gather(at)) & (back != at),
            "has_next": (row.gather(ahead) == row.gather(at)) & (ahead != at),
        }
    )
    before, after, previous = pl.col("before"), pl.col("after"), pl.col("previous")
    if lexicon.language == "en":
        left_small = before.str.extract(r"(?:^|[^\p{L}])(\p{Ll}+ of |(?:lake|river|mount|lakes) )$")
        is_lake = (before == " ") & previous.is_in(["Lake", "River", "Mount", "Cape"])
        is_chained = (before == " of ") | is_lake
        left_big = pl.when(is_chained).then(previous + before)
    else:
        left_small = before.str.extract(r"(?:^|[^\p{L}/])(\p{Ll}+\.?[  ]?)$")
        is_beside = before.str.contains(r"^\.?[  ]$") & (previous.str.len_chars() > 3)
        left_big = pl.when(is_beside).then(previous + before)
    left = pl.coalesce(left_small, pl.when("has_previous").then(left_big))
    right_big = pl.when(pl.col("has_next") & (after == " ")).then(" " + pl.col("next"))
    return (
        frame.select("at", left=left, right=pl.coalesce(after.str.extract(r"^([  ]\p{Ll}+)"), right_big))
        .with_columns(
            left_word=pl.col("left").str.extract(r"(\p{L}+)").str.to_lowercase(),
            right_word=pl.col("right").str.strip_chars().str.to_lowercase(),
        )
        .select(
            "at",
            left=pl.when(
                pl.col("left_word").is_in(before_set)
                & ((pl.col("left_word") != "с") | pl.col("left").str.contains(".", literal=True))
            ).then("left_word"),
            right=pl.when(pl.col("right_word").is_in(after_set)).then("right_word"),
            left_length=pl.col("left").str.len_chars().cast(pl.Int64),
            right_length=pl.col("right").str.len_chars().cast(pl.Int64),
        )
    )


def place_mentions(words: pl.DataFrame, lexicon: NameLexicon) -> pl.DataFrame:
    """The places: `at`, `length` (words of the name), `row`, `start`, `end`, `key`, `is_sure` (else a name may win)."""
    known = known_places(words, lexicon).select(pl.col("at").cast(pl.Int64), "length", "form")
    covered = known.select(at=pl.int_ranges("at", pl.col("at") + pl.col("length"))).explode("at", empty_as_null=False)
    is_open = ~words["kind"].is_in(["c", "o", "i", "a"])
    if lexicon.language == "ru":
        stems = pl.Series(sorted(_adjectives(lexicon)), dtype=pl.String)
        is_open |= words["word"].str.replace(_ADJECTIVE_END, "").is_in(stems.implode())
    at = is_open.scatter(covered["at"], True).arg_true().cast(pl.Int64)
    types = typed_words(words, at, lexicon)
    natural = pl.Series(sorted(lexicon.contexts["not_place"]), dtype=pl.String).implode()
    typed = types.with_columns(kind=words["kind"].gather(at), form=words["bare"].gather(at))
    is_right = pl.col("right").is_not_null() & ~pl.col("right").is_in(natural)
    if lexicon.language == "ru":
        is_right &= pl.col("form").str.contains(_ADJECTIVE)
    known_only = [word for word in lexicon.contexts["place_before"] if word.startswith(LEFT_NEEDS_KNOWN)]
    needs_known = pl.col("left").is_in(known_only)
    is_left = pl.col("left").is_not_null() & ~needs_known & ~pl.col("left").is_in(natural)
    is_town = pl.col("left").str.contains("^(?:city|town|г|гор|город)")
    is_left &= pl.col("kind").is_in(["u", "k"]) | ((pl.col("kind") == "w") & ~is_town)
    unknown = typed.filter(is_right | is_left).select("at", length=pl.lit(1, dtype=pl.Int64), form="form")
    unknown = unknown.join(covered, on="at", how="anti")
    places = pl.concat([known.with_columns(is_known=True), unknown.with_columns(is_known=False)]).sort("at")
    begin, last = places["at"], places["at"] + places["length"] - 1
    places = (
        places.with_columns(
            last=last,
            row=words["row"].gather(begin),
            start=words["start"].gather(begin),
            kind=words["kind"].gather(begin),
            end=words["end"].gather(last),
            possessive=(words["word"].gather(last).str.len_chars() - words["bare"].gather(last).str.len_chars()).cast(
                pl.Int64
            ),
        )
        .join(types.select("at", "left", "left_length"), on="at", how="left", maintain_order="left")
        .join(types.select("right", "right_length", last="at"), on="last", how="left", maintain_order="left")
    )
    if places.is_empty():
        return _empty()
    distinct = places.select("form", "left", "right", "kind", "is_known").unique(maintain_order=True)
    verdicts = [
        _judge_place(_Name(form, left, right, kind, is_known), lexicon)
        for form, left, right, kind, is_known in distinct.iter_rows()
    ]
    verdicts_frame = pl.DataFrame(
        verdicts,
        schema={"key": pl.String, "use_left": pl.Boolean, "use_right": pl.Boolean, "is_sure": pl.Boolean},
        orient="row",
    )
    distinct = pl.concat([distinct, verdicts_frame], how="horizontal")
    places = places.join(
        distinct, on=["form", "left", "right", "kind", "is_known"], how="left", nulls_equal=True, maintain_order="left"
    ).filter(pl.col("key").is_not_null())
    return places.select(
        *("at", "length", "row"),
        start=pl.col("start") - pl.when("use_left").then("left_length").otherwise(0),
        end=pl.col("end") + pl.when("use_right").then("right_length").otherwise(-pl.col("possessive")),
        key="key",
        is_sure="is_sure",
    )


def _empty() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "at": pl.Int64,
            "length": pl.Int64,
            "row": pl.UInt32,
            "start": pl.Int64,
            "end": pl.Int64,
            "key": pl.String,
            "is_sure": pl.Boolean,
        }
    )


class _Name(NamedTuple):
    """A name that may be a place's: as written, the type words beside it, its kind of word, whether it is known."""

    form: str
    left: str | None
    right: str | None
    kind: str
    is_known: bool


class _Verdict(NamedTuple):
    """The key of a place (null where it is none), what type word belongs to it, whether no name of a person wins."""

    key: str | None
    use_left: bool = False
    use_right: bool = False
    is_sure: bool = False


def _judge_place(name: _Name, lexicon: NameLexicon) -> _Verdict:
    """Whether a name is a place, by the type word beside it and by what is known."""
    side = name.right or name.left
    if side in lexicon.contexts["not_place"] or (not side and name.form in lexicon.contexts["needs_type"]):
        return _Verdict(None)
    keys = lexicon.places.get(name.form, ()) if name.is_known else ()
    if lexicon.language == "ru" and name.right and (adjective := _adjective_stem(name.form)):
        keys = (*keys, *_adjectives(lexicon).get(adjective, ()))
    by_kind = {lexicon.kinds[key]: key for key in reversed(keys)}
    if side is None or not (wanted := kind_of_type(side)):
        return _judge_bare(by_kind, name.kind)
    use_left, use_right = side is name.left, side is name.right
    if key := by_kind.get("country" if wanted == "state" else wanted, by_kind.get(wanted)):
        return _Verdict(key, use_left, use_right, is_sure=True)
    if "country" in by_kind or (use_left and wanted in ("region", "district", "state")):
        return _judge_bare(by_kind, name.kind)
    return _Verdict(f"{wanted}:{fold(name.form)}", use_left, use_right, is_sure=True)


def _judge_bare(by_kind: dict[str, str], kind: str) -> _Verdict:
    """A place without a type word: districts need one, and so do regions that are first names."""
    for wanted in ("country", "city", "region"):
        if wanted in by_kind and not (wanted == "region" and kind in "fw"):
            return _Verdict(by_kind[wanted], is_sure=wanted == "country" or kind not in "fwst")
    return _Verdict(None)


def _adjective_stem(form: str) -> str | None:
    match = re.fullmatch(r"(.+[сц]к)(?:ая|ой|ую|ий|ого|ому|им|ом|ие|их)", form)
    return match and match[1]


@lru_cache(maxsize=4)
def _adjectives(lexicon: NameLexicon) -> dict[str, tuple[str, ...]]:
    """The keys of places that Russian names by an adjective, by its stem."""
    stems: dict[str, tuple[str, ...]] = {}
    for form, keys in lexicon.places.items():
        if stem := _adjective_stem(form):
            stems[stem] = (*stems.get(stem, ()), *keys)
    return stems
