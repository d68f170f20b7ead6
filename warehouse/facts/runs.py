"""Runs of capital words that can be names: cut by what joins words, judged by the kinds of their words."""

import re
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from warehouse.facts.lexicons import NameLexicon
from warehouse.facts.name_words import bare, first_name, stem_of
from warehouse.facts.office_words import is_office

_PARTICLES = (
    "bin|ibn|bint|al|el|van|von|van der|van den|de|de la|da|dos|di|du|del|la|uly|kyzy|zu|ben|бин|ибн|аль|эль|фон|ван|"
    "ван дер|ван ден|де|ди|да|улы|кызы|оглы|заде|ұлы|қызы|уулу|әл"
)
JOINTS = frozenset(
    [
        *(" ", "  "),
        *(f" {word} " for word in _PARTICLES.split("|")),
        *(f" {word}-" for word in "al el ad as ar ash аль эль ад ас ар аш әл".split()),
    ]
)
"""What stands between two words of a name."""
INITIAL_JOINTS = frozenset([".", ". ", ".  "])
"""What stands behind an initial of a name."""
LONGEST_RUN = 24
"""Words of a run at most."""
NAME_KINDS = ["f", "w", "s", "t", "k", "p", "i", "u"]
_SURE = re.compile(
    r"[fw]?[fw]i{1,2}[sutkfw]|i{1,2}[sutkfw]|[sufwkt]i{1,2}|[fw]p?[skt]|[sutkw][fw]p|[sktu][fw]|[fw]p|fu{1,2}|f[fw]{1,2}|wf"
    r"|f[fuwk][fuwstk]|[fwu]s|wfs|[fwu][pfw]s|ups|up|sp|tp"
)
_MAYBE = re.compile(r"[fwusktp]{2,6}")
_LEADING = re.compile(r"[uwt](?=[fw]p?[skt])(?![uwt][fw]p$)|u(?=fu|fp[skt])")
_LEADING_IN_ENGLISH = re.compile(r"[ut](?=fp$)")
_SPLIT = re.compile(r"(?<=[fwusktp][fwusktp])(?=i{1,2}[sutkfw])|(?<=[fw]s)(?=[fw][stp])")
_LAST_WORD = r"(\p{L}[\p{L}\p{M}'’-]*)\.?[\s\"«“„]*$"
_FIRST_WORD = r"^[\s\"»”]*(\p{L}[\p{L}\p{M}'’-]*)"
_TITLES = tuple(
    "президент министр премьер господин госпож г-н г-ж посол мырза ханым король president minister premier chancellor "
    "secretary ambassador director king queen mr mrs ms dr professor senator governor general colonel sheikh emir pope "
    "akim speaker envoy".split()
)


class Run(NamedTuple):
    """Words of a run that are a name: from, to (numbers of the words, half-open) and how sure that is.

    `sure` by its words alone; `maybe` needs an office or a verb of saying beside it; `single` is a surname that stands
    alone, `bare` another word that does: a name if the text names somebody so.
    """

    first: int
    last: int
    strength: str


@lru_cache(maxsize=8192)
def judge_run(pattern: str, language: str, *, is_start: bool) -> tuple[Run, ...]:
    """Which words of a run are names, by the kinds of its words; a capital kind has a particle (`bin`) behind it."""
    if pattern != pattern.lower():
        first = 1 if re.match("u[fw]", pattern) else 0
        return (Run(first, len(pattern), "sure"),)
    runs, first = [], 0
    parts = _SPLIT.split(pattern)
    for part in parts:
        if (run := _judge(part, language, is_start=is_start and first == 0)) and (
            part is parts[-1] or run.strength == "sure"
        ):
            runs.append(Run(first + run.first, first + run.last, run.strength))
        first += len(part)
    return tuple(runs)


def _judge(pattern: str, language: str, *, is_start: bool) -> Run | None:
    length = len(pattern)
    if length == 1:
        return None if pattern == "i" else Run(0, 1, "single" if pattern == "s" and not is_start else "bare")
    if length > 2 and (_LEADING.match(pattern) or (language == "en" and _LEADING_IN_ENGLISH.match(pattern))):
        rest = _judge(pattern[1:], language, is_start=False)
        return rest and Run(rest.first + 1, rest.last + 1, rest.strength)
    if is_start and length == 2 and pattern == "uf" and language == "ru":
        return Run(0, 2, "maybe")
    # A name has six words at most: the longest that fits, the first of equal length.
    for size in range(min(length, 6), 1, -1):
        for first in range(length - size + 1):
            if _SURE.fullmatch(pattern, first, first + size):
                return Run(first, first + size, "sure")
    return Run(0, length, "maybe") if _MAYBE.fullmatch(pattern) else None


def name_runs(words: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Runs of words that can be names: `row`, `at`, `size` (their words), `pattern`, and what stands beside them."""
    taken = places.filter("is_sure").select(at=pl.int_ranges("at", pl.col("at") + pl.col("length")))
    kinds = words["kind"]
    if taken.height:
        kinds = kinds.scatter(taken.explode("at")["at"], "l")
    is_place = pl.Series([False]).new_from_index(0, words.height).scatter(places["at"], True)
    row, at, kind, after = pl.col("row"), pl.col("at"), pl.col("kind"), pl.col("after")
    joint = after.is_in(JOINTS) | ((kind == "i") & after.is_in(INITIAL_JOINTS))
    # `Габит Сыздыкбеков Тараз`: a city that could be a first name begins nothing behind a name.
    follows = (
        pl.col("joint").shift(1, fill_value=False)
        & (at == at.shift(1) + 1)
        & (pl.col("is_latin") == pl.col("is_latin").shift(1))
        & ~(pl.col("is_place") & kind.is_in(["f", "w"]))
        & (row == row.shift(1))
        & (~pl.col("is_start") | (kind.shift(1) == "i"))
    )
    begin = pl.when(~pl.col("follows")).then(at).forward_fill()
    is_particle = pl.col("follows").shift(-1, fill_value=False) & (after.str.len_bytes() > 3) & (kind != "i")
    names = (
        words.select("row", "word", "before", "after", "is_start", "is_latin", kind=kinds, is_place=is_place)
        .with_row_index("at")
        .with_columns(
            at=at.cast(pl.Int64),
            left=pl.when(row == row.shift(1)).then(pl.col("word").shift(1)),
            left_kind=pl.when(row == row.shift(1)).then(kind.shift(1)),
            right=pl.when((row == row.shift(-1)) & (after == " ")).then(pl.col("word").shift(-1)),
        )
        .filter(kind.is_in(NAME_KINDS))
        .with_columns(joint=joint)
        .with_columns(follows=follows.fill_null(value=False))
        # A longer run is cut: each name of it is judged with all words of its run in hand.
        .with_columns(follows=pl.col("follows") & ((at - begin) % LONGEST_RUN != 0))
        .with_columns(letter=pl.when(is_particle).then(kind.str.to_uppercase()).otherwise(kind))
    )
    is_first = ~names["follows"]
    last = is_first.shift(-1, fill_value=True).arg_true()
    letters, firsts = "".join(names["letter"]), is_first.arg_true()
    patterns = [letters[start : end + 1] for start, end in zip(firsts.to_list(), last.to_list(), strict=True)]
    return (
        names.gather(firsts)
        .select("row", "at", "is_place", "is_start", "before", "left", "left_kind", first_word="word")
        .with_columns(
            size=(last - firsts).cast(pl.Int64) + 1,
            pattern=pl.Series(patterns, dtype=pl.String),
            after=names["after"].gather(last),
            right=names["right"].gather(last),
        )
    )


def candidates(runs: pl.DataFrame, words: pl.DataFrame, lexicon: NameLexicon) -> pl.DataFrame:
    """The names that runs may hold: `row`, `at`, `last` (numbers of their words), `pattern`, `strength`.

    Strengths are those of `Run`, and `eponym`; `named` for a word directly behind an office; `lone` for a first name
    that stands alone within a sentence. Of the bare words only those are kept whose stem a name of that text has.
    """
    contexts = lexicon.contexts
    before, after = pl.col("before").str.tail(24), pl.col("after").str.head(24)
    is_blank = before.str.strip_chars(' .«"“').str.len_bytes() == 0
    frame = runs.with_columns(
        last=pl.coalesce(before.str.extract(_LAST_WORD), pl.when(is_blank).then("left"))
        .str.to_lowercase()
        .fill_null(""),
        next=pl.coalesce(after.str.extract(_FIRST_WORD), "right").str.to_lowercase().fill_null(""),
        is_beside=before.str.strip_chars(" .").str.len_bytes() == 0,
    )
    frame = frame.filter(~pl.col("next").is_in(sorted(contexts["not_place"])))
    last = frame["last"].unique()
    is_before = [word in contexts["eponym_before"] for word in last]
    offices = [bool(word) and is_office(word, lexicon) is not None for word in last]
    titles = [word.startswith(_TITLES) and not word.endswith("s") for word in last]
    known = pl.DataFrame(
        {"last": last, "is_before": is_before, "is_office": offices, "is_title": titles},
        schema={"last": pl.String, "is_before": pl.Boolean, "is_office": pl.Boolean, "is_title": pl.Boolean},
    )
    frame = frame.join(known, on="last", how="left", maintain_order="left")
    ends_name = pl.col("next").is_in(sorted(contexts["eponym_after"]))
    if lexicon.language == "en":
        is_before_name = pl.col("is_before") & (
            (pl.col("last") != "after") | pl.col("before").str.contains("named after", literal=True)
        )
        ends_name &= ~pl.col("pattern").is_in(["u", "uu", "w"])
        is_shared = ends_name.shift(-1, fill_value=False) & (pl.col("row") == pl.col("row").shift(-1))
        ends_name |= is_shared & pl.col("after").is_in([" and ", ", "])
    else:
        is_before_name = pl.col("is_before")
        ends_name &= ~pl.col("next").str.contains("^(?:уни|инт|зия)") | (pl.col("pattern") == "s")
        ends_name &= pl.col("next").str.contains("^атын") | pl.col("pattern").str.contains("[fwspt]")
    is_direct = (pl.col("is_beside") & (pl.col("left_kind") == "o")).fill_null(value=False) | pl.col("is_office")
    is_direct &= pl.col("pattern").is_in(["f", "s", "t", "w"]) | (pl.col("is_title") & (pl.col("pattern") != "k"))
    frame = frame.with_columns(
        role=pl.when(is_before_name)
        .then(pl.lit("before"))
        .when(ends_name)
        .then(pl.lit("after"))
        .when(is_direct)
        .then(pl.lit("direct"))
        .when(_lone_names(frame, lexicon))
        .then(pl.lit("lone"))
        .otherwise(pl.lit(""))
    )
    # At a sentence's beginning a Russian genitive (`Студентов`) looks like a surname, and some cities do anywhere.
    speaks = pl.col("next").is_in(sorted(contexts["verb"]))
    is_doubtful = (
        pl.col("is_place") | (pl.col("is_start") & ~speaks) if lexicon.language == "ru" else pl.col("is_place")
    )
    frame = frame.with_columns(is_start=pl.when(pl.col("pattern") == "s").then(is_doubtful).otherwise("is_start"))
    distinct = frame.select("pattern", "is_start", "role").unique(maintain_order=True)
    judged = [
        _judge_beside(pattern, role, lexicon.language, is_start=is_start)
        for pattern, is_start, role in distinct.iter_rows()
    ]
    distinct = distinct.with_columns(
        runs=pl.Series(
            [[run._asdict() for run in runs] for runs in judged],
            dtype=pl.List(pl.Struct({"first": pl.Int64, "last": pl.Int64, "strength": pl.String})),
        )
    )
    found = (
        frame.select("row", "at", "size", "pattern", "is_start", "role")
        .join(distinct, on=["pattern", "is_start", "role"], how="left", maintain_order="left")
        .explode("runs", empty_as_null=False)
        .unnest("runs")
    )
    return _without_strangers(found, words, lexicon).select(
        "row",
        at=pl.col("at") + pl.col("first"),
        last=pl.col("at") + pl.col("last") - 1,
        pattern=pl.col("pattern").str.slice("first", pl.col("last") - pl.col("first")).str.to_lowercase(),
        strength="strength",
    )


def _lone_names(frame: pl.DataFrame, lexicon: NameLexicon) -> pl.Series:
    """Whether each run is one word that is a first name beyond doubt, within a sentence."""
    alone = frame.with_row_index("number").filter(
        (pl.col("pattern") == "f") & ~pl.col("is_place") & ~pl.col("is_start") & pl.col("right").is_null()
    )
    none = pl.Series([False]).new_from_index(0, frame.height)
    words = alone["first_word"].unique()
    plain = [word for word in words if "-" not in word and first_name(bare(word), lexicon) in lexicon.plain_names]
    if not plain:
        return none
    alone = alone.filter(
        pl.col("first_word").is_in(plain)
        & pl.col("before").str.contains(r"[\p{Ll},]\s+$")
        & ~pl.col("after").str.contains('^[»"”]')
        & ~pl.col("last").is_in(["of", "the", "in", "at", "on", "орден", "ордена", "имени"])
    )
    return none.scatter(alone["number"], True)


def _judge_beside(pattern: str, role: str, language: str, *, is_start: bool) -> tuple[Run, ...]:
    """The names of a run, with the role that what stands beside it gives to it."""
    runs = judge_run(pattern, language, is_start=is_start)
    if role == "before":
        return (Run(0, len(pattern), "eponym"),)
    if role == "after":
        if len(runs) > 1:
            return (*runs[:-1], runs[-1]._replace(strength="eponym"))
        return (Run(0, len(pattern), "eponym"),)
    better = {"direct": "named", "lone": "lone"}.get(role)
    if better and len(runs) == 1 and runs[0].strength in ("bare", "single") and runs[0].first == 0:
        return (runs[0]._replace(strength="single" if better == "lone" and runs[0].strength == "single" else better),)
    return runs


def _without_strangers(found: pl.DataFrame, words: pl.DataFrame, lexicon: NameLexicon) -> pl.DataFrame:
    """The candidates without the bare words whose stem no name of their text has."""
    is_bare = found["strength"] == "bare"
    named = found.filter(~is_bare & (found["strength"] != "eponym"))
    bare = found.with_row_index("number").filter(is_bare)
    bare = bare.select("number", "row", at=pl.col("at") + pl.col("first"))
    bare = bare.join(named.select("row").unique(), on="row", how="semi")
    parts = named.select("row", at=pl.int_ranges("at", pl.col("at") + pl.col("size"))).explode(
        "at", empty_as_null=False
    )
    bare, parts = (each.with_columns(word=words["word"].gather(each["at"])) for each in (bare, parts))
    distinct = pl.concat([bare["word"], parts["word"]]).unique()
    stems = pl.DataFrame(
        {"word": distinct, "stem": [stem_of(word, lexicon) for word in distinct]},
        schema={"word": pl.String, "stem": pl.String},
    )
    known = parts.join(stems, on="word").select("row", "stem").unique()
    kept = bare.join(stems, on="word").join(known, on=["row", "stem"], how="semi")["number"]
    return found.filter((~is_bare).scatter(kept, True))
