"""Places in bodies where a lost paragraph could begin, with what stands around them.

`warehouse.normalise.paragraphs` judges the places. Their number and the context of each are bounded by the length of
the text.
"""

from typing import NamedTuple

import polars as pl

from warehouse.normalise.lexicon import set_of

CANDIDATE = (  # each alternative ends with the character that the break would come before, but for the second
    r"[\p{Ll}0-9)%.!?…:;]\p{Lu}"
    r"|\p{Lu}\p{Lu}\p{Ll}"  # `KISDuring`: one character earlier
    r"|(?:\p{L}[.:]|[)\]%’›][.]|[!?…])[0-9]"
    r"|[.!?…:;][–—\-]"
    r"|;\S"
    r'|["«»“”„⸻•▪●]'
    r"|_{5,}"
)
ENDING = 6  # characters of a segment that tell most places apart
CONTEXT = 48  # characters looked at on each side of a place: room for a label or the longest host name
SHORT_QUOTATION = 150  # characters; what is longer is speech, in which paragraphs end too
QUOTES = '"«»“”„'
BULLETS = "•▪●"
RULE = "⸻"
SPACES = " \t\n\r\u00a0\u2009\u202f"
IN_PATH = r'(?:(?:://|www\.)[^\s/]*|[\p{L}0-9]\.\p{Ll}{2,6})/[^\s"«»“”„)]*$'
MAILBOX = r"^[A-Za-z0-9._%+\-]+@"
MAILBOX_SO_FAR = r"^[A-Za-z0-9._%+\-]+$"


class BreakPlaces(NamedTuple):
    """The places in bodies that could begin a paragraph, and the text between them.

    `quotes` and `signs` have a row per place, of quotation marks and of anything else: row UInt32 (of the body),
    offset Int64 (characters from the body's first), mark (String, the character at the offset), before and after
    (String, the characters beside it; before is empty where the body begins), onward (String: after and the one behind
    it) and ending (String: the last few characters up to the mark). `quotes` also has opens and nested (Boolean),
    `signs` quoted and titled (Boolean: inside of a quotation, of a short one).

    `segments` (String) is the text cut behind each mark, for `add_context`; place, place_before and
    place_after_next (UInt32) say where in it the text up to a mark stands, that before and the second behind, both
    null where that is another body's.
    """

    quotes: pl.DataFrame
    signs: pl.DataFrame
    segments: pl.Series


def find_places(body: pl.Series) -> BreakPlaces:
    """Find where in bodies (String) a paragraph could begin, but not within URLs and mail addresses."""
    pieces = _pieces(body)
    row, place = pl.col("row"), pl.int_range(pl.len(), dtype=pl.UInt32)
    segments = pieces["segment"]
    places = pieces.select(
        pl.exclude("segment"),
        place=place,
        place_before=pl.when(row == row.shift(1)).then(place - 1),
        place_after_next=pl.when(row == row.shift(-2)).then(place + 2),
    ).filter((row == row.shift(-1)).fill_null(value=False))
    places = _outside_addresses(places, segments)
    is_quote = places.select(pl.any_horizontal(pl.col("mark") == quote for quote in QUOTES)).to_series()
    quotes = _quotations(places.filter(is_quote))
    # Of the quotation marks the nearest before a sign tells whether it is quoted; none is in the first place.
    nearest = is_quote.cum_sum().cast(pl.UInt32).filter(~is_quote)
    marks = pl.concat([quotes.clear(1), quotes]).select("row", "quotation")[nearest]
    quotation = pl.when(marks["row"] == row).then(marks["quotation"])
    signs = places.filter(~is_quote).with_columns(
        quoted=quotation.is_not_null(), titled=(quotation <= SHORT_QUOTATION).fill_null(value=False)
    )
    return BreakPlaces(quotes, signs, segments)


def add_context(places: pl.DataFrame, segments: pl.Series) -> pl.DataFrame:
    """Add left and right (String: up to twice CONTEXT characters; right begins with mark), and the segments of these.

    For the few places that need it: the strings are copies.
    """
    segment, following = pl.col("segment"), pl.col("following")
    return places.with_columns(
        previous=segments.gather(places["place_before"]).fill_null(""),
        segment=segments.gather(places["place"]),
        following=segments.gather(places["place"] + 1),
        next_following=segments.gather(places["place_after_next"]).fill_null(""),
    ).with_columns(
        left=pl.when(segment.str.len_bytes() <= CONTEXT)
        .then(pl.col("previous").str.tail(CONTEXT) + segment.str.head(-1))
        .otherwise(segment.str.tail(CONTEXT + 1).str.head(-1)),
        right=pl.col("mark")
        + following.str.head(CONTEXT)
        + pl.when(following.str.len_bytes() <= CONTEXT)
        .then(pl.col("next_following").str.head(CONTEXT))
        .otherwise(pl.lit("")),
    )


def _pieces(body: pl.Series) -> pl.DataFrame:
    """Split the bodies behind every candidate: one row per segment; the last of each body ends with no mark."""
    text = body.to_frame("body").with_row_index("row").filter(pl.col("body").is_not_null())
    text = text.select(
        "row",
        linked=pl.col("body").str.contains("/", literal=True) | pl.col("body").str.contains("@", literal=True),
        # The newline ends a last match, so that every place has something on its right.
        segment=(pl.col("body") + "\n").str.split(CANDIDATE, literal=False, inclusive=True),
        begin=(pl.col("body").str.len_chars().cast(pl.Int64) + 1).cum_sum().shift(1, fill_value=0),
    ).explode("segment")
    segment, ending, mark = pl.col("segment"), pl.col("ending"), pl.col("mark")
    same_body = pl.col("row") == pl.col("row").shift(1)
    return (
        text.with_columns(
            ending=segment.str.tail(ENDING),
            onward=segment.str.head(2).shift(-1),
            offset=segment.str.len_chars().cast(pl.Int64).cum_sum() - 1 - pl.col("begin"),
        )
        .with_columns(mark=ending.str.tail(1))
        .select(
            "row",
            "linked",
            "segment",
            "ending",
            "mark",
            "onward",
            "offset",
            after=pl.col("onward").str.head(1),
            before=pl.when(ending != mark)
            .then(ending.str.slice(-2, 1))
            .otherwise(pl.when(same_body).then(mark.shift(1)).otherwise(pl.lit(""))),
        )
    )


def _outside_addresses(places: pl.DataFrame, segments: pl.Series) -> pl.DataFrame:
    """Drop what lies in the path of a URL or the name of a mailbox; a host may end at a capital."""
    if not places["linked"].any():
        return places
    first = (pl.col("row") != pl.col("row").shift(1)).fill_null(value=True)
    final = (pl.col("row") != pl.col("row").shift(-1)).fill_null(value=True)
    left, right = pl.col("left"), pl.col("right")
    has_space = left.str.contains(r"\s")
    endless = ~has_space & (left.str.len_chars() >= CONTEXT) & ~left.str.contains("__", literal=True)
    linked = add_context(places.filter("linked"), segments).with_columns(
        in_path=pl.when(left.str.contains(IN_PATH) | endless)
        .then(True)
        .when(has_space | first)
        .then(False)
        .forward_fill(),
        in_mailbox=pl.when(right.str.contains(MAILBOX))
        .then(True)
        .when(~right.str.contains(MAILBOX_SO_FAR) | final)
        .then(False)
        .backward_fill(),
    )
    word_like = ~pl.col("mark").is_in(set_of(QUOTES + BULLETS + RULE + "_"))
    elsewhere = linked.filter(~(word_like & (pl.col("in_path") | pl.col("in_mailbox")))).select(places.columns)
    return pl.concat([places.filter(~pl.col("linked")), elsewhere])


def _quotations(marks: pl.DataFrame) -> pl.DataFrame:
    """Add opens, nested and quotation (Int64: the length of the one that begins here, null where none does)."""
    row, offset, opens = pl.col("row"), pl.col("offset"), pl.col("opens")
    length = pl.when(row == row.shift(-1)).then(offset.shift(-1) - offset)
    length_before = pl.when(row == row.shift(1)).then(offset - offset.shift(1))
    nested = (
        pl.when(opens)
        .then(opens.shift(1) & (length_before <= SHORT_QUOTATION))
        .otherwise(~opens.shift(-1) & (length <= SHORT_QUOTATION))
        .fill_null(value=False)
    )
    return marks.with_columns(_opens(marks).alias("opens")).with_columns(
        nested=nested, quotation=pl.when(opens & ~opens.shift(-1)).then(length)
    )


def _opens(marks: pl.DataFrame) -> pl.Series:
    """Whether each quotation mark opens: a straight one by its neighbours, else by the one before it."""
    after_space = (pl.col("before") == "") | pl.col("before").is_in(set_of(SPACES + "([{"))
    before_end = pl.col("after").is_in(set_of(SPACES + ",.;:!?)]}»…–—-"))
    mark = marks["mark"]
    opens = (mark == "«") | (mark == "„")
    curly, straight = mark == "“", mark == '"'
    if curly.any():  # it closes in „…“
        opens = opens.scatter(curly.arg_true(), marks.filter(curly).select(after_space | ~before_end).to_series())
    if straight.any():
        first = (pl.col("row") != pl.col("row").shift(1)).fill_null(value=True)
        sure = pl.when(after_space & ~before_end).then(1).when(~after_space & before_end).then(-1).when(first).then(1)
        place = pl.int_range(pl.len())
        turns = (
            marks.filter(straight)
            .select(sure=sure)
            .select(
                pl.col("sure").forward_fill(), since=pl.when(pl.col("sure").is_not_null()).then(place).forward_fill()
            )
            .select((pl.col("sure") > 0) == ((place - pl.col("since")) % 2 == 0))
        )
        opens = opens.scatter(straight.arg_true(), turns.to_series())
    return opens
