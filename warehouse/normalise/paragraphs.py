"""Where the paragraph and heading breaks of a body were lost: offsets beside the text, never a changed text.

The newspaper's pages glue paragraphs together (`(KIS).During`, `movementIn general`,
`infrastructure.⸻Development`). `breaks` says before which characters a break belongs; the body stays as
received, so nothing can be lost.

One regular expression splits every body behind each character that could begin a lost paragraph. The characters beside
a place decide nearly all places, in columns. What they leave open is judged place by place, by `break_rules` against
the words of `seeds/lexicon.csv`, and by `inner_capitals` inside of words. The context of a place is bounded, so the
time follows the length of the input.
"""

import polars as pl

from warehouse.normalise.break_places import BULLETS, RULE, add_context, find_places
from warehouse.normalise.break_rules import BLANK, CLOSING_QUOTES, JUDGES, NEW_LINES, Place
from warehouse.normalise.inner_capitals import inner_breaks
from warehouse.normalise.lexicon import BreakWords, set_of

DASHES = "–—-"
FIGURES = "0123456789"
CLEAR_STOP = r"(?:^\p{L}{4}|[0-9]{3}|[^\p{L}0-9])\..$"
KINDS = tuple(JUDGES)
ACRONYM = r"\p{Lu}{2}\p{Ll}$"


def breaks(body: pl.Series, words: BreakWords) -> pl.Series:
    """Find the places where a lost break is restored.

    `body`: String, any length. Returns a series of the same name and length, List[UInt32]: offsets in characters
    (Unicode code points, from 0), strictly rising, each above 0 and below the body's length; an empty list when there
    is none, null for a null body. Nothing is put beside a newline that the body already has.
    """
    quotes, signs, segments = find_places(body)
    places = pl.concat([_kinds_of_quotes(quotes, words), _kinds_of_signs(signs, words)], how="diagonal")
    kind, row, offset = pl.col("kind"), pl.col("row"), pl.col("offset")
    inner = places.filter((kind == "inner") | ((kind == "acronym") & pl.col("ending").str.contains(ACRONYM)))
    judged = [*inner_breaks(inner, segments, body, words), *_judge(places, segments, words)]
    offsets = (
        pl.concat(
            [
                places.filter((kind == "sure") | (kind == "glued_rule")).select("row", "offset"),
                places.filter(kind == "glued_rule").select("row", offset + 1),
                pl.DataFrame(judged, schema={"row": pl.UInt32, "offset": pl.Int64}, orient="row"),
            ]
        )
        .lazy()
        .filter(offset > 0)
        .unique()
        .sort(row.cast(pl.Int64) * 2**32 + offset)
        .group_by("row", maintain_order=True)
        .agg(offset.cast(pl.UInt32))
    )
    none = pl.lit([], dtype=pl.List(pl.UInt32))
    all_offsets = pl.when(pl.col("body").is_not_null()).then(offset.fill_null(none))
    rows = body.to_frame("body").lazy().with_row_index("row").join(offsets, on="row", how="left", maintain_order="left")
    return rows.select(all_offsets.alias(body.name)).collect().to_series()


def _kinds_of_signs(signs: pl.DataFrame, words: BreakWords) -> pl.DataFrame:
    """The places that may be breaks, with `kind`: sure whatever stands around it, inner (inside of a word), or another.

    A kind that has a judge needs one; an acronym is one if it ends like `KISDu`. Of a glued rule both ends are sure.
    """
    before, mark, quoted = pl.col("before"), pl.col("mark"), pl.col("quoted")
    is_capital, is_letter = mark.str.to_lowercase() != mark, before.str.to_uppercase() != before
    exclaimed = before.is_in(set_of("!?…"))
    apart = set_of(BLANK + "".join(NEW_LINES) + RULE)
    is_glued = (before != "") & ~before.is_in(apart) & ~pl.col("after").is_in(apart)
    is_item = (before == ";") | (before.is_in(set_of(".:!?…")) & mark.is_in(set_of(FIGURES)))
    kind = (
        pl.when(mark.is_in(set_of(BULLETS)))
        .then(pl.lit("bullet"))
        .when((mark == RULE) & is_glued)
        .then(pl.lit("glued_rule"))
        .when(mark.is_in(set_of(RULE + "_")))
        .then(pl.lit("rule"))
        .when("titled")
        .then(None)
        .when(is_capital & (before == "."))
        .then(pl.when(_is_clear(words) & ~_may_be_host(words)).then(pl.lit("sure")).otherwise(pl.lit("sentence")))
        .when(is_capital & exclaimed)
        .then(pl.lit("sure"))
        .when(is_capital & ~quoted)
        .then(pl.when(is_letter).then(pl.lit("inner")).otherwise(pl.lit("behind_sign")))
        .when(is_capital)
        .then(None)
        .when(mark.is_in(set_of(DASHES)))
        .then(pl.lit("dash"))
        .when(is_item)
        .then(pl.lit("list_item"))
        .when(~quoted)
        .then(pl.lit("acronym"))
    )
    return signs.lazy().with_columns(kind=kind).filter(pl.col("kind").is_not_null()).collect()


def _kinds_of_quotes(quotes: pl.DataFrame, words: BreakWords) -> pl.DataFrame:
    """The same for quotation marks."""
    before, after, opens = pl.col("before"), pl.col("after"), pl.col("opens")
    kind = (
        pl.when("nested")
        .then(None)
        .when(opens & (before.is_in(set_of("!?")) | ((before == ".") & _is_clear(words))))
        .then(pl.lit("sure"))
        .when(opens & before.is_in(set_of(".:;" + CLOSING_QUOTES)))
        .then(pl.lit("opening_quote"))
        .when(opens)
        .then(None)
        .when(after.str.contains(r"\p{Lu}"))
        .then(pl.lit("closing_quote"))
        .when(after.is_in(set_of("." + FIGURES)))
        .then(pl.lit("figure_behind_quote"))
    )
    return quotes.lazy().with_columns(kind=kind).filter(pl.col("kind").is_not_null()).collect()


def _is_clear(words: BreakWords) -> pl.Expr:
    """Whether a stop is a sentence's by its last few characters alone, as nearly all are."""
    ending = pl.col("ending")
    abbreviated = ending.str.head(4).is_in(set_of(frozenset(form[-4:] for form in words.abbreviation)))
    return ending.str.contains(CLEAR_STOP) & ~abbreviated


def _may_be_host(words: BreakWords) -> pl.Expr:
    """Whether what stands on the right begins like the end of a host name or of a file's."""
    forms = frozenset(form[:3] for form in words.domain)
    short = frozenset(form for form in forms if len(form) < 3)
    onward = pl.col("mark") + pl.col("onward")
    return onward.is_in(set_of(forms)) | onward.str.head(2).is_in(set_of(short))


def _judge(places: pl.DataFrame, segments: pl.Series, words: BreakWords) -> list[tuple[int, int]]:
    """The breaks (row and offset) at places that need a judge."""
    doubtful = places.filter(pl.col("kind").is_in(set_of(KINDS)))
    if doubtful.is_empty():
        return []
    is_rule, quoted = pl.col("kind") == "rule", pl.col("quoted").fill_null(value=False)
    # Only a rule can be as long as its segment.
    of_rule = (pl.when(is_rule).then(name).fill_null("") for name in ("segment", "previous"))
    columns = ("row", "offset", "before", "mark", quoted, "left", "right", *of_rule)
    rows = add_context(doubtful, segments).select("kind", *columns).iter_rows()
    return [(row[1], offset) for row in rows for offset in JUDGES[row[0]](Place(*row[1:]), words)]
