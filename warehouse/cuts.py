"""Cut bodies wherever a lost paragraph could begin, and say what stands around each cut.

`warehouse.paragraphs` judges the cuts. Their number and the context kept of each are bounded by the length of
the text.
"""

import polars as pl

CANDIDATE = (  # each alternative ends with the character that the break would come before, but for the second
    r"[\p{Ll}0-9)%.!?…:;]\p{Lu}"
    r"|\p{Lu}\p{Lu}\p{Ll}"  # `KISDuring`: one character earlier
    r"|\p{Ll}[.:][0-9]"
    r"|[.!?…:;][–—\-]"
    r"|;\S"
    r'|["«»“”„⸻•▪●]'
    r"|_{5,}"
)
CONTEXT = 48  # characters looked at on each side of a cut: room for a label or the longest host name
SHORT_QUOTATION = 150  # characters; what is longer is speech, in which paragraphs end too
QUOTES = ['"', "«", "»", "“", "”", "„"]
BULLETS = ["•", "▪", "●"]
RULE = "⸻"
SPACES = [*" \t\n\r\u00a0\u2009\u202f"]
BEFORE_OPENING = ["", *SPACES, *"([{"]
AFTER_CLOSING = [*SPACES, *",.;:!?)]}»…–—-"]
IN_PATH = r'(?:(?:://|www\.)[^\s/]*|[\p{L}0-9]\.\p{Ll}{2,6})/[^\s"«»“”„)]*$'
MAILBOX = r"^[A-Za-z0-9._%+\-]+@"
MAILBOX_SO_FAR = r"^[A-Za-z0-9._%+\-]+$"


def cut(body: pl.Series) -> pl.DataFrame:
    """Give one row per place in the bodies (String) that could begin a paragraph.

    Columns: row UInt32 (of the body), offset Int64 (characters from the body's first), mark (String, the
    character at the offset), opens and nested (Boolean, null where mark is no quotation mark), quoted and
    titled (Boolean: inside of a quotation, of a short one), and for `with_context` the segments previous,
    segment and following (String: the text between the cuts; the segment ends with mark). Places within URLs
    and mail addresses are left out.
    """
    return _outside_addresses(_with_quotations(_cut(body)))


def with_context(cuts: pl.DataFrame) -> pl.DataFrame:
    """Add left and right (String: up to twice CONTEXT characters; right begins with mark) to rows of `cut`.

    Meant for the few cuts that need it: the strings are copies.
    """
    segment, following = pl.col("segment"), pl.col("following")
    return cuts.with_columns(
        left=pl.when(segment.str.len_bytes() <= CONTEXT)
        .then(pl.col("previous").fill_null("").str.tail(CONTEXT) + segment.str.head(-1))
        .otherwise(segment.str.tail(CONTEXT + 1).str.head(-1)),
        right=pl.col("mark")
        + following.str.head(CONTEXT)
        + pl.when(following.str.len_bytes() <= CONTEXT)
        .then(pl.col("next_following").fill_null("").str.head(CONTEXT))
        .otherwise(pl.lit("")),
    )


def _cut(body: pl.Series) -> pl.DataFrame:
    text = body.to_frame("body").with_row_index("row").filter(pl.col("body").is_not_null())
    text = text.select(
        "row",
        linked=pl.col("body").str.contains("/", literal=True) | pl.col("body").str.contains("@", literal=True),
        # The newline ends a last match, so that every cut has something on its right.
        segment=(pl.col("body") + "\n").str.split(CANDIDATE, literal=False, inclusive=True),
        begin=(pl.col("body").str.len_chars().cast(pl.Int64) + 1).cum_sum().shift(1, fill_value=0),
    ).explode("segment")
    row, segment = pl.col("row"), pl.col("segment")
    return (
        text.with_columns(
            end=segment.str.len_chars().cast(pl.Int64).cum_sum(),
            previous=pl.when(row == row.shift(1)).then(segment.shift(1)),
            following=segment.shift(-1),
            next_following=pl.when(row == row.shift(-2)).then(segment.shift(-2)),
        )
        .filter((row == row.shift(-1)).fill_null(value=False))
        .select(
            "row",
            "linked",
            "previous",
            "segment",
            "following",
            "next_following",
            offset=pl.col("end") - 1 - pl.col("begin"),
            mark=segment.str.tail(1),
        )
    )


def _outside_addresses(cuts: pl.DataFrame) -> pl.DataFrame:
    """Drop what lies in the path of a URL or the name of a mailbox; a host may end at a capital."""
    first = (pl.col("row") != pl.col("row").shift(1)).fill_null(value=True)
    final = (pl.col("row") != pl.col("row").shift(-1)).fill_null(value=True)
    left, right = pl.col("left"), pl.col("right")
    endless = ~left.str.contains(r"\s") & (left.str.len_chars() >= CONTEXT) & ~left.str.contains("__", literal=True)
    linked = with_context(cuts.filter("linked")).with_columns(
        in_path=pl.when(left.str.contains(IN_PATH) | endless)
        .then(True)
        .when(left.str.contains(r"\s") | first)
        .then(False)
        .forward_fill(),
        in_mailbox=pl.when(right.str.contains(MAILBOX))
        .then(True)
        .when(~right.str.contains(MAILBOX_SO_FAR) | final)
        .then(False)
        .backward_fill(),
    )
    word_like = ~pl.col("mark").is_in([*QUOTES, *BULLETS, RULE, "_"])
    elsewhere = linked.filter(~(word_like & (pl.col("in_path") | pl.col("in_mailbox")))).select(cuts.columns)
    return pl.concat([cuts.filter(~pl.col("linked")), elsewhere])


def _with_quotations(cuts: pl.DataFrame) -> pl.DataFrame:
    row, offset = pl.col("row"), pl.col("offset")
    is_mark = cuts["mark"].is_in(QUOTES)
    marks = cuts.filter(is_mark)
    marks = marks.select("row", "offset", opens=_opens(marks))
    opens_after, opens_before = pl.col("opens").shift(-1), pl.col("opens").shift(1)
    length = pl.when(row == row.shift(-1)).then(offset.shift(-1) - offset)
    length_before = pl.when(row == row.shift(1)).then(offset - offset.shift(1))
    marks = marks.with_columns(
        quotation=pl.when(pl.col("opens") & ~opens_after).then(length),
        nested=pl.when(pl.col("opens"))
        .then(opens_before & (length_before <= SHORT_QUOTATION))
        .otherwise(~opens_after & (length <= SHORT_QUOTATION))
        .fill_null(value=False),
    )
    nearest = is_mark.cum_sum().cast(pl.UInt32)  # 0 where no mark stands before, else one more than its place
    marks = pl.concat([marks.clear(1), marks])
    quotation = pl.when(marks["row"].gather(nearest) == row).then(marks["quotation"].gather(nearest))
    return cuts.with_columns(
        opens=pl.when(is_mark).then(marks["opens"].gather(nearest)),
        nested=pl.when(is_mark).then(marks["nested"].gather(nearest)),
        quotation=quotation,
    ).with_columns(
        quoted=pl.col("quotation").is_not_null(),
        titled=(pl.col("quotation") <= SHORT_QUOTATION).fill_null(value=False),
    )


def _opens(marks: pl.DataFrame) -> pl.Series:
    """Whether each quotation mark opens: a straight one by its neighbours, else by the one before it."""
    row, mark = pl.col("row"), pl.col("mark")
    earlier = (pl.col("previous").fill_null("").str.tail(1) + pl.col("segment").str.tail(2)).str.head(-1).str.tail(1)
    spaced = earlier.is_in(BEFORE_OPENING)
    ended = pl.col("following").str.head(1).is_in(AFTER_CLOSING)
    first = (row != row.shift(1)).fill_null(value=True)
    sure = pl.when(spaced & ~ended).then(1).when(~spaced & ended).then(-1).when(first).then(1)
    straight = (
        marks.filter(mark == '"')
        .select("row", sure=sure, place=pl.int_range(pl.len()))
        .with_columns(since=pl.when(pl.col("sure").is_not_null()).then(pl.col("place")).forward_fill())
        .select((pl.col("sure").forward_fill() > 0) == ((pl.col("place") - pl.col("since")) % 2 == 0))
        .to_series()
    )
    is_straight = mark == '"'
    turn = marks.select(pl.when(is_straight).then(is_straight.cum_sum() - 1)).to_series()
    return marks.select(
        pl.when(is_straight)
        .then(straight[turn])
        .when(mark == "“")
        .then(spaced | ~ended)  # it closes in „…“
        .otherwise(mark.is_in(["«", "„"]))
        .alias("opens")
    ).to_series()
